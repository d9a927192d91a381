package io.sekisho.agent.cluster;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keys and values that all nodes share. Keys are slash-separated; values are protobuf messages of
 * {@code sekisho.v1} as bytes. All calls block, and fail with {@link ClusterStoreException} (never
 * wait longer than the store's request time-out). Implementations: a file for a single node; etcd
 * or a Kubernetes API server for several. All pass the same contract test.
 */
public interface ClusterStore extends AutoCloseable {

  /** A value and the version that its last write made; versions grow with every write. */
  record Entry(String key, byte[] value, long version) {}

  /** How long a value lives. */
  enum Lifetime {
    /** Until deleted. */
    PERSISTENT,
    /** Until deleted, or until this process has not renewed its lease in time. */
    SESSION
  }

  /** The value of a key. */
  Optional<Entry> get(String key);

  /** All keys that begin with a prefix, sorted by key. */
  List<Entry> list(String prefix);

  /** Writes unconditionally; the new version. */
  long put(String key, byte[] value, Lifetime lifetime);

  /**
   * Writes if the key's version is the expected one (0: the key does not exist).
   *
   * @return the new version, or empty if another write came first; nothing changed then
   */
  Optional<Long> compareAndSet(String key, long expected, byte[] value, Lifetime lifetime);

  /** Removes a key; whether it was there. */
  boolean delete(String key);

  /**
   * Writes several keys, and removes those without a value. If it fails, some may be done. A store
   * may take fewer steps than keys.
   */
  default void update(Map<String, Optional<byte[]>> changes, Lifetime lifetime) {
    changes.forEach(
        (key, value) -> {
          if (value.isPresent()) {
            put(key, value.get(), lifetime);
          } else {
            delete(key);
          }
        });
  }

  /**
   * Tells the present state of a prefix, then every change in order. After a loss of connection the
   * state is told again, with {@link Watcher#reset} before it; nothing is ever missed.
   */
  Watch watch(String prefix, Watcher watcher);

  /** What the store is and whether it answers. */
  Health health();

  /**
   * Ends watches and stops renewing the lease: what has SESSION lifetime goes when it runs out, not
   * before, so that a restarted agent takes its values over and nobody sees them missing.
   */
  @Override
  void close();

  /** Takes the changes of a watch, one at a time, on a thread of the store; must not block. */
  interface Watcher {
    /** What follows until {@link #synced} is the whole state; forget what it does not name. */
    void reset();

    /** A value is new or changed. */
    void put(Entry entry);

    /** A key is gone. */
    void deleted(String key);

    /** The present state has been told. */
    void synced();
  }

  /** A running watch. */
  interface Watch extends AutoCloseable {
    /** No call comes after this returns. */
    @Override
    void close();
  }

  /**
   * Name of the store ("etcd", "file", "kubernetes"), whether it answers, and what is wrong if not.
   */
  record Health(String store, boolean available, String message) {}
}
