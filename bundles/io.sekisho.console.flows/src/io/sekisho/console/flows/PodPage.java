package io.sekisho.console.flows;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EndpointState;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Service;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Sheet;
import io.sekisho.policy.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One pod: as Kubernetes has it, as the agent realizes it, and what happened to it. */
record PodPage(Selected.Pod pod, Selecting selecting) implements Page {
  private static final int MOST = 6;

  private record Key(
      Selected.Pod pod,
      Optional<KubernetesObjects.Pod> told,
      Optional<Endpoint> endpoint,
      List<Service> services,
      Optional<List<Selecting.Selects>> policies,
      List<KubernetesObjects.Event> events) {}

  @Override
  public Object key(Scope scope, ClusterSession session) {
    return new Key(
        pod,
        told(session),
        endpoint(session),
        services(session),
        policies(session),
        Happenings.of(session, pod.key()));
  }

  private Optional<KubernetesObjects.Pod> told(ClusterSession session) {
    return session.objects().pod(pod.namespace(), pod.name());
  }

  private Optional<Endpoint> endpoint(ClusterSession session) {
    return session.inventory().endpoints().values().stream()
        .filter(e -> e.getNamespace().equals(pod.namespace()) && e.getPod().equals(pod.name()))
        .findFirst();
  }

  private List<Service> services(ClusterSession session) {
    return told(session)
        .map(p -> session.objects().services().stream().filter(s -> s.selects(p)).toList())
        .orElse(List.of());
  }

  /** Empty until it is known. */
  private Optional<List<Selecting.Selects>> policies(ClusterSession session) {
    return labels(session).flatMap(l -> selecting.of(session, l));
  }

  /** Those of its identity; else those that its endpoint or its pod tells. */
  private Optional<Labels> labels(ClusterSession session) {
    Optional<Endpoint> endpoint = endpoint(session);
    Optional<Labels> known =
        endpoint.flatMap(e -> session.inventory().named().labels(e.getIdentity()));
    if (known.isPresent()) {
      return known;
    }
    List<String> texts = new ArrayList<>();
    endpoint.ifPresent(e -> texts.addAll(e.getLabelsList()));
    if (texts.isEmpty()) {
      told(session).ifPresent(p -> p.labels().forEach((k, v) -> texts.add("k8s:" + k + "=" + v)));
    }
    if (endpoint.isEmpty() && told(session).isEmpty()) {
      return Optional.empty();
    }
    texts.add("k8s:" + Labels.NAMESPACE + "=" + pod.namespace());
    try {
      return Optional.of(Labels.of(texts));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // labels that can't be read select nobody
    }
  }

  @Override
  public void write(Sheet sheet, Scope scope, ClusterSession session) {
    sheet.title(pod.name());
    sheet.faint(pod.namespace());
    sheet.gap();
    told(session)
        .ifPresent(
            p -> {
              sheet.pair(Texts.pod_state, () -> state(p));
              sheet.pair(Texts.pod_addresses, () -> String.join(" ", p.addresses()));
              sheet.pair(Texts.pod_restarts, () -> Format.count(p.restarts()));
            });
    endpoint(sheet, endpoint(session));
    sheet.gap();
    links(sheet, scope, session);
    sheet.gap();
    Actions.look(sheet, scope, session);
    Actions.reach(sheet, session);
    Happenings.write(sheet, Happenings.of(session, pod.key()));
    policies(sheet, session);
  }

  private static void endpoint(Sheet sheet, Optional<Endpoint> endpoint) {
    sheet.pair(Texts.pod_endpoint, () -> endpoint.map(PodPage::words).orElse(Format.UNKNOWN));
    endpoint.ifPresent(
        e -> {
          sheet.pair(Texts.flow_identity, () -> String.valueOf(e.getIdentity()));
          sheet.pair(Texts.pod_enforced, () -> enforced(e));
          sheet.pair(
              Texts.node_revision,
              () ->
                  e.getRealizedRevision() == 0
                      ? Format.NONE
                      : Format.count(e.getRealizedRevision()));
        });
  }

  private static String enforced(Endpoint e) {
    List<String> words = new ArrayList<>();
    if (e.getIngressEnforced()) {
      words.add(Texts.direction_in);
    }
    if (e.getEgressEnforced()) {
      words.add(Texts.direction_out);
    }
    if (e.getAudited()) {
      words.add(Texts.verdict_audited);
    }
    return words.isEmpty() ? Format.NONE : String.join(", ", words);
  }

  /** Where it belongs to. */
  private void links(Sheet sheet, Scope scope, ClusterSession session) {
    sheet.link(
        Texts.pod_workload, pod.workload(), () -> scope.select(new Selected.Workload(pod.key())));
    String node =
        endpoint(session)
            .map(Endpoint::getNode)
            .or(() -> told(session).map(KubernetesObjects.Pod::node))
            .orElse("");
    if (!node.isEmpty()) {
      sheet.link(Texts.pod_node, node, () -> scope.select(new Selected.Node(node)));
    }
    for (Service service : services(session)) {
      sheet.link(
          Texts.pod_service,
          service.name(),
          () -> scope.select(Selected.Service.of(service, session.objects().behind(service))));
    }
  }

  private void policies(Sheet sheet, ClusterSession session) {
    sheet.gap();
    Optional<List<Selecting.Selects>> known = policies(session);
    List<Selecting.Selects> all = known.orElse(List.of());
    sheet.small(
        known.isEmpty()
            ? Texts.pod_policies + ": " + Format.UNKNOWN
            : all.isEmpty() ? Texts.pod_no_policies : Texts.pod_policies);
    for (Selecting.Selects each : all.subList(0, Math.min(MOST, all.size()))) {
      sheet.finding(
          Icons.GOOD,
          sheet.look().theme().accent(),
          each.title(),
          () -> words(each),
          () -> Actions.open(each));
    }
    if (all.size() > MOST) {
      sheet.small(Texts.bind(Texts.attention_other, all.size() - MOST));
    }
  }

  private static String words(Selecting.Selects policy) {
    String directions =
        policy.directions().stream().map(Actions::word).collect(Collectors.joining(", "));
    return directions.isEmpty() ? policy.kind() : policy.kind() + ", " + directions;
  }

  private static String state(KubernetesObjects.Pod p) {
    String word = p.ready() ? Texts.pod_ready : p.phase();
    return p.why().isEmpty() ? word : word + ", " + p.why();
  }

  private static String words(Endpoint endpoint) {
    String name = endpoint.getNode() + "/" + endpoint.getId();
    return endpoint.getState() == EndpointState.ENDPOINT_READY || endpoint.getMessage().isEmpty()
        ? name
        : name + ", " + endpoint.getMessage();
  }
}
