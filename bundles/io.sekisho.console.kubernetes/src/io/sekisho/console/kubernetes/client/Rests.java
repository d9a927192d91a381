package io.sekisho.console.kubernetes.client;

import java.time.Duration;

/** How long what does not sign us in is left alone. */
final class Rests {
  /** After the first failure. */
  static final Duration FIRST = Duration.ofSeconds(10);

  /** At most. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  private Rests() {}

  /** After one more failure. */
  static Duration longer(Duration rest) {
    Duration twice = rest.multipliedBy(2);
    return twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
  }
}
