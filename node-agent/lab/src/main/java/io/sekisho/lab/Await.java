package io.sekisho.lab;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions of other processes, with a deadline. */
public final class Await {
  private static final long POLL_MILLIS = 20;

  /** Where it takes long to ask, as by a command. */
  private static final long SLOWEST_POLL_MILLIS = 250;

  private Await() {}

  /**
   * Returns when the condition holds.
   *
   * @param what said if it never does
   * @throws LabException with TIMEOUT
   */
  public static void until(Duration patience, Supplier<String> what, BooleanSupplier condition) {
    long asked = System.nanoTime();
    long deadline = asked + patience.toNanos();
    while (!condition.getAsBoolean()) {
      long now = System.nanoTime();
      if (now > deadline) {
        throw new LabException(LabException.Code.TIMEOUT, what.get());
      }
      try {
        // half of the time at most goes into asking: what is waited for needs the processor, too
        long asking = TimeUnit.NANOSECONDS.toMillis(now - asked);
        TimeUnit.MILLISECONDS.sleep(Math.clamp(asking, POLL_MILLIS, SLOWEST_POLL_MILLIS));
        asked = System.nanoTime();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabException(LabException.Code.TIMEOUT, "interrupted: " + what.get(), e);
      }
    }
  }
}
