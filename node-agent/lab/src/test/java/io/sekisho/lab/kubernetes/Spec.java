package io.sekisho.lab.kubernetes;

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
    SKIPPED
  }

  static Spec leftOut(String name, String why) {
    return new Spec(name, Result.SKIPPED, 0, why);
  }

  /** The first line of what was said, if anything was. */
  Optional<String> reason() {
    return why.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst();
  }
}
