package io.sekisho.policy.evaluate;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Rule;
import io.sekisho.policy.compile.Match;
import io.sekisho.policy.compile.Precedence;
import io.sekisho.policy.compile.Rulings;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

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

  /**
   * The decision about a peer that has an address, too.
   *
   * @param real what the rules in force decide by identity
   * @param full what all rules would, were nothing under audit; asked only if that can matter
   * @param underAudit whether the endpoint drops nothing
   */
  static Decided decide(
      Rulings rulings,
      Question question,
      Decided real,
      Supplier<Decided> full,
      boolean underAudit) {
    if (!real.decision().allows()) {
      Optional<Rule> allowing =
          real.decision() == Decision.DEFAULT_DENY
              ? deciding(rulings.inForce().rules(), question)
              : Optional.empty();
      Decided dropped = underAudit ? new Decided(Decision.AUDITED, real.rule()) : real;
      return allowing.map(r -> lifted(r, rulings, question)).orElse(dropped);
    }
    Decided wanted = rulings.audits() ? full.get() : real;
    if (wanted.decision().allows()) {
      return real;
    }
    var audited = new Decided(Decision.AUDITED, wanted.rule());
    if (wanted.decision() != Decision.DEFAULT_DENY) {
      return audited;
    }
    if (rulings.inForce().isolated()) {
      return deciding(rulings.inForce().rules(), question)
          .map(r -> lifted(r, rulings, question))
          .orElse(audited);
    }
    // The datapath knows that nothing would drop it, and not what else would have let it pass.
    return deciding(rulings.withAudit().rules(), question)
        .map(r -> new Decided(Decision.NOT_ENFORCED, Optional.empty()))
        .orElse(audited);
  }

  /** A rule in force allows by the address; so must one with those under audit. */
  private static Decided lifted(Rule rule, Rulings rulings, Question question) {
    return rulings.audits() && deciding(rulings.withAudit().rules(), question).isEmpty()
        ? new Decided(Decision.AUDITED, Optional.empty())
        : new Decided(Decision.ALLOWED, Optional.of(rule.reference()));
  }

  /** The rule that allows; empty if none does. */
  private static Optional<Rule> deciding(List<Rule> rules, Question question) {
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
