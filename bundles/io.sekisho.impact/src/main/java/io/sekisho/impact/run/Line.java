package io.sekisho.impact.run;

import io.sekisho.impact.seen.Talk;
import io.sekisho.policy.PortRange;
import java.util.Optional;

/**
 * One question of recorded traffic, and what becomes of it.
 *
 * @param talk the question and its flows
 * @param outcome what becomes of it
 * @param before what the documents in force say; empty where they can't be asked
 * @param after what the others say
 * @param reason why nothing can be said, empty if something can
 */
public record Line(
    Talk talk, Outcome outcome, Optional<Answer> before, Optional<Answer> after, String reason) {
  /** {@code 8443/TCP}, {@code ICMPv4 type 8} or the protocol alone. */
  public String port() {
    String protocol =
        talk.protocol() == 0 ? "unknown protocol" : PortRange.protocolName(talk.protocol());
    if (talk.protocol() == 1 || talk.protocol() == 58) {
      return protocol + " type " + talk.port();
    }
    return talk.port() == 0 ? protocol : talk.port() + "/" + protocol;
  }
}
