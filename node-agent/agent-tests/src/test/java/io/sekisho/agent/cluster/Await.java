package io.sekisho.agent.cluster;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition; for tests. */
public final class Await {
  private Await() {}

  /** Until it is so; fails with what is there instead after a minute. */
  public static void until(BooleanSupplier condition, Supplier<Object> state) {
    io.sekisho.testkit.Await.until(() -> "there is " + state.get(), condition);
  }

  /** Until it is so. */
  public static void until(BooleanSupplier condition) {
    until(condition, () -> "nothing to tell");
  }
}
