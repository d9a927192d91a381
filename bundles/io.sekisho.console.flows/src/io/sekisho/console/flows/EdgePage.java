package io.sekisho.console.flows;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.TrafficHistory;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Sheet;
import io.sekisho.console.ui.Theme;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.flow.ServiceGraph;
import io.sekisho.impact.why.Why;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The connections from one workload to another. */
record EdgePage(Selected.Connection ends, Whys whys) implements Page {
  private record Key(
      Selected ends,
      List<String> ports,
      boolean dropped,
      boolean stale,
      String rule,
      Optional<Why> why,
      List<KubernetesObjects.Event> events) {}

  @Override
  public Object key(Scope scope, ClusterSession session) {
    Optional<ServiceGraph.Edge> edge = edge(session);
    Optional<FlowRecord> deciding = deciding(session);
    return new Key(
        ends,
        edge.map(EdgePage::ports).orElse(List.of()),
        edge.map(e -> e.droppedRate() > 0).orElse(false),
        edge.map(ServiceGraph.Edge::stale).orElse(true),
        deciding.map(f -> f.verdict() + f.rule() + f.ruleLine()).orElse(""),
        deciding.flatMap(f -> whys.of(session, f)),
        events(session));
  }

  private List<KubernetesObjects.Event> events(ClusterSession session) {
    return Happenings.around(session, time(session), ends.clientKey(), ends.serverKey());
  }

  /** That of the newest drop, if there is one; else now. */
  private long time(ClusterSession session) {
    return deciding(session)
        .filter(f -> f.verdict() == FlowVerdict.DROPPED)
        .map(f -> f.timeNanos() / 1_000_000)
        .orElseGet(System::currentTimeMillis);
  }

  private Optional<ServiceGraph.Edge> edge(ClusterSession session) {
    return session.traffic().edge(ends.clientKey(), ends.serverKey());
  }

  private static List<String> ports(ServiceGraph.Edge edge) {
    return edge.ports().stream()
        .limit(3)
        .map(p -> p.port() == 0 ? p.protocol() : p.protocol() + " " + p.port())
        .toList();
  }

  /** The newest flow that says why: a drop if there is one, then an audited one, then any. */
  private Optional<FlowRecord> deciding(ClusterSession session) {
    Optional<FlowRecord> best = Optional.empty();
    for (FlowRecord flow : session.flows().newestFirst()) {
      boolean mine =
          flow.client().key().equals(ends.clientKey())
              && flow.server().key().equals(ends.serverKey());
      if (mine && flow.verdict() == FlowVerdict.DROPPED) {
        return Optional.of(flow);
      }
      if (mine && better(flow, best)) {
        best = Optional.of(flow);
      }
    }
    return best;
  }

  private static boolean better(FlowRecord flow, Optional<FlowRecord> best) {
    return best.isEmpty()
        || flow.verdict() == FlowVerdict.AUDITED && best.get().verdict() != FlowVerdict.AUDITED
        || best.get().rule().isEmpty() && !flow.rule().isEmpty() && !flow.reply();
  }

  @Override
  public void write(Sheet sheet, Scope scope, ClusterSession session) {
    Theme theme = sheet.look().theme();
    sheet.title(Narrowing.name(ends.clientKey()) + " → " + Narrowing.name(ends.serverKey()));
    Optional<ServiceGraph.Edge> edge = edge(session);
    edge.ifPresent(e -> sheet.faint(String.join(", ", ports(e))));
    edge.filter(ServiceGraph.Edge::stale)
        .ifPresent(e -> sheet.faint(Texts.bind(Texts.edge_stale, Format.time(e.lastSeenNanos()))));
    sheet.gap();
    Sheet.Number dropped =
        new Sheet.Number(
            () -> rate(scope, ServiceGraph.Edge::droppedRate),
            Texts.number_dropped,
            () ->
                value(scope, ServiceGraph.Edge::droppedRate) > 0 ? theme.dropped() : theme.text());
    Sheet.Number forwarded =
        new Sheet.Number(
            () -> rate(scope, ServiceGraph.Edge::forwardedRate),
            Texts.number_forwarded,
            theme::text);
    Sheet.Number bytes = new Sheet.Number(() -> bytes(scope), Texts.number_bytes, theme::text);
    boolean trouble = edge.map(e -> e.droppedRate() > 0).orElse(false);
    boolean audited = edge.map(e -> e.auditedRate() > 0).orElse(false);
    if (trouble) {
      sheet.numbers(dropped, forwarded);
    } else if (audited) {
      sheet.numbers(
          forwarded,
          new Sheet.Number(
              () -> rate(scope, ServiceGraph.Edge::auditedRate),
              Texts.number_audited,
              theme::audit));
    } else {
      sheet.numbers(forwarded, bytes);
    }
    sheet.chart(64, () -> history(scope));
    List<KubernetesObjects.Event> events = events(session);
    Happenings.headline(sheet, events, () -> time(session));
    sheet.gap();
    Optional<FlowRecord> deciding = deciding(session);
    deciding.ifPresent(f -> WhyCard.write(sheet, f, whys.of(session, f)));
    boolean against = deciding.filter(f -> f.verdict() != FlowVerdict.FORWARDED).isPresent();
    Actions.buttons(sheet, scope, session, trouble || audited || against, deciding);
    Happenings.write(sheet, events, () -> time(session));
  }

  private double value(Scope scope, ToDoubleFunction<ServiceGraph.Edge> rate) {
    return scope.session().flatMap(this::edge).map(rate::applyAsDouble).orElse(0.0);
  }

  private String rate(Scope scope, ToDoubleFunction<ServiceGraph.Edge> rate) {
    double value = value(scope, rate);
    return value == 0 ? Format.NONE : Format.rate(value);
  }

  private String bytes(Scope scope) {
    return scope
        .session()
        .flatMap(this::edge)
        .map(e -> Format.bitRate(e.byteRate()))
        .orElse(Format.UNKNOWN);
  }

  private TrafficHistory history(Scope scope) {
    return scope
        .session()
        .map(s -> s.history(ends.clientKey(), ends.serverKey()))
        .orElse(TrafficHistory.EMPTY);
  }
}
