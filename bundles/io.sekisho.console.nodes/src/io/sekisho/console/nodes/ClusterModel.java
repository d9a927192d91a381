package io.sekisho.console.nodes;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Clusters;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.Link;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Selected;
import io.sekisho.flow.ServiceGraph;
import java.util.ArrayList;
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
   */
  record Row(
      String key,
      String name,
      String value,
      Mark mark,
      boolean strong,
      Optional<Selected> select,
      String cluster,
      List<Row> children) {}

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
    Map<String, Integer> pods = new TreeMap<>();
    for (Endpoint endpoint : session.inventory().endpoints().values()) {
      pods.merge(endpoint.getNamespace(), 1, Integer::sum);
    }
    Set<String> troubled = troubled(session.traffic());
    List<Row> spaces =
        pods.entrySet().stream()
            .map(e -> space(name, e.getKey(), e.getValue(), troubled.contains(e.getKey())))
            .toList();
    List<Row> machines = nodes.values().stream().map(n -> machine(session, n)).toList();
    int all = pods.values().stream().mapToInt(Integer::intValue).sum();
    boolean up = session.link() instanceof Link.Connected;
    return new Row(
        name,
        name,
        up ? Format.counted(all, Texts.pods) : Texts.off,
        up ? Mark.GOOD : session.link() instanceof Link.Connecting ? Mark.UNKNOWN : Mark.TROUBLE,
        true,
        Optional.of(new Selected.Nothing()),
        name,
        List.of(group(name, Texts.namespaces, spaces), group(name, Texts.nodes, machines)));
  }

  private static Row group(String cluster, String title, List<Row> rows) {
    return new Row(
        title, title, Format.count(rows.size()), Mark.NONE, false, Optional.empty(), cluster, rows);
  }

  private static Row space(String cluster, String name, int pods, boolean trouble) {
    return new Row(
        name,
        name,
        Format.count(pods),
        trouble ? Mark.TROUBLE : Mark.GOOD,
        false,
        Optional.of(new Selected.Namespace(name)),
        cluster,
        List.of());
  }

  private static Row machine(ClusterSession session, Node node) {
    boolean silent = session.silent().containsKey(node.getName());
    Mark mark =
        silent
            ? Mark.TROUBLE
            : switch (node.getState()) {
              case READY -> Mark.GOOD;
              case DEGRADED -> Mark.DEGRADED;
              case GONE -> Mark.TROUBLE;
              default -> Mark.UNKNOWN;
            };
    return new Row(
        node.getName(),
        node.getName(),
        silent ? Texts.state_silent : NodeWords.shortState(node),
        mark,
        false,
        Optional.of(new Selected.Node(node.getName())),
        session.profile().name(),
        List.of());
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
