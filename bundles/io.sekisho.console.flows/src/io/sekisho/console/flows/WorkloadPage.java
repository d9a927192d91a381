package io.sekisho.console.flows;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EndpointState;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Sheet;
import io.sekisho.console.ui.Theme;
import io.sekisho.flow.ServiceGraph;
import java.util.Comparator;
import java.util.List;

/** A workload, or something outside: its pods, who calls it, whom it calls. */
record WorkloadPage(String workload) implements Page {
  private static final int MOST = 6;

  private record Key(
      String workload,
      List<String> clients,
      List<String> servers,
      List<Endpoint> pods,
      List<KubernetesObjects.Event> events) {}

  @Override
  public Object key(Scope scope, ClusterSession session) {
    return new Key(
        workload,
        clients(session).stream().map(ServiceGraph.Edge::key).sorted().toList(),
        servers(session).stream().map(ServiceGraph.Edge::key).sorted().toList(),
        pods(session),
        Happenings.of(session, workload));
  }

  private List<ServiceGraph.Edge> clients(ClusterSession session) {
    return session.traffic().edges().stream()
        .filter(e -> e.serverKey().equals(workload))
        .sorted(byRate())
        .toList();
  }

  private List<ServiceGraph.Edge> servers(ClusterSession session) {
    return session.traffic().edges().stream()
        .filter(e -> e.clientKey().equals(workload))
        .sorted(byRate())
        .toList();
  }

  private static Comparator<ServiceGraph.Edge> byRate() {
    return Comparator.comparingDouble(
        e -> -(e.droppedRate() * 1e6 + e.forwardedRate() + e.auditedRate()));
  }

  private List<Endpoint> pods(ClusterSession session) {
    return session.inventory().endpoints().values().stream()
        .filter(e -> (e.getNamespace() + "/" + e.getWorkload()).equals(workload))
        .sorted(Comparator.comparing(Endpoint::getPod))
        .toList();
  }

  @Override
  public void write(Sheet sheet, Scope scope, ClusterSession session) {
    Theme theme = sheet.look().theme();
    sheet.title(Narrowing.name(workload));
    String namespace = workload.substring(0, Math.max(0, workload.indexOf('/')));
    if (!namespace.isEmpty()) {
      sheet.faint(namespace);
    }
    List<Endpoint> pods = pods(session);
    if (!pods.isEmpty()) {
      long ready = pods.stream().filter(p -> p.getState() == EndpointState.ENDPOINT_READY).count();
      sheet.gap();
      sheet.small(Texts.work_pods + ", " + Texts.bind(Texts.work_ready, ready, pods.size()));
      for (Endpoint pod : pods.subList(0, Math.min(MOST, pods.size()))) {
        sheet.item(
            pod.getPod(),
            () -> words(pod),
            () ->
                scope.select(
                    new Selected.Pod(pod.getNamespace(), pod.getPod(), pod.getWorkload())));
      }
      if (pods.size() > MOST) {
        sheet.small(Texts.bind(Texts.attention_other, pods.size() - MOST));
      }
    }
    sheet.rule();
    list(sheet, scope, Texts.work_clients, clients(session), true, theme);
    sheet.gap();
    list(sheet, scope, Texts.work_servers, servers(session), false, theme);
    sheet.gap();
    Actions.reach(sheet, session);
    Happenings.write(sheet, Happenings.of(session, workload));
  }

  private static String words(Endpoint pod) {
    return pod.getState() == EndpointState.ENDPOINT_READY
        ? pod.getNode() + "  " + String.join(" ", pod.getAddressesList())
        : pod.getMessage();
  }

  private static void list(
      Sheet sheet,
      Scope scope,
      String title,
      List<ServiceGraph.Edge> edges,
      boolean client,
      Theme theme) {
    sheet.small(title);
    if (edges.isEmpty()) {
      sheet.faint(Texts.work_none);
    }
    for (ServiceGraph.Edge edge : edges.subList(0, Math.min(MOST, edges.size()))) {
      boolean dropped = edge.droppedRate() > 0;
      sheet.finding(
          dropped ? Icons.DROPPED : Icons.FORWARDED,
          dropped ? theme.dropped() : edge.stale() ? theme.unknown() : theme.forwarded(),
          Narrowing.name(client ? edge.clientKey() : edge.serverKey()),
          () -> rates(scope, edge),
          () -> scope.select(new Selected.Connection(edge.clientKey(), edge.serverKey())));
    }
    if (edges.size() > MOST) {
      sheet.small(Texts.bind(Texts.attention_other, edges.size() - MOST));
    }
  }

  private static String rates(Scope scope, ServiceGraph.Edge shown) {
    ServiceGraph.Edge e =
        scope
            .session()
            .flatMap(s -> s.traffic().edge(shown.clientKey(), shown.serverKey()))
            .orElse(shown);
    String ports = e.ports().isEmpty() ? "" : e.ports().getFirst().port() + " · ";
    String dropped =
        e.droppedRate() > 0
            ? " · " + Format.rate(e.droppedRate()) + " " + Texts.number_dropped
            : "";
    return ports + Format.rate(e.forwardedRate() + e.auditedRate()) + dropped;
  }
}
