package io.sekisho.policy.compile;

import io.sekisho.policy.Rule;
import java.util.List;

/**
 * A rule for some peers, with its ports as the server names them. Equal only to itself, so that
 * lists of uses compare fast.
 */
final class Use {
  final Rule rule;
  final boolean any;
  final List<Ports> parts;

  /**
   * A rule for some peers.
   *
   * @param any whether it speaks of any peer
   * @param parts its ports
   */
  Use(Rule rule, boolean any, List<Ports> parts) {
    this.rule = rule;
    this.any = any;
    this.parts = parts;
  }

  /** The rule as it matches at one of its parts. */
  Match at(Ports part) {
    return new Match(rule, Precedence.of(rule, part.protocol(), part.length(), any));
  }
}
