package io.sekisho.agent.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A store that can be taken away; its watches then stay silent, as those of etcd do, and one that
 * is begun meanwhile tells nothing before the store is back.
 */
public final class FlakyStore implements ClusterStore {
  private final ClusterStore store;
  private final List<LateWatch> late = new CopyOnWriteArrayList<>();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean away;
  private volatile Supplier<RuntimeException> error =
      () -> new ClusterStoreException(ClusterStoreException.Code.UNAVAILABLE, "taken away");

  public FlakyStore(ClusterStore store) {
    this.store = store;
  }

  public void away(boolean now) {
    away = now;
    if (!now) {
      late.forEach(LateWatch::begin);
      late.clear();
    }
  }

  /** How calls fail while it is away. */
  public void failing(Supplier<RuntimeException> next) {
    error = next;
  }

  /** Calls refused so far. */
  public int refused() {
    return refused.get();
  }

  /** The same, for a second user: closing it does nothing. */
  public FlakyStore unclosable() {
    return new FlakyStore(new Unclosable(this));
  }

  private <T> T here(Supplier<T> call) {
    if (away) {
      refused.incrementAndGet();
      throw error.get();
    }
    return call.get();
  }

  @Override
  public Optional<Entry> get(String key) {
    return here(() -> store.get(key));
  }

  @Override
  public List<Entry> list(String prefix) {
    return here(() -> store.list(prefix));
  }

  @Override
  public long put(String key, byte[] value, Lifetime lifetime) {
    return here(() -> store.put(key, value, lifetime));
  }

  @Override
  public Optional<Long> compareAndSet(String key, long expected, byte[] value, Lifetime life) {
    return here(() -> store.compareAndSet(key, expected, value, life));
  }

  @Override
  public boolean delete(String key) {
    return here(() -> store.delete(key));
  }

  @Override
  public Watch watch(String prefix, Watcher watcher) {
    if (!away) {
      return store.watch(prefix, watcher);
    }
    var watch = new LateWatch(() -> store.watch(prefix, watcher));
    late.add(watch);
    return watch;
  }

  /** A watch that begins when the store is back. */
  private static final class LateWatch implements Watch {
    private final Supplier<Watch> begun;
    private Optional<Watch> watch = Optional.empty();
    private boolean closed;

    private LateWatch(Supplier<Watch> begun) {
      this.begun = begun;
    }

    private synchronized void begin() {
      if (!closed) {
        watch = Optional.of(begun.get());
      }
    }

    @Override
    public synchronized void close() {
      closed = true;
      watch.ifPresent(Watch::close);
    }
  }

  @Override
  public Health health() {
    return away ? new Health("flaky", false, "taken away") : store.health();
  }

  @Override
  public void close() {
    store.close();
  }

  /** Passes everything on but the end. */
  private record Unclosable(ClusterStore store) implements ClusterStore {
    @Override
    public Optional<Entry> get(String key) {
      return store.get(key);
    }

    @Override
    public List<Entry> list(String prefix) {
      return store.list(prefix);
    }

    @Override
    public long put(String key, byte[] value, Lifetime lifetime) {
      return store.put(key, value, lifetime);
    }

    @Override
    public Optional<Long> compareAndSet(String key, long expected, byte[] value, Lifetime life) {
      return store.compareAndSet(key, expected, value, life);
    }

    @Override
    public boolean delete(String key) {
      return store.delete(key);
    }

    @Override
    public Watch watch(String prefix, Watcher watcher) {
      return store.watch(prefix, watcher);
    }

    @Override
    public Health health() {
      return store.health();
    }

    @Override
    public void close() {
      // The first user closes it.
    }
  }
}
