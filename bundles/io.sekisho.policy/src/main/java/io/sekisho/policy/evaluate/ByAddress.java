package io.sekisho.policy.evaluate;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Rule;
import io.sekisho.policy.compile.Match;
import io.sekisho.policy.compile.Precedence;
import java.util.List;
import java.util.Optional;

/**
 * What rules say of the peer's address alone ({@link io.sekisho.policy.Peer.Block}): asked where
 * the default would drop, so nothing but an answer that allows comes of it.
 */
final class ByAddress {
  private ByAddress() {}

  /** Whether a rule means the peer by its address. */
  static boolean means(Rule rule, Question question) {
    Optional<Cidr> address = question.peerAddress();
    return address.isPresent() && rule.peers().stream().anyMatch(p -> p.covers(address.get()));
  }

  /** The ports of a rule that means the peer so; an address does not show what a server names. */
  static List<PortRange> ports(Rule rule, Question question) {
    return question.direction() == Direction.EGRESS
        ? rule.ports()
        : rule.portsAt(question.destination().labels());
  }

  /** The rule that allows; empty if none does. */
  static Optional<Rule> deciding(List<Rule> rules, Question question) {
    if (question.peerAddress().isEmpty()) {
      return Optional.empty();
    }
    List<Match> matches =
        rules.stream()
            .filter(rule -> means(rule, question))
            .flatMap(
                rule ->
                    ports(rule, question).stream()
                        .filter(r -> r.contains(question.protocol(), question.port()))
                        .map(r -> new Match(rule, Precedence.of(rule, r, question.port(), false))))
            .toList();
    return Match.deciding(matches, true).map(Match::rule);
  }
}
