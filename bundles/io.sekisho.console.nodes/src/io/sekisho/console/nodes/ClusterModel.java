package io.sekisho.console.nodes;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Clusters;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.Link;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.NodeTroubles;
import io.sekisho.console.ui.NodeTroubles.Trouble;
import io.sekisho.console.ui.PathEnds;
import io.sekisho.console.ui.Selected;
import io.sekisho.flow.ServiceGraph;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the tree of clusters shows, as plain rows; made from snapshots. */
final class ClusterModel {
  /** How a row is marked. */
  enum Mark {
    NONE,
    GOOD,
    DEGRADED,
    TROUBLE,
    UNKNOWN
  }

  /**
   * A row.
   *
   * @param key unique among its siblings
   * @param name first column
   * @param value second column
   * @param select what selecting it selects
   * @param cluster the cluster it belongs to
   * @param children rows below
   * @param lazy whether the rows below are only made while they can be seen
   * @param path what a path can begin or end at here; empty texts where it can't
   */
  record Row(
      String key,
      String name,
      String value,
      Mark mark,
      boolean strong,
      Optional<Selected> select,
      String cluster,
      List<Row> children,
      boolean lazy,
      PathEnds path) {
    Row(
        String key,
        String name,
        String value,
        Mark mark,
        boolean strong,
        Optional<Selected> select,
        String cluster,
        List<Row> children) {
      this(key, name, value, mark, strong, select, cluster, children, false, NOWHERE);
    }
  }

  private static final PathEnds NOWHERE = new PathEnds("", "");

  /** Pods that a namespace shows. */
  private static final int MOST_PODS = 200;

  private ClusterModel() {}

  static List<Row> rows(Clusters clusters) {
    List<Row> rows = new ArrayList<>();
    for (ConnectionProfile profile : clusters.profiles()) {
      Optional<ClusterSession> session = clusters.session(profile.name());
      rows.add(session.map(ClusterModel::open).orElseGet(() -> closed(profile.name())));
    }
    return rows;
  }

  private static Row closed(String name) {
    return new Row(name, name, Texts.off, Mark.UNKNOWN, true, Optional.empty(), name, List.of());
  }

  private static Row open(ClusterSession session) {
    String name = session.profile().name();
    Map<String, Node> nodes = new TreeMap<>(session.inventory().nodes());
    Map<String, List<Endpoint>> pods = new TreeMap<>();
    for (Endpoint endpoint : session.inventory().endpoints().values()) {
      pods.computeIfAbsent(endpoint.getNamespace(), n -> new ArrayList<>()).add(endpoint);
    }
    Set<String> troubled = troubled(session.traffic());
    List<Row> spaces =
        pods.entrySet().stream()
            .map(e -> space(name, e.getKey(), e.getValue(), troubled.contains(e.getKey())))
            .toList();
    List<Trouble> troubles = NodeTroubles.of(session.inventory());
    List<Row> machines =
        new ArrayList<>(nodes.values().stream().map(n -> machine(session, n, troubles)).toList());
    int all = pods.values().stream().mapToInt(List::size).sum();
    List<Row> groups = new ArrayList<>();
    KubernetesObjects objects = session.objects();
    if (!objects.namespaces().isEmpty() || !objects.pods().isEmpty()) {
      KubernetesRows kubernetes = new KubernetesRows(name, objects, troubled);
      spaces = kubernetes.namespaces();
      machines.addAll(kubernetes.nodesWithoutAgent(nodes.keySet()));
      List<Row> policies = kubernetes.clusterPolicies();
      if (!policies.isEmpty()) {
        groups.add(group(name, Texts.cluster_policies, policies));
      }
    }
    groups.addFirst(group(name, Texts.namespaces, spaces));
    groups.add(group(name, Texts.nodes, machines));
    session
        .kubernetes()
        .ifPresent(k -> groups.addAll(KubernetesRows.troubles(name, k.state(), objects)));
    boolean up = session.link() instanceof Link.Connected;
    return new Row(
        name,
        name,
        up ? Format.counted(all, Texts.pods) : Texts.off,
        up ? Mark.GOOD : session.link() instanceof Link.Connecting ? Mark.UNKNOWN : Mark.TROUBLE,
        true,
        Optional.of(new Selected.Nothing()),
        name,
        groups);
  }

  private static Row group(String cluster, String title, List<Row> rows) {
    return new Row(
        title, title, Format.count(rows.size()), Mark.NONE, false, Optional.empty(), cluster, rows);
  }

  private static Row space(String cluster, String name, List<Endpoint> pods, boolean trouble) {
    List<Row> rows = new ArrayList<>();
    pods.stream()
        .sorted(Comparator.comparing(Endpoint::getPod))
        .limit(MOST_PODS)
        .forEach(p -> rows.add(pod(cluster, p)));
    if (pods.size() > MOST_PODS) {
      String more = Texts.bind(Texts.more_pods, Format.count(pods.size() - MOST_PODS));
      rows.add(new Row("+", more, "", Mark.NONE, false, Optional.empty(), cluster, List.of()));
    }
    return new Row(
        name,
        name,
        Format.count(pods.size()),
        trouble ? Mark.TROUBLE : Mark.GOOD,
        false,
        Optional.of(new Selected.Namespace(name)),
        cluster,
        rows,
        true,
        NOWHERE);
  }

  private static Row pod(String cluster, Endpoint pod) {
    String name = pod.getNamespace() + "/" + pod.getPod();
    return new Row(
        pod.getNode() + "/" + pod.getId(),
        pod.getPod(),
        pod.getNode(),
        switch (pod.getState()) {
          case ENDPOINT_READY -> Mark.GOOD;
          case ENDPOINT_FAILED -> Mark.TROUBLE;
          default -> Mark.UNKNOWN;
        },
        false,
        Optional.of(new Selected.Workload(pod.getNamespace() + "/" + pod.getWorkload())),
        cluster,
        List.of(),
        false,
        new PathEnds(name, name));
  }

  private static Row machine(ClusterSession session, Node node, List<Trouble> troubles) {
    Standing standing = standing(session, node, troubles);
    return new Row(
        node.getName(),
        node.getName(),
        standing.words(),
        standing.mark(),
        false,
        Optional.of(new Selected.Node(node.getName())),
        session.profile().name(),
        List.of(),
        false,
        new PathEnds("", node.getAddressesCount() == 0 ? "" : node.getAddresses(0)));
  }

  /** How a node is, in a word. */
  private record Standing(Mark mark, String words) {}

  private static Standing standing(ClusterSession session, Node node, List<Trouble> troubles) {
    if (session.silent().containsKey(node.getName())) {
      return new Standing(Mark.TROUBLE, Texts.state_silent);
    }
    String words = NodeWords.shortState(node);
    Optional<Trouble> way =
        troubles.stream().filter(t -> t.node().equals(node.getName())).findFirst();
    return switch (node.getState()) {
      case READY ->
          way.map(
                  t ->
                      t.error()
                          ? new Standing(Mark.TROUBLE, Texts.state_cut)
                          : new Standing(Mark.DEGRADED, Texts.state_lossy))
              .orElse(new Standing(Mark.GOOD, words));
      case DEGRADED -> new Standing(Mark.DEGRADED, words);
      case GONE -> new Standing(Mark.TROUBLE, words);
      default -> new Standing(Mark.UNKNOWN, words);
    };
  }

  private static Set<String> troubled(ServiceGraph graph) {
    Set<String> spaces = new HashSet<>();
    for (ServiceGraph.Edge edge : graph.edges()) {
      if (edge.droppedRate() > 0 && !edge.stale()) {
        spaces.add(namespace(edge.serverKey()));
      }
    }
    for (ServiceGraph.Node node : graph.nodes()) {
      if (node.ready() < node.pods()) {
        spaces.add(node.party().namespace());
      }
    }
    return spaces;
  }

  private static String namespace(String key) {
    return key.substring(0, Math.max(0, key.indexOf('/')));
  }
}
