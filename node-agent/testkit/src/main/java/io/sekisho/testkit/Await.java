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

  private Await() {}

  /**
   * Waits until the condition holds.
   *
   * @param what what is waited for, for the error
   * @throws AssertionError if it does not within {@link #DEADLINE}
   */
  public static void until(Supplier<String> what, BooleanSupplier condition) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + DEADLINE.toSeconds() + " s: " + what.get());
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  /** See {@link #until(Supplier, BooleanSupplier)}. */
  public static void until(String what, BooleanSupplier condition) {
    until(() -> what, condition);
  }
}
