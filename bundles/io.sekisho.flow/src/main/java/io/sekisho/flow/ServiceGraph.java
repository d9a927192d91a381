package io.sekisho.flow;

import java.util.List;
import java.util.Optional;

/**
 * Who talks to whom over a span of time: workloads and the connections between them; immutable.
 *
 * @param nodes workloads and what is outside, by key order
 * @param edges by client and server key order
 * @param spanNanos the time that rates are over
 */
public record ServiceGraph(List<Node> nodes, List<Edge> edges, long spanNanos) {
  /** Nothing was seen. */
  public static final ServiceGraph EMPTY = new ServiceGraph(List.of(), List.of(), 1);

  /** Keeps immutable copies. */
  public ServiceGraph {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  /** The node of a key. */
  public Optional<Node> node(String key) {
    return nodes.stream().filter(n -> n.party().key().equals(key)).findFirst();
  }

  /** The edge between two keys. */
  public Optional<Edge> edge(String clientKey, String serverKey) {
    return edges.stream()
        .filter(e -> e.clientKey().equals(clientKey) && e.serverKey().equals(serverKey))
        .findFirst();
  }

  /**
   * A workload, or something outside.
   *
   * @param party who it is; pod and address are empty where it stands for several
   * @param pods pods that the inventory knows, 0 for what is outside
   * @param ready how many of them are ready
   * @param requestRate connections opened to it, per second
   */
  public record Node(Party party, int pods, int ready, double requestRate) {}

  /**
   * Connections from one workload to another.
   *
   * @param clientKey who opens them
   * @param serverKey who serves them
   * @param ports per server port and protocol, busiest first
   * @param forwardedRate connections opened and let through, per second
   * @param droppedRate drop events, per second
   * @param auditedRate audited events, per second
   * @param byteRate bytes per second of both directions, -1 if unknown
   * @param lastSeenNanos of the last event, ns since the epoch
   * @param stale nothing was seen for a third of the span
   * @param dropRule rule of the most recent drop, empty if none
   */
  public record Edge(
      String clientKey,
      String serverKey,
      List<Port> ports,
      double forwardedRate,
      double droppedRate,
      double auditedRate,
      double byteRate,
      long lastSeenNanos,
      boolean stale,
      String dropRule) {
    /** Keeps an immutable copy. */
    public Edge {
      ports = List.copyOf(ports);
    }

    /** Key in selections: client and server. */
    public String key() {
      return clientKey + " > " + serverKey;
    }
  }

  /** Traffic to one server port: rates per second. */
  public record Port(String protocol, int port, double forwardedRate, double droppedRate) {}
}
