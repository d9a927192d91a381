package io.sekisho.console.graph.model;

import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.flow.Party;
import io.sekisho.flow.ServiceGraph;
import io.sekisho.flow.ServiceGraph.Edge;
import io.sekisho.flow.ServiceGraph.Port;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Narrows a service graph by a filter of flows. A connection stays if a flow as the connection
 * tells of it passes: its ends, ports, verdicts and rule. What a connection does not tell, such as
 * pods and nodes, is decided by the newest flows.
 */
public final class Narrowing {
  private static final int NEWEST = 2000;
  private final Predicate<FlowRecord> filter;
  private final Map<String, Party> parties = new HashMap<>();
  private final Set<String> seen = new HashSet<>();

  private Narrowing(
      ServiceGraph graph, List<FlowRecord> newestFirst, Predicate<FlowRecord> filter) {
    this.filter = filter;
    graph.nodes().forEach(n -> parties.put(n.party().key(), n.party()));
    newestFirst.stream()
        .limit(NEWEST)
        .filter(filter)
        .forEach(f -> seen.add(f.client().key() + " > " + f.server().key()));
  }

  /** The connections that pass, with only those rates that pass, and their ends. */
  public static ServiceGraph of(
      ServiceGraph graph, List<FlowRecord> newestFirst, Predicate<FlowRecord> filter) {
    Narrowing narrowing = new Narrowing(graph, newestFirst, filter);
    List<Edge> edges = new ArrayList<>();
    Set<String> ends = new HashSet<>();
    for (Edge e : graph.edges()) {
      narrowing
          .narrow(e)
          .ifPresent(
              kept -> {
                edges.add(kept);
                ends.add(e.clientKey());
                ends.add(e.serverKey());
              });
    }
    return new ServiceGraph(
        graph.nodes().stream().filter(n -> ends.contains(n.party().key())).toList(),
        edges,
        graph.spanNanos());
  }

  private Optional<Edge> narrow(Edge e) {
    Party client = parties.get(e.clientKey());
    Party server = parties.get(e.serverKey());
    if (client == null || server == null) {
      return Optional.empty();
    }
    List<Port> ports = e.ports().isEmpty() ? List.of(new Port("", 0, 0, 0)) : e.ports();
    List<Port> kept = new ArrayList<>();
    boolean forwarded = false;
    boolean dropped = false;
    boolean audited = false;
    for (Port p : ports) {
      boolean f = e.forwardedRate() > 0 && passes(e, p, client, server, FlowVerdict.FORWARDED);
      boolean d = e.droppedRate() > 0 && passes(e, p, client, server, FlowVerdict.DROPPED);
      boolean a = e.auditedRate() > 0 && passes(e, p, client, server, FlowVerdict.AUDITED);
      boolean none = e.stale() && passes(e, p, client, server, FlowVerdict.FORWARDED);
      if (f || d || a || none) {
        kept.add(
            new Port(p.protocol(), p.port(), f ? p.forwardedRate() : 0, d ? p.droppedRate() : 0));
      }
      forwarded |= f;
      dropped |= d;
      audited |= a;
    }
    if (kept.isEmpty()) {
      return seen.contains(e.key()) ? Optional.of(e) : Optional.empty();
    }
    return Optional.of(with(e, kept, ports.size(), forwarded, dropped, audited));
  }

  /** Rates of the ports that are left, where some are not. */
  private static Edge with(Edge e, List<Port> kept, int of, boolean f, boolean d, boolean a) {
    boolean all = kept.size() == of;
    double forwarded =
        all ? e.forwardedRate() : kept.stream().mapToDouble(Port::forwardedRate).sum();
    double dropped = all ? e.droppedRate() : kept.stream().mapToDouble(Port::droppedRate).sum();
    return new Edge(
        e.clientKey(),
        e.serverKey(),
        e.ports().isEmpty() ? List.of() : kept,
        f ? forwarded : 0,
        d ? dropped : 0,
        a ? e.auditedRate() : 0,
        all ? e.byteRate() : -1,
        e.lastSeenNanos(),
        e.stale(),
        d ? e.dropRule() : "");
  }

  private boolean passes(Edge e, Port p, Party client, Party server, FlowVerdict verdict) {
    return filter.test(
        new FlowRecord(
            e.lastSeenNanos(),
            verdict,
            "",
            client,
            server,
            p.protocol(),
            0,
            p.port(),
            false,
            true,
            true,
            verdict == FlowVerdict.DROPPED ? e.dropRule() : "",
            0,
            "",
            1,
            -1,
            "",
            0,
            -1));
  }
}
