package io.sekisho.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for what happens on other threads or in the kernel, with a deadline, never a fixed time.
 */
public final class Await {
  /** Long enough for a slow machine that is busy with other tests. */
  public static final Duration DEADLINE = Duration.ofSeconds(60);

  private static final long LOOK_EVERY_NANOS = 2_000_000;

  /** Of conditions that take long to look at, as those that a command tells. */
  private static final long LOOK_AT_LEAST_EVERY_NANOS = 250_000_000;

  private Await() {}

  /**
   * Waits until the condition holds.
   *
   * @param what what is waited for, for the error
   * @throws AssertionError if it does not within {@link #DEADLINE}
   */
  public static void until(Supplier<String> what, BooleanSupplier condition) {
    long looked = System.nanoTime();
    long end = looked + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      long now = System.nanoTime();
      if (now > end) {
        throw new AssertionError("not within " + DEADLINE.toSeconds() + " s: " + what.get());
      }
      // half of the time at most goes into looking: what is waited for needs the processor, too
      LockSupport.parkNanos(Math.clamp(now - looked, LOOK_EVERY_NANOS, LOOK_AT_LEAST_EVERY_NANOS));
      looked = System.nanoTime();
    }
  }

  /** See {@link #until(Supplier, BooleanSupplier)}. */
  public static void until(String what, BooleanSupplier condition) {
    until(() -> what, condition);
  }
}
