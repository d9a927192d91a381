package io.sekisho.console.graph.view;

import io.sekisho.console.graph.layout.Planner;
import io.sekisho.console.graph.layout.Scene;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Plans scenes on one thread of its own. Only the newest request counts: a running one stops
 * between two of its steps, a waiting one is skipped. Whoever asks often must wait for answers:
 * else there would never be one.
 */
final class LayoutWorker implements AutoCloseable {
  private final Planner planner;
  private final Consumer<RuntimeException> onFailure;
  private final AtomicLong newest = new AtomicLong();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("graph-layout").factory());

  LayoutWorker(Planner planner, Consumer<RuntimeException> onFailure) {
    this.planner = planner;
    this.onFailure = onFailure;
    thread.execute(planner::warm);
  }

  /**
   * Plans; {@code done} hears of the scene on the worker's thread, or of none if that failed. It
   * hears nothing if a newer request came or nobody waits any more.
   */
  void plan(Planner.Request request, Consumer<Optional<Scene>> done) {
    long own = newest.incrementAndGet();
    thread.execute(() -> run(request, own, done));
  }

  /** Nobody waits for an answer any more. */
  void forget() {
    newest.incrementAndGet();
  }

  private void run(Planner.Request request, long own, Consumer<Optional<Scene>> done) {
    if (newest.get() != own) {
      return;
    }
    Optional<Scene> scene = Optional.empty();
    try {
      scene = Optional.of(planner.plan(request, () -> newest.get() != own));
    } catch (CancellationException e) {
      return;
    } catch (RuntimeException e) {
      onFailure.accept(e);
    }
    if (newest.get() == own) {
      done.accept(scene);
    }
  }

  @Override
  public void close() {
    newest.incrementAndGet();
    thread.shutdownNow();
  }
}
