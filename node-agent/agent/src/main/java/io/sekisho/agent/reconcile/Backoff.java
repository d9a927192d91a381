package io.sekisho.agent.reconcile;

import java.time.Duration;

/** How long to wait after each failure in a row: doubles from 100 ms to 10 s. */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration MOST = Duration.ofSeconds(10);

  private int failures;

  /** The wait after one more failure, ns. */
  long failed() {
    long wait = FIRST.toNanos() << Math.min(failures, 20);
    failures++;
    return Math.min(wait, MOST.toNanos());
  }

  void succeeded() {
    failures = 0;
  }
}
