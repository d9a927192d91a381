package io.sekisho.agent.rpc;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Blocking questions that are asked at the same time, each on a virtual thread. */
final class Ask {
  private Ask() {}

  static <T> CompletableFuture<T> start(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, task -> Thread.ofVirtual().start(task));
  }
}
