package io.sekisho.console.kubernetes;

import io.sekisho.console.kubernetes.client.Refusals;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Calls that block, on virtual threads; cancelling the future interrupts the call. */
final class Work {
  private Work() {}

  /**
   * Starts a call.
   *
   * @param asked what is asked, as the begin of a sentence
   */
  static <T> CompletableFuture<T> start(String name, String asked, Supplier<T> body) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(
                () -> {
                  try {
                    result.complete(body.get());
                  } catch (RuntimeException | LinkageError e) {
                    result.completeExceptionally(Refusals.of(asked, e));
                  }
                });
    result.whenComplete(
        (value, thrown) -> {
          if (result.isCancelled()) {
            thread.interrupt();
          }
        });
    thread.start();
    return result;
  }
}
