package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.MapFill;
import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.libbpf.BpfMap;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Sweeps the tables of connections every few seconds, on a thread of its own. */
final class ConnectionSweeper implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ConnectionSweeper.class.getName());
  static final Duration PERIOD = Duration.ofSeconds(5);

  private final Function<String, BpfMap<byte[], byte[]>> maps;
  private final ConnectionAccess access;
  private final LongSupplier clock;
  private final ScheduledThreadPoolExecutor thread;
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private volatile List<MapFill> fill = List.of();
  private volatile List<Repair> trouble = List.of();

  /**
   * Begins at once.
   *
   * @param maps by name; stay the caller's, who closes this first
   * @param access to connections by key; the same
   * @param clock CLOCK_MONOTONIC, ns
   * @param period from the end of a sweep to the next one
   */
  ConnectionSweeper(
      Function<String, BpfMap<byte[], byte[]>> maps,
      ConnectionAccess access,
      LongSupplier clock,
      String node,
      Duration period) {
    this.maps = maps;
    this.access = access;
    this.clock = clock;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("datapath-sweep-" + node).factory());
    thread.scheduleWithFixedDelay(this::sweep, 0, period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    try {
      fill = ConnectionSweep.run(maps, access, clock.getAsLong());
      trouble = List.of();
    } catch (RuntimeException | Error e) {
      // whatever it is: else this thread never sweeps again, and nobody hears of it
      if (trouble.isEmpty()) {
        LOG.log(System.Logger.Level.WARNING, "connections were not swept; that is tried again", e);
      }
      trouble = List.of(Repair.failed("tables of connections", "are not swept", e));
    } finally {
      first.complete(null);
    }
  }

  /** What lives, by table, as the last sweep saw it; waits for the first one. */
  List<MapFill> fill() {
    first.join();
    return fill;
  }

  /** Why the last sweep failed, if it did: tables fill then with what has ended. */
  List<Repair> trouble() {
    return trouble;
  }

  /** Waits for the end of a sweep that runs. */
  @Override
  public void close() {
    thread.shutdown();
    first.complete(null);
    boolean interrupted = false;
    while (!thread.isTerminated()) {
      try {
        thread.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
