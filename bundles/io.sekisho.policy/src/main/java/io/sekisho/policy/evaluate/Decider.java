package io.sekisho.policy.evaluate;

import io.sekisho.policy.Direction;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Rule;
import io.sekisho.policy.compile.Match;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.Ruling;
import io.sekisho.policy.compile.Rulings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says what documents decide about many connections, without why: the rules of an endpoint, and
 * those of them that speak of a peer, are found once. The decisions are the {@link Evaluator}'s.
 * Safe for several threads; what was found stays as long as the object does.
 */
public final class Decider {
  private final PolicyCompiler compiler;
  private final boolean audit;
  private final Map<Subject, Rulings> rulings = new ConcurrentHashMap<>();
  private final Map<Between, Speaking> speaking = new ConcurrentHashMap<>();

  /** Whose policies are asked. */
  private record Subject(Labels labels, Direction direction) {}

  /** Whose policies are asked about whom. */
  private record Between(Labels subject, Labels peer, Direction direction) {}

  /** The rules that speak of a peer: in force, and with those under audit. */
  private record Speaking(List<Rule> inForce, List<Rule> withAudit) {
    static Speaking of(Rulings rulings, Question question) {
      List<Rule> real = of(rulings.inForce(), question);
      return new Speaking(real, rulings.audits() ? of(rulings.withAudit(), question) : real);
    }

    private static List<Rule> of(Ruling ruling, Question question) {
      return ruling.rules().stream()
          .filter(r -> r.peers().stream().anyMatch(p -> p.matches(question.peer())))
          .toList();
    }
  }

  /**
   * Asks the documents of a compiler.
   *
   * @param audit whether all endpoints are under audit
   */
  public Decider(PolicyCompiler compiler, boolean audit) {
    this.compiler = compiler;
    this.audit = audit;
  }

  /** What the documents say of an endpoint in one direction. */
  public Rulings rulings(Labels subject, Direction direction) {
    return rulings.computeIfAbsent(
        new Subject(subject, direction), s -> compiler.rulings(s.labels(), s.direction()));
  }

  /** Asks the side of the question's direction. */
  public Decided decide(Question question) {
    if (Evaluator.fromOwnNode(question)) {
      return new Decided(Decision.LOCAL_HOST, Optional.empty());
    }
    Labels subject = question.subject().labels();
    Rulings all = rulings(subject, question.direction());
    if (Evaluator.failSafe(compiler, all, question)) {
      return new Decided(Decision.FAIL_SAFE, Optional.empty());
    }
    if (all.open()) {
      return new Decided(Decision.NOT_ENFORCED, Optional.empty());
    }
    Speaking rules =
        speaking.computeIfAbsent(
            new Between(subject, question.peer().labels(), question.direction()),
            b -> Speaking.of(all, question));
    return ByAddress.decide(
        all,
        question,
        decide(rules.inForce(), all.inForce().isolated(), question),
        () -> decide(rules.withAudit(), all.withAudit().isolated(), question),
        audit);
  }

  private static Decided decide(List<Rule> rules, boolean isolated, Question question) {
    var matches = new ArrayList<Match>(rules.size());
    for (Rule rule : rules) {
      if (portsMatch(rule, question)) {
        matches.add(new Match(rule, Evaluator.precedence(rule, question)));
      }
    }
    return Decided.of(Match.deciding(matches, isolated).map(Match::rule), isolated);
  }

  private static boolean portsMatch(Rule rule, Question question) {
    for (PortRange range : rule.portsAt(question.destination().labels())) {
      if (range.contains(question.protocol(), question.port())) {
        return true;
      }
    }
    return false;
  }
}
