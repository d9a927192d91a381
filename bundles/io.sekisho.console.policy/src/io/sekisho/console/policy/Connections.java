package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Selected;
import io.sekisho.flow.FlowRecord;
import io.sekisho.impact.run.Asking;
import io.sekisho.impact.seen.Gathering;
import io.sekisho.policy.Identities;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a selection means for policies: connections, or endpoints. */
final class Connections {
  /** Ports of an edge that a draft speaks of; the rest would hide what it says. */
  private static final int MAX_PORTS = 32;

  private Connections() {}

  /** The connections of a selection, by newest flows, one for each port; with the same ends. */
  static List<Asking.Connection> of(Selected selected, ClusterSession session) {
    List<FlowRecord> flows =
        switch (selected) {
          case Selected.Flow f -> List.of(f.flow());
          case Selected.Flows f -> f.newestFirst();
          case Selected.Connection c -> between(c, session);
          case Selected.Nothing n -> List.of();
          case Selected.Workload w -> List.of();
          case Selected.Pod p -> List.of();
          case Selected.Service s -> List.of();
          case Selected.Namespace n -> List.of();
          case Selected.Node n -> List.of();
        };
    Map<List<Object>, Asking.Connection> byPort = new LinkedHashMap<>();
    Identities named = session.inventory().named();
    for (FlowRecord flow : flows) {
      Optional<Asking.Connection> one = Asking.Connection.of(Gathering.one(flow, named::labels));
      one.filter(c -> byPort.size() < MAX_PORTS)
          .ifPresent(c -> byPort.putIfAbsent(List.of(c.protocol(), c.port()), c));
    }
    List<Asking.Connection> all = new ArrayList<>(byPort.values());
    return all.stream().filter(c -> sameEnds(c, all.getFirst())).toList();
  }

  private static boolean sameEnds(Asking.Connection one, Asking.Connection first) {
    return one.client().key().equals(first.client().key())
        && one.server().key().equals(first.server().key());
  }

  private static List<FlowRecord> between(Selected.Connection c, ClusterSession session) {
    return session.flows().newestFirst().stream()
        .filter(f -> f.client().key().equals(c.clientKey()))
        .filter(f -> f.server().key().equals(c.serverKey()))
        .toList();
  }

  /** Keys of the workloads, or {@code namespace/} of the namespaces, that a selection speaks of. */
  static Set<String> subjects(Selected selected) {
    return switch (selected) {
      case Selected.Workload w -> Set.of(w.key());
      case Selected.Pod p -> Set.of(p.key());
      case Selected.Service s -> s.workloads();
      case Selected.Namespace n -> Set.of(n.name() + "/");
      case Selected.Connection c -> end(c);
      case Selected.Flows f -> f.ends().map(Connections::end).orElse(Set.of());
      case Selected.Flow f ->
          end(new Selected.Connection(f.flow().client().key(), f.flow().server().key()));
      case Selected.Nothing n -> Set.of();
      case Selected.Node n -> Set.of();
    };
  }

  /** The server, or the client of one outside. */
  private static Set<String> end(Selected.Connection c) {
    return Set.of(c.serverKey().startsWith("/") ? c.clientKey() : c.serverKey());
  }
}
