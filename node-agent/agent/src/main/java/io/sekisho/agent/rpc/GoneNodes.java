package io.sekisho.agent.rpc;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Nodes that were there and whose lease ended: the store has forgotten them, an operator wants to
 * see them. They are kept for some hours, or until they come back.
 */
final class GoneNodes {
  private static final Duration KEPT = Duration.ofHours(12);

  private final Clock clock;
  private final Map<String, Node> present = new HashMap<>();
  private final Map<String, Gone> gone = new HashMap<>();

  private record Gone(Node node, Instant since) {}

  GoneNodes(Clock clock) {
    this.clock = clock;
  }

  /** Learns from a snapshot; before it has been read whole nobody is missing. */
  synchronized void learn(Inventory inventory) {
    if (!inventory.synced()) {
      return;
    }
    Instant now = clock.instant();
    present.forEach(
        (name, node) -> {
          if (!inventory.nodes().containsKey(name)) {
            gone.put(name, new Gone(ended(node), now));
          }
        });
    present.clear();
    present.putAll(inventory.nodes());
    gone.keySet().removeAll(present.keySet());
    gone.values().removeIf(node -> node.since.plus(KEPT).isBefore(now));
  }

  private static Node ended(Node node) {
    return node.toBuilder()
        .setState(NodeState.GONE)
        .setMessage("its lease in the cluster store ended")
        .setEndpoints(0)
        .build();
  }

  /** Speaks of a node no more; whether it was one of those that are gone. */
  synchronized boolean forget(String name) {
    return gone.remove(name) != null;
  }

  /** Nodes with those that are gone. */
  synchronized Map<String, Node> with(Map<String, Node> nodes) {
    var all = new HashMap<String, Node>();
    gone.forEach((name, node) -> all.put(name, node.node));
    all.putAll(nodes);
    return all;
  }
}
