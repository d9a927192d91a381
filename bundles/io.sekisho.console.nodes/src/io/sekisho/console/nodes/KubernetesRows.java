package io.sekisho.console.nodes;

import io.sekisho.console.core.kubernetes.ApiState;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Node;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Pod;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Policy;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Service;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Workload;
import io.sekisho.console.nodes.ClusterModel.Mark;
import io.sekisho.console.nodes.ClusterModel.Row;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.PathEnds;
import io.sekisho.console.ui.Selected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the API server tells of a cluster, as rows of the tree: namespaces with their workloads,
 * pods, services and policies; made from a snapshot.
 */
final class KubernetesRows {
  /** Keys of policies begin with it; the kind and {@code namespace/name} follow. */
  static final String POLICY = "policy ";

  private static final PathEnds NOWHERE = new PathEnds("", "");

  private final String cluster;
  private final KubernetesObjects objects;
  private final Set<String> troubled;
  private final Map<String, List<Pod>> pods;
  private final Map<String, List<Pod>> byNamespace;

  /** How many kinds of policies have a name. */
  private final Map<String, Long> kinds;

  KubernetesRows(String cluster, KubernetesObjects objects, Set<String> troubled) {
    this.cluster = cluster;
    this.objects = objects;
    this.troubled = troubled;
    pods = objects.byWorkload();
    byNamespace = objects.pods().stream().collect(Collectors.groupingBy(Pod::namespace));
    kinds =
        objects.policies().stream()
            .collect(Collectors.groupingBy(p -> p.ref().title(), Collectors.counting()));
  }

  /** Namespaces in alphabetical order, then policies of the whole cluster if there are any. */
  List<Row> namespaces() {
    Map<String, List<Row>> byName = new TreeMap<>();
    objects.namespaces().forEach(n -> byName.put(n, new ArrayList<>()));
    objects.workloads().forEach(w -> rows(byName, w.namespace()).add(workload(w)));
    objects.services().forEach(s -> rows(byName, s.namespace()).add(service(s)));
    objects.policies().stream()
        .filter(p -> !p.ref().namespace().isEmpty())
        .forEach(p -> rows(byName, p.ref().namespace()).add(policy(p)));
    return byName.entrySet().stream().map(e -> namespace(e.getKey(), e.getValue())).toList();
  }

  private static List<Row> rows(Map<String, List<Row>> byName, String namespace) {
    return byName.computeIfAbsent(namespace, n -> new ArrayList<>());
  }

  private Row namespace(String name, List<Row> rows) {
    int count = byNamespace.getOrDefault(name, List.of()).size();
    return new Row(
        name,
        name,
        Format.count(count),
        troubled.contains(name) ? Mark.TROUBLE : Mark.GOOD,
        false,
        Optional.of(new Selected.Namespace(name)),
        cluster,
        rows,
        true,
        NOWHERE);
  }

  private Row workload(Workload workload) {
    List<Pod> own = pods.getOrDefault(workload.key(), List.of());
    long ready = own.stream().filter(Pod::ready).count();
    long wanted = workload.wanted() < 0 ? own.size() : workload.wanted();
    boolean whole = ready >= wanted;
    return new Row(
        workload.kind() + " " + workload.name(),
        workload.name(),
        whole ? Format.count(own.size()) : Texts.bind(Texts.ready_of, ready, wanted),
        whole ? Mark.GOOD : ready == 0 ? Mark.TROUBLE : Mark.DEGRADED,
        false,
        Optional.of(new Selected.Workload(workload.key())),
        cluster,
        own.stream().map(this::pod).toList(),
        true,
        NOWHERE);
  }

  private Row pod(Pod pod) {
    String name = pod.namespace() + "/" + pod.name();
    boolean done = pod.phase().equals("Succeeded");
    return new Row(
        "pod " + pod.name(),
        pod.name(),
        pod.ready() || pod.why().isEmpty() ? pod.node() : pod.why(),
        pod.ready() ? Mark.GOOD : done ? Mark.UNKNOWN : Mark.TROUBLE,
        false,
        Optional.of(new Selected.Pod(pod.namespace(), pod.name(), pod.workload())),
        cluster,
        List.of(),
        false,
        new PathEnds(name, name));
  }

  private Row service(Service service) {
    List<Pod> behind =
        byNamespace.getOrDefault(service.namespace(), List.of()).stream()
            .filter(service::selects)
            .toList();
    long ready = behind.stream().filter(Pod::ready).count();
    boolean empty = ready == 0 && !service.selector().isEmpty();
    String address = service.addresses().isEmpty() ? "" : service.addresses().getFirst();
    return new Row(
        "service " + service.name(),
        Texts.bind(Texts.service_row, service.name(), String.join(" ", service.ports())),
        empty ? Texts.no_pods : Format.count(ready),
        empty ? Mark.DEGRADED : Mark.NONE,
        false,
        Optional.of(Selected.Service.of(service, behind)),
        cluster,
        List.of(),
        false,
        new PathEnds("", address.equals("None") ? "" : address));
  }

  private Row policy(Policy policy) {
    return new Row(
        POLICY + policy.ref().kind() + " " + policy.ref().title(),
        words(policy),
        "",
        Mark.NONE,
        false,
        Optional.empty(),
        cluster,
        List.of());
  }

  /** The name; with the kind where another kind has the same name. */
  private String words(Policy policy) {
    String name = policy.ref().name();
    return kinds.getOrDefault(policy.ref().title(), 1L) == 1
        ? Texts.bind(Texts.policy_row, name)
        : Texts.bind(Texts.policy_row_kind, name, policy.ref().kind());
  }

  /** Policies of the whole cluster. */
  List<Row> clusterPolicies() {
    return objects.policies().stream()
        .filter(p -> p.ref().namespace().isEmpty())
        .map(this::policy)
        .toList();
  }

  /** Nodes where no agent has told of itself. */
  List<Row> nodesWithoutAgent(Set<String> known) {
    return objects.nodes().stream().filter(n -> !known.contains(n.name())).map(this::node).toList();
  }

  /** That the API server does not answer, and what is not shown, each with the reason. */
  static List<Row> troubles(String cluster, ApiState state, KubernetesObjects objects) {
    List<Row> rows = new ArrayList<>();
    if (state instanceof ApiState.Failed f) {
      String since = Texts.bind(Texts.api_since, Format.minute(f.sinceMillis() / 1000));
      rows.add(line(cluster, f.message(), since, Mark.TROUBLE, List.of()));
    }
    if (!objects.missing().isEmpty()) {
      List<Row> reasons =
          objects.missing().stream()
              .map(m -> line(cluster, m, "", Mark.UNKNOWN, List.of()))
              .toList();
      String count = Format.count(reasons.size());
      rows.add(line(cluster, Texts.not_shown, count, Mark.NONE, reasons));
    }
    return rows;
  }

  private static Row line(
      String cluster, String text, String value, Mark mark, List<Row> children) {
    return new Row(
        text, text, value, mark, false, Optional.empty(), cluster, children, true, NOWHERE);
  }

  private Row node(Node node) {
    return new Row(
        node.name(),
        node.name(),
        Texts.no_agent,
        Mark.DEGRADED,
        false,
        Optional.of(new Selected.Node(node.name())),
        cluster,
        List.of(),
        false,
        new PathEnds("", node.addresses().isEmpty() ? "" : node.addresses().getFirst()));
  }
}
