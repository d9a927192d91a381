package io.sekisho.flow;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was seen from one workload to another. */
final class EdgeCounter {
  /** Ports kept apart for one edge; what is beyond (a port scan) counts for the edge only. */
  private static final int MAX_PORTS = 32;

  private static final int FORWARDED = 0;
  private static final int DROPPED = 1;
  private static final int AUDITED = 2;
  private static final int CLIENT_BYTES = 3;
  private static final int SERVER_BYTES = 4;
  private static final int KNOWN_BYTES = 5;
  private static final int KINDS = 6;

  private record PortKey(String protocol, int port) {}

  private final Party client;
  private final Party server;
  private final int slots;
  private final Window window;
  private final Map<PortKey, Window> ports = new HashMap<>();
  private long lastSeenNanos;
  private long lastDropNanos = Long.MIN_VALUE;
  private String dropRule = "";

  EdgeCounter(Party client, Party server, int slots) {
    this.client = client;
    this.server = server;
    this.slots = slots;
    this.window = new Window(slots, KINDS);
  }

  Party client() {
    return client;
  }

  Party server() {
    return server;
  }

  long lastSeenNanos() {
    return lastSeenNanos;
  }

  /** Counts an event; whether it opens a connection that counts is known by the caller. */
  void add(FlowRecord flow, boolean opens) {
    long second = Math.floorDiv(flow.timeNanos(), TrafficAggregator.SECOND);
    lastSeenNanos = Math.max(lastSeenNanos, flow.timeNanos());
    Window port = port(flow);
    switch (flow.verdict()) {
      case DROPPED -> {
        count(port, second, DROPPED, 1);
        if (flow.timeNanos() >= lastDropNanos) {
          lastDropNanos = flow.timeNanos();
          dropRule = flow.rule();
        }
      }
      case AUDITED -> window.add(second, AUDITED, 1);
      default -> {
        if (opens) {
          count(port, second, FORWARDED, 1);
        }
      }
    }
    if (flow.bytes() >= 0 && flow.verdict() != FlowVerdict.DROPPED) {
      window.add(second, flow.egress() ? CLIENT_BYTES : SERVER_BYTES, flow.bytes());
      window.add(second, KNOWN_BYTES, 1);
    }
  }

  /** Takes back one opened connection that was counted at the time. */
  void takeBack(FlowRecord flow, long countedNanos) {
    long second = Math.floorDiv(countedNanos, TrafficAggregator.SECOND);
    count(port(flow), second, FORWARDED, -1);
  }

  private void count(@Nullable Window port, long second, int kind, long amount) {
    window.add(second, kind, amount);
    if (port != null) {
      port.add(second, kind, amount);
    }
  }

  private @Nullable Window port(FlowRecord flow) {
    var key = new PortKey(flow.protocol(), flow.serverPort());
    Window known = ports.get(key);
    if (known == null && ports.size() < MAX_PORTS) {
      known = new Window(slots, 2);
      ports.put(key, known);
    }
    return known;
  }

  /** Forgets ports without traffic and what clocks that are wrong have left behind. */
  void prune(long from, long last) {
    window.forgetAfter(last);
    lastSeenNanos = Math.min(lastSeenNanos, (last + 1) * TrafficAggregator.SECOND);
    ports.values().forEach(w -> w.forgetAfter(last));
    if (ports.size() == MAX_PORTS) {
      ports.values().removeIf(w -> w.sum(FORWARDED, from) == 0 && w.sum(DROPPED, from) == 0);
    }
  }

  /** Connections opened and let through after the second {@code from}. */
  long forwarded(long from) {
    return Math.max(0, window.sum(FORWARDED, from));
  }

  /**
   * The edge as it is shown.
   *
   * @param from seconds up to this one are not counted
   * @param span seconds that rates are over
   * @param stale whether it was silent for long
   */
  ServiceGraph.Edge edge(long from, double span, boolean stale) {
    boolean known = window.sum(KNOWN_BYTES, from) > 0;
    boolean silent = lastSeenNanos < (from + 1) * TrafficAggregator.SECOND;
    // both ends tell the same bytes; where only one tells, the other's sum is smaller
    long bytes = Math.max(window.sum(CLIENT_BYTES, from), window.sum(SERVER_BYTES, from));
    return new ServiceGraph.Edge(
        client.key(),
        server.key(),
        portList(from, span),
        forwarded(from) / span,
        window.sum(DROPPED, from) / span,
        window.sum(AUDITED, from) / span,
        known ? bytes / span : silent ? 0 : -1,
        lastSeenNanos,
        stale,
        dropRule);
  }

  private List<ServiceGraph.Port> portList(long from, double span) {
    return ports.entrySet().stream()
        .map(
            e ->
                new ServiceGraph.Port(
                    e.getKey().protocol(),
                    e.getKey().port(),
                    Math.max(0, e.getValue().sum(FORWARDED, from)) / span,
                    e.getValue().sum(DROPPED, from) / span))
        .sorted(
            Comparator.comparingDouble(
                    (ServiceGraph.Port p) -> -(p.forwardedRate() + p.droppedRate()))
                .thenComparing(ServiceGraph.Port::port)
                .thenComparing(ServiceGraph.Port::protocol))
        .toList();
  }
}
