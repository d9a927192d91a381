package io.sekisho.agent.rpc;

import io.sekisho.agent.cluster.Cluster;
import io.sekisho.agent.cluster.Inventory;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * The last snapshots of the inventory, so that a watch which was cut off can go on from the version
 * that it had; and whom to wake at a new one.
 */
final class InventoryHistory {
  private static final int KEPT = 32;

  private final ArrayDeque<Inventory> snapshots = new ArrayDeque<>();
  private final Set<Runnable> watchers = new CopyOnWriteArraySet<>();

  InventoryHistory(Cluster cluster) {
    snapshots.add(cluster.inventory());
    cluster.listen(this::changed);
  }

  private void changed(Inventory inventory) {
    synchronized (this) {
      if (inventory.version() <= snapshots.getLast().version()) {
        return;
      }
      snapshots.add(inventory);
      if (snapshots.size() > KEPT) {
        snapshots.remove();
      }
    }
    watchers.forEach(Runnable::run);
  }

  synchronized Inventory latest() {
    return snapshots.getLast();
  }

  /** The snapshot of a version, if it is still kept. */
  synchronized Optional<Inventory> at(long version) {
    return snapshots.stream()
        .filter(snapshot -> snapshot.version() == version && snapshot.synced())
        .findFirst();
  }

  void wakeUp(Runnable watcher) {
    watchers.add(watcher);
  }

  void forget(Runnable watcher) {
    watchers.remove(watcher);
  }
}
