package io.sekisho.agent.cluster;

import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What this node wants the store to hold. A virtual thread writes what is not written yet, the
 * newest value of each key, and tries again while the store is away; nothing here blocks the
 * caller.
 */
final class OwnObjects implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(OwnObjects.class.getName());

  private final ClusterStore store;
  private final Duration pause;
  private final Map<String, byte[]> wanted = new HashMap<>();
  private final Set<String> dirty = new LinkedHashSet<>();
  private Set<String> writing = Set.of();
  private final Thread thread;
  private boolean closed;

  /** Writes to a store; pauses so long after a failure. */
  OwnObjects(ClusterStore store, Duration pause) {
    this.store = store;
    this.pause = pause;
    thread = Thread.ofVirtual().name("cluster-publish").start(this::run);
  }

  synchronized void want(String key, byte[] value) {
    wanted.put(key, value);
    dirty.add(key);
    notifyAll();
  }

  synchronized void drop(String key) {
    wanted.remove(key);
    dirty.add(key);
    notifyAll();
  }

  /** Writes again what the store should hold under a prefix and does not. */
  synchronized void compare(String prefix, Set<String> present) {
    for (String key : wanted.keySet()) {
      if (key.startsWith(prefix)
          && !present.contains(key)
          && !writing.contains(key)
          && dirty.add(key)) {
        LOG.log(System.Logger.Level.INFO, "{0} is missing in the store; writing it again", key);
      }
    }
    notifyAll();
  }

  /** Writes a key again if it should be there. */
  synchronized void deleted(String key) {
    if (wanted.containsKey(key)) {
      dirty.add(key);
      notifyAll();
    }
  }

  private void run() {
    try {
      while (true) {
        Map<String, Optional<byte[]>> changes = next();
        if (changes.isEmpty()) {
          return;
        }
        if (!write(changes)) {
          Thread.sleep(pause);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All that is to be written now; empty at the end. */
  private synchronized Map<String, Optional<byte[]>> next() throws InterruptedException {
    writing = Set.of();
    while (dirty.isEmpty() && !closed) {
      wait();
    }
    var changes = new LinkedHashMap<String, Optional<byte[]>>();
    if (!closed) {
      dirty.forEach(key -> changes.put(key, Optional.ofNullable(wanted.get(key))));
      dirty.clear();
    }
    writing = Set.copyOf(changes.keySet());
    return changes;
  }

  private boolean write(Map<String, Optional<byte[]>> changes) {
    try {
      store.update(changes, Lifetime.SESSION);
      return true;
    } catch (ClusterStoreException e) {
      LOG.log(
          System.Logger.Level.DEBUG, "{0} not written yet: {1}", changes.keySet(), e.getMessage());
    } catch (RuntimeException e) {
      // a fault of ours: what others must know of the node is tried again
      LOG.log(System.Logger.Level.ERROR, changes.keySet() + " not written", e);
    }
    synchronized (this) {
      dirty.addAll(changes.keySet());
    }
    return false;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.interrupt();
  }
}
