package io.sekisho.agent.cluster;

import io.sekisho.agent.cluster.ClusterStore.Entry;
import io.sekisho.agent.cluster.ClusterStore.Watch;
import io.sekisho.agent.cluster.ClusterStore.Watcher;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Tells watches of changes, in the order of the calls, on one thread. */
final class Broadcast implements AutoCloseable {
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final ExecutorService thread;

  Broadcast(String name) {
    thread =
        Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().name(name).daemon().unstarted(task));
  }

  /** A watch that is told this state first, then every later change. */
  Watch add(String prefix, Watcher watcher, List<Entry> state) {
    var subscription = new Subscription(prefix, watcher);
    subscriptions.add(subscription);
    thread.execute(
        () -> {
          subscription.guard.call(Watcher::reset);
          state.forEach(entry -> subscription.guard.call(w -> w.put(entry)));
          subscription.guard.call(Watcher::synced);
        });
    return () -> {
      subscriptions.remove(subscription);
      subscription.guard.close();
    };
  }

  void put(Entry entry) {
    tell(entry.key(), watcher -> watcher.put(entry));
  }

  void deleted(String key) {
    tell(key, watcher -> watcher.deleted(key));
  }

  private void tell(String key, Consumer<Watcher> change) {
    for (var subscription : subscriptions) {
      if (key.startsWith(subscription.prefix)) {
        thread.execute(() -> subscription.guard.call(change));
      }
    }
  }

  @Override
  public void close() {
    subscriptions.forEach(s -> s.guard.close());
    thread.shutdown();
  }

  /** One watch of one prefix. */
  private record Subscription(String prefix, WatchGuard guard) {
    Subscription(String prefix, Watcher watcher) {
      this(prefix, new WatchGuard(watcher));
    }
  }
}
