package io.sekisho.agent;

import io.sekisho.testkit.Await;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads and processes do. */
public final class Eventually {
  private Eventually() {}

  /** Returns when the condition holds; fails with what it says otherwise. */
  public static void holds(Supplier<String> what, BooleanSupplier condition) {
    Await.until(what, condition);
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
