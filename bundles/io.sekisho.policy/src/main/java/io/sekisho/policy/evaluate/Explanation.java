package io.sekisho.policy.evaluate;

import io.sekisho.policy.Action;
import io.sekisho.policy.NamedPort;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Rule;
import io.sekisho.policy.compile.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Says of each rule why it matches a question or not, and why a match did not decide. */
final class Explanation {
  private Explanation() {}

  /** Whether a rule speaks of the question, and if not, why. */
  static Considered consider(Rule rule, Question question) {
    boolean identity = meansIdentity(rule, question);
    boolean peer = identity || ByAddress.means(rule, question);
    List<PortRange> ranges =
        peer && !identity
            ? ByAddress.ports(rule, question)
            : rule.portsAt(question.destination().labels());
    boolean port = ranges.stream().anyMatch(r -> r.contains(question.protocol(), question.port()));
    var reasons = new ArrayList<String>();
    if (!peer) {
      reasons.add(peerReason(rule, question));
    }
    if (!port) {
      reasons.add(portReason(rule, question));
    }
    return new Considered(rule, peer, port, String.join("; ", reasons));
  }

  /** Whether a rule means the peer by who it is. */
  static boolean meansIdentity(Rule rule, Question question) {
    return rule.peers().stream().anyMatch(p -> p.matches(question.peer()));
  }

  private static String peerReason(Rule rule, Question question) {
    return rule.peers().stream()
        .flatMap(p -> p.miss(question.peer(), question.peerAddress()).stream())
        .distinct()
        .reduce((a, b) -> a + ", or " + b)
        .map(r -> "the peer does not match: " + r)
        .orElse("the rule selects no peer");
  }

  private static String portReason(Rule rule, Question question) {
    String asked =
        (question.port() == 0 ? "" : question.port() + "/")
            + PortRange.protocolName(question.protocol());
    return Stream.concat(
            rule.ports().stream().map(PortRange::toString),
            rule.named().stream().map(n -> named(n, rule, question)))
        .reduce((a, b) -> a + ", " + b)
        .map(p -> asked + " is not among its ports " + p)
        .orElse("the rule has no ports");
  }

  private static String named(NamedPort port, Rule rule, Question question) {
    return port.at(question.destination().labels(), rule.action()).stream()
        .findFirst()
        .map(r -> port + " (" + r + ")")
        .orElse(port + " (the destination has no such port)");
  }

  /** The rules, the deciding one first, then other matches, then by how close they came. */
  static List<Considered> of(
      List<Considered> considered, Optional<Considered> winner, Question question) {
    return considered.stream()
        .map(c -> new Ranked(c, match(c, question), isWinner(c, winner)))
        .sorted(Ranked.FIRST)
        .map(r -> explained(r.considered(), winner))
        .toList();
  }

  /** One of the rules, with what its place depends on. */
  private record Ranked(Considered considered, Match match, boolean wins) {
    static final Comparator<Ranked> FIRST =
        Comparator.<Ranked>comparingInt(r -> r.wins() ? 0 : 1)
            .thenComparingInt(r -> -r.considered().closeness())
            .thenComparing(Ranked::match, Match.STRONGEST);
  }

  private static Match match(Considered c, Question question) {
    return new Match(c.rule(), Evaluator.precedence(c.rule(), question));
  }

  private static boolean isWinner(Considered c, Optional<Considered> winner) {
    return winner.filter(w -> w.rule().reference().equals(c.rule().reference())).isPresent();
  }

  private static Considered explained(Considered c, Optional<Considered> winner) {
    if (!c.matches() || isWinner(c, winner)) {
      return c;
    }
    return new Considered(c.rule(), true, true, reason(c.rule(), winner.map(Considered::rule)));
  }

  private static String reason(Rule rule, Optional<Rule> winner) {
    if (rule.action() == Action.PASS) {
      return "matches, and leaves it to the next tier";
    }
    if (winner.isEmpty()) {
      return rule.standing().audit()
          ? "matches, but is under audit"
          : "matches, but what goes before it leaves it out";
    }
    String by = winner.get().reference().toString();
    if (rule.deny() == winner.get().deny()) {
      return "matches, as does " + by;
    }
    return "matches, but " + by + (winner.get().deny() ? " denies" : " goes before it");
  }
}
