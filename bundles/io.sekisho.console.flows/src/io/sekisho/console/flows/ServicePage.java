package io.sekisho.console.flows;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Pod;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Service;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Sheet;
import java.util.List;
import java.util.Optional;

/** A service: its addresses and ports, and the pods behind it. */
record ServicePage(Selected.Service service) implements Page {
  private static final int MOST = 12;

  private record Key(Selected.Service service, Optional<Service> told, List<Pod> pods) {}

  @Override
  public Object key(Scope scope, ClusterSession session) {
    return new Key(service, told(session), pods(session));
  }

  private Optional<Service> told(ClusterSession session) {
    return session.objects().service(service.namespace(), service.name());
  }

  private List<Pod> pods(ClusterSession session) {
    return told(session).map(s -> session.objects().behind(s)).orElse(List.of());
  }

  @Override
  public void write(Sheet sheet, Scope scope, ClusterSession session) {
    sheet.title(service.name());
    sheet.faint(service.namespace());
    Optional<Service> told = told(session);
    if (told.isEmpty()) {
      sheet.faint(Texts.service_gone);
      return;
    }
    Service now = told.get();
    sheet.gap();
    sheet.pair(Texts.service_type, now::type);
    sheet.pair(Texts.pod_addresses, () -> String.join(" ", now.addresses()));
    sheet.pair(Texts.service_ports, () -> String.join(" ", now.ports()));
    List<Pod> pods = pods(session);
    long ready = pods.stream().filter(Pod::ready).count();
    sheet.gap();
    sheet.small(Texts.service_pods + ", " + Texts.bind(Texts.work_ready, ready, pods.size()));
    for (Pod pod : pods.subList(0, Math.min(MOST, pods.size()))) {
      sheet.item(
          pod.name(),
          () -> pod.ready() ? pod.node() : pod.why().isEmpty() ? pod.phase() : pod.why(),
          () -> scope.select(new Selected.Pod(pod.namespace(), pod.name(), pod.workload())));
    }
    if (pods.size() > MOST) {
      sheet.small(Texts.bind(Texts.attention_other, Format.count(pods.size() - MOST)));
    }
    sheet.gap();
    Actions.flows(sheet);
  }
}
