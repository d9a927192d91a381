package io.sekisho.agent.rpc;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What the nodes themselves do not tell any more. One that has not reported while others have is
 * silent: its pods stay known until its lease ends, which may take minutes, but nobody shall take
 * it for ready. Those whose lease ended the store has forgotten, and an operator wants to see them:
 * they are kept for some hours, or until they come back.
 */
final class AbsentNodes {
  private static final Duration KEPT = Duration.ofHours(12);

  /** Three times the interval in which every node reports. */
  private static final Duration SILENT = Duration.ofSeconds(30);

  private final Clock clock;
  private final LongSupplier nanos;
  private final Map<String, Node> present = new HashMap<>();
  private final Map<String, Heard> heard = new HashMap<>();
  private final Map<String, Gone> gone = new HashMap<>();
  private long newest;

  private record Gone(Node node, Instant since) {
    /** Whether what it had is let go of, or another's: somebody removed it, or it was replaced. */
    private boolean isRemoved(Set<String> owners) {
      return node.getPodCidrsCount() > 0 && !owners.contains(node.getName());
    }
  }

  /** When a node said something new. */
  private record Heard(Instant at, long nanos) {}

  AbsentNodes(Clock clock) {
    this(clock, System::nanoTime);
  }

  /** By another ticker: silence is no matter of the clock. */
  AbsentNodes(Clock clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
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
    hear(inventory.nodes(), now);
    present.clear();
    present.putAll(inventory.nodes());
    gone.keySet().removeAll(present.keySet());
    gone.values().removeIf(node -> node.since.plus(KEPT).isBefore(now));
    if (!gone.isEmpty()) {
      var owners = Set.copyOf(inventory.ranges().values());
      gone.entrySet().removeIf(e -> e.getValue().isRemoved(owners));
    }
  }

  private void hear(Map<String, Node> nodes, Instant now) {
    var last = new Heard(now, nanos.getAsLong());
    List<String> news =
        nodes.entrySet().stream()
            .filter(e -> !e.getValue().equals(present.get(e.getKey())))
            .map(Map.Entry::getKey)
            .toList();
    if (!news.isEmpty()) {
      if (last.nanos() - newest > SILENT.toNanos()) {
        heard.replaceAll((name, before) -> last); // nobody could report meanwhile
      }
      newest = last.nanos();
    }
    news.forEach(name -> heard.put(name, last));
    heard.keySet().retainAll(nodes.keySet());
  }

  private static Node ended(Node node) {
    return node.toBuilder()
        .setState(NodeState.GONE)
        .setMessage("its lease in the cluster store ended")
        .setEndpoints(0)
        .build();
  }

  /** While nobody is heard of, the store is away, and none of them is silent. */
  private Node told(String name, Node node) {
    Heard last = heard.get(name);
    if (last == null || newest - last.nanos() <= SILENT.toNanos()) {
      return node;
    }
    return node.toBuilder()
        .setState(NodeState.DEGRADED)
        .setMessage(
            "no report since "
                + last.at().truncatedTo(ChronoUnit.SECONDS)
                + ": the node, its agent or its way to the store is down; its pods stay known until"
                + " its lease ends")
        .build();
  }

  /** Speaks of a node no more; whether it was one of those that are gone. */
  synchronized boolean forget(String name) {
    return gone.remove(name) != null;
  }

  /** Nodes with those that are gone, and with what is to be said of those that are silent. */
  synchronized Map<String, Node> with(Map<String, Node> nodes) {
    var all = new HashMap<String, Node>();
    gone.forEach((name, node) -> all.put(name, node.node));
    nodes.forEach((name, node) -> all.put(name, told(name, node)));
    return all;
  }
}
