package io.sekisho.console.flows;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Sheet;
import java.util.List;
import java.util.Optional;

/** One pod: as Kubernetes has it, as the agent realizes it, and what happened to it. */
record PodPage(Selected.Pod pod) implements Page {
  private record Key(
      Selected.Pod pod,
      Optional<KubernetesObjects.Pod> told,
      Optional<Endpoint> endpoint,
      List<KubernetesObjects.Event> events) {}

  @Override
  public Object key(Scope scope, ClusterSession session) {
    return new Key(pod, told(session), endpoint(session), Happenings.of(session, pod.key()));
  }

  private Optional<KubernetesObjects.Pod> told(ClusterSession session) {
    return session.kubernetes().flatMap(k -> k.objects().pod(pod.namespace(), pod.name()));
  }

  private Optional<Endpoint> endpoint(ClusterSession session) {
    return session.inventory().endpoints().values().stream()
        .filter(e -> e.getNamespace().equals(pod.namespace()) && e.getPod().equals(pod.name()))
        .findFirst();
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
              sheet.pair(Texts.flow_node, p::node);
              sheet.pair(Texts.pod_addresses, () -> String.join(" ", p.addresses()));
              sheet.pair(Texts.pod_restarts, () -> Format.count(p.restarts()));
            });
    Optional<Endpoint> endpoint = endpoint(session);
    sheet.pair(Texts.pod_endpoint, () -> endpoint.map(PodPage::words).orElse(Format.UNKNOWN));
    endpoint.ifPresent(e -> sheet.pair(Texts.flow_identity, () -> String.valueOf(e.getIdentity())));
    sheet.gap();
    sheet.finding(
        Icons.FORWARDED,
        sheet.look().theme().accent(),
        pod.workload(),
        () -> Texts.pod_workload,
        () -> scope.select(new Selected.Workload(pod.key())));
    Happenings.write(sheet, Happenings.of(session, pod.key()));
  }

  private static String state(KubernetesObjects.Pod p) {
    String word = p.ready() ? Texts.pod_ready : p.phase();
    return p.why().isEmpty() ? word : word + ", " + p.why();
  }

  private static String words(Endpoint endpoint) {
    return endpoint.getNode() + "/" + endpoint.getId();
  }
}
