package io.sekisho.vm;

import java.util.Locale;
import java.util.concurrent.Callable;

/** Runs checks one after the other, prints one line for each, and counts those that failed. */
final class Checks {
  private final long start = System.nanoTime();
  private int failed;

  /**
   * Runs one; an exception is a failure.
   *
   * @return whether it held
   */
  boolean check(String name, Callable<Boolean> work) {
    String problem = "";
    try {
      problem = work.call() ? "" : " (it did not)";
    } catch (Exception e) {
      problem = " (" + e + ")";
    }
    failed += problem.isEmpty() ? 0 : 1;
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.println(
        String.format(
            Locale.ROOT,
            "%s %s%s, %.1f s",
            problem.isEmpty() ? "ok" : "FAILED",
            name,
            problem,
            seconds));
    return problem.isEmpty();
  }

  /** Whether all held so far. */
  boolean allHeld() {
    return failed == 0;
  }
}
