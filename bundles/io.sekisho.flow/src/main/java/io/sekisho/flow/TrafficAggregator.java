package io.sekisho.flow;

import io.sekisho.flow.Party.Kind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sums flows up to a {@link ServiceGraph} over a sliding window of seconds. Belongs to one thread;
 * the graphs that it gives are immutable.
 *
 * <p>A connection is told by the client's node and by the server's node and counts once: whoever
 * tells first counts, and a drop on the server's side takes back what the client's side had let
 * pass. Traffic without an opening (long-lived connections, or such as have none) makes an edge
 * with bytes and without connections. Memory is bounded: by edges, by ports of an edge, and by
 * parties outside, which beyond a number show as one "world".
 */
public final class TrafficAggregator {
  static final long SECOND = 1_000_000_000L;

  /** Window that is used where none is given, in seconds. */
  public static final int DEFAULT_SPAN = 60;

  /** Most edges that are kept where no other number is given. */
  public static final int DEFAULT_EDGES = 10_000;

  /** Most parties outside of the cluster that are kept apart. */
  static final int MAX_OUTSIDE = 100;

  /** Openings that are remembered to count each once: some seconds of a busy cluster. */
  private static final int MAX_OPENINGS = 65_536;

  /** Seconds by which a clock may be ahead. */
  private static final int AHEAD = 5;

  /** An edge is forgotten after so many spans of silence. */
  private static final int KEPT_SPANS = 10;

  private record EdgeKey(
      String clientNamespace, String client, String serverNamespace, String server) {}

  private final int span;
  private final int maxEdges;
  private final Map<EdgeKey, EdgeCounter> edges = new HashMap<>();
  private final Map<String, Party> outside = new HashMap<>();
  private final OpenedConnections openings = new OpenedConnections(MAX_OPENINGS);
  private long overflow;

  /** An aggregator with the default window and bounds. */
  public TrafficAggregator() {
    this(DEFAULT_SPAN, DEFAULT_EDGES);
  }

  /**
   * An empty aggregator.
   *
   * @param spanSeconds window that rates are over, 1 to 3600
   * @param maxEdges most edges that are kept
   */
  public TrafficAggregator(int spanSeconds, int maxEdges) {
    if (spanSeconds < 1 || spanSeconds > 3600 || maxEdges < 1) {
      throw new IllegalArgumentException("span of 1 to 3600 s, and at least one edge");
    }
    this.span = spanSeconds;
    this.maxEdges = maxEdges;
  }

  /** Counts a flow; flows may come out of order within the window. */
  public void add(FlowRecord flow) {
    EdgeCounter edge = edge(flow);
    if (edge == null) {
      overflow++;
      return;
    }
    boolean opens =
        flow.opened()
            && !flow.reply()
            && flow.verdict() == FlowVerdict.FORWARDED
            && openings.forwarded(flow);
    edge.add(flow, opens);
    if (flow.verdict() == FlowVerdict.DROPPED) {
      openings.dropped(flow).ifPresent(counted -> edge.takeBack(flow, counted));
    }
  }

  private @Nullable EdgeCounter edge(FlowRecord flow) {
    Party client = shown(flow.client());
    Party server = shown(flow.server());
    var key =
        new EdgeKey(client.namespace(), client.workload(), server.namespace(), server.workload());
    EdgeCounter known = edges.get(key);
    if (known == null && edges.size() < maxEdges) {
      known = new EdgeCounter(anyPod(client), anyPod(server), span + AHEAD);
      edges.put(key, known);
    }
    return known;
  }

  /** What is outside is kept apart up to a number, then it is the world. */
  private Party shown(Party party) {
    if (party.kind() != Kind.OUTSIDE) {
      return party;
    }
    Party known = outside.get(party.workload());
    if (known != null) {
      return known;
    }
    if (outside.size() >= MAX_OUTSIDE) {
      return new Party(Kind.OUTSIDE, "", "world", "", "", 0);
    }
    outside.put(party.workload(), party);
    return party;
  }

  private static Party anyPod(Party party) {
    return new Party(party.kind(), party.namespace(), party.workload(), "", "", party.identity());
  }

  /** Flows that found no room for their edge since the beginning. */
  public long overflow() {
    return overflow;
  }

  /** Forgets everything seen; the number of {@link #overflow()} stays. */
  public void clear() {
    edges.clear();
    outside.clear();
    openings.clear();
  }

  /**
   * The graph of the window that ends now; what was silent for long is forgotten.
   *
   * @param nowNanos present time, ns since the epoch
   * @param pods what the inventory knows of a workload; asked once for each node of the graph
   */
  public ServiceGraph snapshot(long nowNanos, Function<Party, WorkloadPods> pods) {
    long now = Math.floorDiv(nowNanos, SECOND);
    long from = now - span;
    prune(nowNanos, from, now);
    var nodes = new TreeMap<String, Party>();
    var requests = new HashMap<String, Double>();
    for (EdgeCounter edge : edges.values()) {
      nodes.merge(edge.client().key(), edge.client(), TrafficAggregator::better);
      nodes.merge(edge.server().key(), edge.server(), TrafficAggregator::better);
      requests.merge(edge.server().key(), edge.forwarded(from) / (double) span, Double::sum);
    }
    List<ServiceGraph.Edge> shown =
        edges.values().stream()
            .map(e -> e.edge(from, span, isStale(e, nowNanos)))
            .sorted(
                Comparator.comparing(ServiceGraph.Edge::clientKey)
                    .thenComparing(ServiceGraph.Edge::serverKey))
            .toList();
    return new ServiceGraph(
        nodes.values().stream()
            .map(p -> node(p, pods.apply(p), requests.getOrDefault(p.key(), 0.0)))
            .toList(),
        shown,
        span * SECOND);
  }

  /** Of two that go by one name, the one whose kind is known. */
  private static Party better(Party a, Party b) {
    return a.kind() == Kind.UNKNOWN ? b : a;
  }

  private boolean isStale(EdgeCounter edge, long nowNanos) {
    return nowNanos - edge.lastSeenNanos() > span * SECOND / 3;
  }

  private static ServiceGraph.Node node(Party party, WorkloadPods pods, double rate) {
    return new ServiceGraph.Node(party, pods.pods(), pods.ready(), rate);
  }

  private void prune(long nowNanos, long from, long now) {
    long oldest = nowNanos - KEPT_SPANS * span * SECOND;
    edges.values().removeIf(e -> e.lastSeenNanos() < oldest);
    edges.values().forEach(e -> e.prune(from, now + AHEAD));
    Set<String> used =
        edges.values().stream()
            .flatMap(e -> Stream.of(e.client(), e.server()))
            .filter(p -> p.kind() == Kind.OUTSIDE)
            .map(Party::workload)
            .collect(Collectors.toSet());
    outside.keySet().retainAll(used);
  }
}
