package io.sekisho.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads do: looks every millisecond, until a deadline. */
public final class Eventually {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private Eventually() {}

  /** Returns when the condition holds; fails with what it says otherwise. */
  public static void holds(Supplier<String> what, BooleanSupplier condition) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never: " + what.get());
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Returns when the condition holds. */
  public static void holds(BooleanSupplier condition) {
    holds(() -> "the condition", condition);
  }

  /** The value, as soon as there is one. */
  public static <T> T value(Supplier<Optional<T>> source) {
    holds(() -> "a value", () -> source.get().isPresent());
    return source.get().orElseThrow();
  }
}
