package io.sekisho.console.flows;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.Sheet;
import io.sekisho.console.ui.Theme;
import io.sekisho.flow.ServiceGraph;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A namespace: its workloads, troubled ones first. */
record NamespacePage(String name) implements Page {
  private static final int MOST = 12;

  private record Key(String name, Map<String, Integer> workloads, List<String> troubled) {}

  @Override
  public Object key(Scope scope, ClusterSession session) {
    Map<String, Integer> works = workloads(session);
    return new Key(
        name, works, works.keySet().stream().filter(w -> dropped(session, w) > 0).toList());
  }

  private Map<String, Integer> workloads(ClusterSession session) {
    Map<String, Integer> pods = new TreeMap<>();
    session.inventory().endpoints().values().stream()
        .filter(e -> e.getNamespace().equals(name))
        .forEach(e -> pods.merge(e.getWorkload(), 1, Integer::sum));
    return pods;
  }

  private double dropped(ClusterSession session, String workload) {
    String key = name + "/" + workload;
    return session.traffic().edges().stream()
        .filter(e -> e.serverKey().equals(key) || e.clientKey().equals(key))
        .mapToDouble(ServiceGraph.Edge::droppedRate)
        .sum();
  }

  @Override
  public void write(Sheet sheet, Scope scope, ClusterSession session) {
    Theme theme = sheet.look().theme();
    Map<String, Integer> works = workloads(session);
    int pods = works.values().stream().mapToInt(Integer::intValue).sum();
    sheet.title(name);
    sheet.faint(Texts.bind(Texts.space_pods, Format.count(pods)));
    sheet.rule();
    sheet.small(Texts.space_workloads);
    List<String> order =
        works.keySet().stream()
            .sorted(
                Comparator.comparingDouble((String w) -> -dropped(session, w))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(MOST)
            .toList();
    for (String workload : order) {
      boolean trouble = dropped(session, workload) > 0;
      sheet.finding(
          trouble ? Icons.DROPPED : Icons.GOOD,
          trouble ? theme.dropped() : theme.forwarded(),
          workload,
          () -> words(scope, workload, works.get(workload)),
          () -> scope.select(new Selected.Workload(name + "/" + workload)));
    }
    if (works.size() > MOST) {
      sheet.small(Texts.bind(Texts.attention_other, works.size() - MOST));
    }
  }

  private String words(Scope scope, String workload, int pods) {
    double dropped = scope.session().map(s -> dropped(s, workload)).orElse(0.0);
    String count = Format.counted(pods, "pod");
    return dropped > 0 ? count + " · " + Format.rate(dropped) + " " + Texts.number_dropped : count;
  }
}
