package io.sekisho.agent.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition; for tests. */
public final class Await {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private Await() {}

  /** Until it is so; fails with what is there instead after a minute. */
  public static void until(BooleanSupplier condition, Supplier<Object> state) {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not in time; there is " + state.get());
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** Until it is so. */
  public static void until(BooleanSupplier condition) {
    until(condition, () -> "nothing to tell");
  }
}
