package io.sekisho.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** The same for each of a list, a few at a time. */
final class Parallel {
  private static final int AT_A_TIME = 4;

  private Parallel() {}

  /** Results in the order of the list; the first failure is thrown when all have ended. */
  static <A, B> List<B> map(List<A> list, Function<A, B> function) {
    List<Future<B>> futures = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
      for (A item : list) {
        futures.add(threads.submit(() -> function.apply(item)));
      }
    }
    List<B> results = new ArrayList<>();
    for (Future<B> future : futures) {
      try {
        results.add(future.get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof LabException known) {
          throw known;
        }
        throw new IllegalStateException("a step of the lab failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabException(LabException.Code.TIMEOUT, "interrupted", e);
      }
    }
    return results;
  }
}
