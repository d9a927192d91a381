package io.sekisho.agent.cluster;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.Realized;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What the cluster store means: this node's own objects go out, everybody's come in. Calls return
 * at once; the work is done on the cluster's own threads, again and again until the store answers,
 * so that a lost store never blocks the event loop.
 */
public interface Cluster extends AutoCloseable {
  /** Tells the others of this node, with a lease; again whenever something of it changes. */
  void publish(Node node);

  /** Tells the others of a local endpoint. */
  void publish(Endpoint endpoint);

  /** Takes a local endpoint back. */
  void withdraw(int endpointId);

  /** Says what this node's datapath does now. */
  void publish(Realized realized);

  /**
   * The number of a label set: the same on every node, made on first use. Completes from memory if
   * the set is known; fails with {@link ClusterStoreException} if it is not and the store is away.
   */
  CompletableFuture<Identity> identity(Labels labels);

  /**
   * Frees the address ranges of a node that is gone for good, leased and fixed ones, or one range
   * that no node has now; blocks.
   *
   * @param what name of the node, or the range ({@code 10.0.3.0/24})
   * @return which ones, or empty if the node lives or a node has the range: nothing is freed then
   * @throws ClusterStoreException as the store does
   * @throws IllegalArgumentException if it is a range that is none
   */
  Optional<List<Cidr>> freeRanges(String what);

  /** The last snapshot of all that is in the cluster. */
  Inventory inventory();

  /** Calls back with every new snapshot, and at once with the present one, on a cluster thread. */
  void listen(Listener listener);

  /** What this node told of itself last, while the store does not take it; else empty. */
  Optional<Node> untold();

  /** What of the cluster this node can no longer remember, and what to do about it; else empty. */
  Optional<String> forgets();

  /** Whether the store answers. */
  ClusterStore.Health health();

  @Override
  void close();

  /** Takes new snapshots. */
  @FunctionalInterface
  interface Listener {
    /** The new snapshot; must not block. */
    void changed(Inventory inventory);
  }
}
