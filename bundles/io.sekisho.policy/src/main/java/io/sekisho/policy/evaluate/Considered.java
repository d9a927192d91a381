package io.sekisho.policy.evaluate;

import io.sekisho.policy.Rule;

/**
 * A rule that was looked at.
 *
 * @param rule the rule
 * @param peerMatches whether it speaks of the other end
 * @param portMatches whether it speaks of the port and protocol
 * @param reason why it did not match, or why a match did not decide; empty for the deciding rule
 */
public record Considered(Rule rule, boolean peerMatches, boolean portMatches, String reason) {
  /** Whether the rule speaks of the connection. */
  public boolean matches() {
    return peerMatches && portMatches;
  }

  /** How much of the rule matched: 2 all, 1 either peer or port, 0 nothing. */
  public int closeness() {
    return (peerMatches ? 1 : 0) + (portMatches ? 1 : 0);
  }
}
