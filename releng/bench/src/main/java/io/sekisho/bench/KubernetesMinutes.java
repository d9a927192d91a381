package io.sekisho.bench;

import io.sekisho.lab.LabException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Looks at the agent once a minute, and tells what it is like and what the minute cost. */
final class KubernetesMinutes implements AutoCloseable {
  private final KubernetesNode node;
  private final IntSupplier done;
  private final Consumer<Result> told;
  private final Supplier<KubernetesLoad> load;
  private final List<KubernetesHeap> heaps = new CopyOnWriteArrayList<>();
  private final Thread thread;

  /** What has been used up since the start. */
  private record Used(KubernetesLoad load, int done, double requests) {}

  /**
   * Looks from now on.
   *
   * @param load what each part has used
   * @param done how many pods have been replaced
   */
  KubernetesMinutes(
      KubernetesNode node, Supplier<KubernetesLoad> load, IntSupplier done, Consumer<Result> told) {
    this.node = node;
    this.load = load;
    this.done = done;
    this.told = told;
    thread = Thread.ofPlatform().name("minutes").start(this::run);
  }

  private Used used() {
    return new Used(load.get(), done.getAsInt(), node.metric("sekisho_apiserver_requests_total"));
  }

  private void run() {
    try {
      Used before = used();
      for (int minute = 1; true; minute++) {
        TimeUnit.MINUTES.sleep(1);
        Used now = used();
        tell(minute, before, now);
        before = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the end
    } catch (LabException e) {
      told.accept(Result.plain("Kubernetes: a minute", 0, "", "nothing seen: " + e.getMessage()));
    }
  }

  private void tell(int minute, Used before, Used now) {
    double seconds = (now.load().nanos() - before.load().nanos()) / 1e9;
    KubernetesHeap heap = node.heap();
    heaps.add(heap);
    int pods = now.done() - before.done();
    told.accept(
        Result.plain(
            "Kubernetes: live heap, minute " + minute,
            heap.megabytes(),
            "MB",
            "resident %.0f MB, %.1f requests/s; %.1f pods/s replaced; %s"
                .formatted(
                    node.residentMegabytes(),
                    (now.requests() - before.requests()) / seconds,
                    pods / seconds,
                    now.load().tellSince(before.load(), pods))));
  }

  /** How much more heap lived in the last minute than in the first, if there were two. */
  void tellGrowth() {
    if (heaps.size() > 1) {
      KubernetesHeap first = heaps.getFirst();
      KubernetesHeap last = heaps.getLast();
      told.accept(
          Result.atMost(
              "Kubernetes: growth of the heap, first to last minute",
              last.growthSince(first),
              "%",
              10,
              "%.1f to %.1f MB, with what is under way; %s"
                  .formatted(first.megabytes(), last.megabytes(), last.grownSince(first))));
    }
  }

  /** Ends it, once a look that has begun is over. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
