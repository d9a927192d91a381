package io.sekisho.console.flows;

import io.sekisho.api.v1.Revision;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.TrafficHistory;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.NodeTroubles;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Sheet;
import io.sekisho.console.ui.Theme;
import io.sekisho.flow.ServiceGraph;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Nothing is selected: what needs attention, the traffic of all, and what was changed last. */
final class AttentionPage implements Page {
  private static final int MOST = 5;

  private Optional<Revision> last = Optional.empty();

  /** The newest revision, as the history told. */
  void lastChange(Optional<Revision> revision) {
    last = revision;
  }

  private record Key(List<String> edges, List<String> others, Optional<Revision> last) {}

  @Override
  public Object key(Scope scope, ClusterSession session) {
    return new Key(
        dropped(session).stream().map(ServiceGraph.Edge::key).toList(),
        others(session).stream().map(Finding::text).toList(),
        last);
  }

  private static List<ServiceGraph.Edge> dropped(ClusterSession session) {
    return session.traffic().edges().stream()
        .filter(e -> e.droppedRate() > 0 && !e.stale())
        .sorted(Comparator.comparingDouble(ServiceGraph.Edge::droppedRate).reversed())
        .toList();
  }

  /** Something wrong that is no connection. */
  private record Finding(String text, String how, boolean error, Selected selects) {}

  private static List<Finding> others(ClusterSession session) {
    java.util.List<Finding> found = new java.util.ArrayList<>();
    for (ServiceGraph.Node n : session.traffic().nodes()) {
      if (n.ready() < n.pods()) {
        found.add(
            new Finding(
                n.party().workload(),
                Texts.bind(Texts.finding_work, n.ready(), n.pods()),
                true,
                new Selected.Workload(n.party().key())));
      }
    }
    for (NodeTroubles.Trouble t : NodeTroubles.of(session.inventory())) {
      found.add(new Finding(t.what(), t.how(), t.error(), new Selected.Node(t.node())));
    }
    return found;
  }

  @Override
  public void write(Sheet sheet, Scope scope, ClusterSession session) {
    Theme theme = sheet.look().theme();
    List<ServiceGraph.Edge> dropped = dropped(session);
    List<Finding> others = others(session);
    sheet.text(headline(dropped.size(), others.size()));
    for (ServiceGraph.Edge edge : dropped.subList(0, Math.min(MOST, dropped.size()))) {
      sheet.finding(
          Icons.DROPPED,
          theme.dropped(),
          Narrowing.name(edge.clientKey()) + " → " + Narrowing.name(edge.serverKey()),
          () -> how(scope, edge),
          () -> scope.select(new Selected.Connection(edge.clientKey(), edge.serverKey())));
    }
    if (dropped.size() > MOST) {
      sheet.small(Texts.bind(Texts.attention_other, dropped.size() - MOST));
    }
    for (Finding finding : others.subList(0, Math.min(MOST, others.size()))) {
      sheet.finding(
          finding.error() ? Icons.DROPPED : Icons.DEGRADED,
          finding.error() ? theme.error() : theme.audit(),
          finding.text(),
          finding::how,
          () -> scope.select(finding.selects()));
    }
    sheet.rule();
    sheet.small(Texts.traffic_title);
    sheet.chart(
        72, () -> scope.session().map(ClusterSession::history).orElse(TrafficHistory.EMPTY));
    sheet.rule();
    change(sheet, session);
  }

  private static String headline(int dropped, int others) {
    if (dropped == 0 && others == 0) {
      return Texts.attention_none;
    }
    if (dropped == 0) {
      return others == 1
          ? Texts.attention_one_thing
          : Texts.bind(Texts.attention_things, Format.count(others));
    }
    return dropped == 1
        ? Texts.attention_one
        : Texts.bind(Texts.attention_many, Format.count(dropped));
  }

  private static String how(Scope scope, ServiceGraph.Edge shown) {
    ServiceGraph.Edge edge =
        scope
            .session()
            .flatMap(s -> s.traffic().edge(shown.clientKey(), shown.serverKey()))
            .orElse(shown);
    String port =
        edge.ports().stream()
            .max(Comparator.comparingDouble(ServiceGraph.Port::droppedRate))
            .map(p -> String.valueOf(p.port()))
            .orElse(Format.UNKNOWN);
    return Texts.bind(Texts.finding_edge, port, Format.rate(edge.droppedRate()));
  }

  private void change(Sheet sheet, ClusterSession session) {
    sheet.small(Texts.change_title);
    if (last.isEmpty()) {
      sheet.text(Texts.change_none);
      return;
    }
    Revision r = last.get();
    long seconds = System.currentTimeMillis() / 1000 - r.getCreated().getSeconds();
    sheet.text(
        Texts.bind(
            Texts.change_line,
            new Object[] {Format.count(r.getNumber()), ago(seconds), r.getAuthor()}));
    TrafficHistory history = session.history();
    int since = (int) Math.min(Math.max(0, seconds), history.dropped().length);
    boolean whole = seconds <= history.dropped().length;
    int drops =
        Arrays.stream(history.dropped(), history.dropped().length - since, history.dropped().length)
            .sum();
    String after =
        !whole ? "" : drops == 0 ? Texts.change_no_drops : Texts.bind(Texts.change_drops, drops);
    sheet.small(after.isEmpty() ? r.getMessage() : r.getMessage() + ". " + after + ".");
  }

  private static String ago(long seconds) {
    return seconds < 5 ? Texts.ago_just : Format.span(seconds * 1_000_000_000L);
  }
}
