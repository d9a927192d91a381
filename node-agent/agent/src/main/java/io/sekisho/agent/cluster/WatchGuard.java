package io.sekisho.agent.cluster;

import io.sekisho.agent.cluster.ClusterStore.Watcher;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Lets calls through to a watcher one at a time, and none after {@link #close} has returned. A
 * watcher may close its own watch; an exception of a watcher is logged and does not end the watch.
 */
final class WatchGuard implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(WatchGuard.class.getName());

  private final ReentrantLock lock = new ReentrantLock();
  private final Watcher watcher;
  private boolean closed;

  WatchGuard(Watcher watcher) {
    this.watcher = watcher;
  }

  void call(Consumer<Watcher> change) {
    lock.lock();
    try {
      if (!closed) {
        change.accept(watcher);
      }
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a watcher of the cluster store failed", e);
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }
}
