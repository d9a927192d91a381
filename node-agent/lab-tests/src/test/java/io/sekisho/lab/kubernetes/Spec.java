package io.sekisho.lab.kubernetes;

import java.util.Locale;
import java.util.Optional;

/**
 * What became of one of Kubernetes' own end-to-end tests.
 *
 * @param seconds how long it took; 0 if it was left out
 * @param why what failed, or why it was left out; empty if it passed
 */
record Spec(String name, Result result, double seconds, String why) {
  enum Result {
    PASSED,
    FAILED,
    /** It cannot run here, or said so itself. */
    SKIPPED,
    /** Its turn did not come. */
    LEFT;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Spec leftOut(String name, String why) {
    return new Spec(name, Result.SKIPPED, 0, why);
  }

  /** Its turn has not come yet. */
  static Spec left(String name) {
    return new Spec(name, Result.LEFT, 0, "");
  }

  /** The first line of what was said, if anything was. */
  Optional<String> reason() {
    return why.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst();
  }

  /** One line of a table. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%-7s %6.1f  %s%s",
        result.word(),
        seconds,
        name,
        reason().map(r -> ": " + r).orElse(""));
  }
}
