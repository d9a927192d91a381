package io.sekisho.lab;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions of other processes, with a deadline. */
public final class Await {
  private static final long POLL_MILLIS = 20;

  private Await() {}

  /**
   * Returns when the condition holds.
   *
   * @param what said if it never does
   * @throws LabException with TIMEOUT
   */
  public static void until(Duration patience, Supplier<String> what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new LabException(LabException.Code.TIMEOUT, what.get());
      }
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabException(LabException.Code.TIMEOUT, "interrupted: " + what.get(), e);
      }
    }
  }
}
