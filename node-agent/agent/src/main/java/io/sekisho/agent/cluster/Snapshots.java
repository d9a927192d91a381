package io.sekisho.agent.cluster;

import io.sekisho.agent.loop.Pace;
import io.sekisho.agent.loop.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;

/**
 * Makes a new inventory after changes, and tells listeners, on one thread. Changes within the
 * interval after a snapshot become one, and a large inventory is made seldom enough.
 *
 * <p>Versions begin with the microseconds since 1970, so that those of an agent before its restart
 * are never taken for its own.
 */
final class Snapshots implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Snapshots.class.getName());

  private final Duration interval;
  private final LongFunction<Inventory> make;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("cluster").daemon().unstarted(task));
  private final List<Cluster.Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private long version = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  private final Pace pace = new Pace(Ticker.SYSTEM);
  private volatile Inventory latest = Inventory.EMPTY;

  Snapshots(Duration interval, LongFunction<Inventory> make) {
    this.interval = interval;
    this.make = make;
  }

  Inventory latest() {
    return latest;
  }

  void changed() {
    if (!thread.isShutdown() && scheduled.compareAndSet(false, true)) {
      thread.schedule(this::take, interval.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Does something once, on the same thread. */
  void later(Duration delay, Runnable task) {
    if (!thread.isShutdown()) {
      thread.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void take() {
    long rest = pace.rest(Pace.Share.TENTH).toNanos();
    if (rest > 0) {
      thread.schedule(this::take, rest, TimeUnit.NANOSECONDS);
    } else {
      pace.run(this::tell);
    }
  }

  private void tell() {
    scheduled.set(false);
    latest = make.apply(++version);
    listeners.forEach(this::tell);
  }

  private void tell(Cluster.Listener listener) {
    try {
      listener.changed(latest);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a listener of the cluster failed", e);
    }
  }

  void listen(Cluster.Listener listener) {
    thread.execute(
        () -> {
          listeners.add(listener);
          tell(listener);
        });
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
