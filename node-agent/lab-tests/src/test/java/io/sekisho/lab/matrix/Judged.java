package io.sekisho.lab.matrix;

import io.sekisho.policy.Direction;

/**
 * What one end decided about a connection and did not simply let pass.
 *
 * @param direction of the end that decided: egress is the opener's
 * @param audited whether it passed all the same; else it was dropped
 * @param rule as people name it, {@code x/closed:1}, or {@link #DEFAULT_DENY}
 */
record Judged(Link link, Direction direction, boolean audited, String rule) {
  /** What is told where no rule of a document decided. */
  static final String DEFAULT_DENY = "default deny";

  @Override
  public String toString() {
    return link + " " + direction + " " + (audited ? "audited" : "dropped") + " by " + rule;
  }
}
