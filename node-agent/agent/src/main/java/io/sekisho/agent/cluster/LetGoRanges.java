package io.sekisho.agent.cluster;

import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.RangeLease;
import io.sekisho.policy.Cidr;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Ranges of nodes that are gone, which an operator lets go of. The store says so to all agents,
 * those that are away now among them, by a range that nobody has; a node that comes back with such
 * a range takes it for itself again.
 */
final class LetGoRanges {
  private static final System.Logger LOG = System.getLogger(LetGoRanges.class.getName());

  private final String node;
  private final ClusterStore store;
  private final Executor blocking;
  private final Set<Cidr> taking = ConcurrentHashMap.newKeySet();

  LetGoRanges(String node, ClusterStore store, Executor blocking) {
    this.node = node;
    this.store = store;
    this.blocking = blocking;
  }

  /**
   * As {@link Cluster#freeRanges}.
   *
   * @param what name of a node, or one range
   */
  Optional<List<Cidr>> free(String what, Inventory inventory) {
    if (what.indexOf('/') >= 0) {
      return freeOne(Cidr.parse(what), inventory);
    }
    if (store.get(Keys.node(what)).isPresent()) {
      return Optional.empty();
    }
    List<Cidr> fixed =
        inventory.ranges().entrySet().stream()
            .filter(e -> e.getValue().equals(what))
            .map(Map.Entry::getKey)
            .toList();
    return Optional.of(new RangeLeases(store, what).free(fixed));
  }

  private Optional<List<Cidr>> freeOne(Cidr range, Inventory inventory) {
    boolean held =
        inventory.nodes().entrySet().stream()
            .filter(e -> e.getValue().getPodCidrsList().contains(range.toString()))
            .anyMatch(e -> store.get(Keys.node(e.getKey())).isPresent());
    if (held) {
      return Optional.empty();
    }
    return Optional.ofNullable(inventory.ranges().get(range))
        .map(owner -> new RangeLeases(store, owner).freeOne(range))
        .or(() -> Optional.of(List.of()));
  }

  /** Takes what this node has and was let go of while it was away. */
  void takeBack(Map<String, RangeLease> leases, Map<String, Node> nodes) {
    Node self = nodes.getOrDefault(node, Node.getDefaultInstance());
    for (String text : self.getPodCidrsList()) {
      RangeLease lease = leases.get(Keys.RANGES + text);
      if (lease != null && lease.getNode().isEmpty()) {
        Cidr range = Cidr.parse(text);
        if (taking.add(range)) {
          blocking.execute(() -> take(range));
        }
      }
    }
  }

  private void take(Cidr range) {
    try {
      if (!new RangeLeases(store, node).claim(range)) {
        LOG.log(System.Logger.Level.WARNING, "{0} is another node''s, says the store", range);
      }
    } catch (ClusterStoreException e) {
      LOG.log(System.Logger.Level.WARNING, "{0} is not taken back: {1}", range, e.getMessage());
    } finally {
      taking.remove(range);
    }
  }
}
