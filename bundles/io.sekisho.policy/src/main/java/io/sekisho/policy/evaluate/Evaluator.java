package io.sekisho.policy.evaluate;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NodeLabels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Rule;
import io.sekisho.policy.compile.Match;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.Precedence;
import io.sekisho.policy.compile.Ruling;
import io.sekisho.policy.compile.Rulings;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Says what documents decide about a connection and why; the same answer as the datapath's, found
 * by asking every rule. Always answers the same, and is safe for several threads; it remembers the
 * rules of each endpoint that it was asked about.
 */
public final class Evaluator {
  private final PolicyCompiler compiler;
  private final boolean audit;
  private final List<Cidr> cidrs;

  /** What endpoints are told: many questions are about the same ones. */
  private final Map<Told, Rulings> told = new ConcurrentHashMap<>();

  private record Told(Labels endpoint, Direction direction) {}

  /** An evaluator of the documents of one revision, in force as is usual. */
  public Evaluator(List<PolicyDocument> documents) {
    this(documents, Enforcement.USUAL);
  }

  /** An evaluator of the documents of one revision, obeyed as the cluster does. */
  public Evaluator(List<PolicyDocument> documents, Enforcement enforcement) {
    this(
        new PolicyCompiler(documents, enforcement.mode(), enforcement.failSafe()),
        enforcement.audit());
  }

  /**
   * An evaluator of a compiler's documents.
   *
   * @param audit whether all endpoints are under audit
   */
  public Evaluator(PolicyCompiler compiler, boolean audit) {
    this.compiler = compiler;
    this.audit = audit;
    this.cidrs = List.copyOf(compiler.cidrs());
  }

  /**
   * The identity that a node would give an address outside of the cluster: that of the longest
   * prefix that a document names, else the world. The number of such a prefix is a placeholder
   * ({@link Identity#FIRST_LOCAL}), for every node has its own.
   */
  public Identity outside(InetAddress address) {
    return outside(Cidr.of(address));
  }

  /** The same for a prefix: that of the longest named one which holds all of it. */
  public Identity outside(Cidr prefix) {
    return cidrs.stream()
        .filter(c -> c.contains(prefix))
        .max(Comparator.comparingInt(Cidr::length128))
        .map(c -> new Identity(Identity.FIRST_LOCAL, CidrLabels.of(c)))
        .orElse(Identity.WORLD);
  }

  /** Asks the side of the question's direction. */
  public Evaluation evaluate(Question question) {
    return evaluate(question, audit);
  }

  /**
   * Asks the side of the question's direction.
   *
   * @param underAudit whether that endpoint is under audit, so that it drops nothing
   */
  public Evaluation evaluate(Question question, boolean underAudit) {
    if (fromOwnNode(question)) {
      return new Evaluation(question, Decision.LOCAL_HOST, Optional.empty(), List.of());
    }
    Rulings rulings =
        told.computeIfAbsent(
            new Told(question.subject().labels(), question.direction()),
            t -> compiler.rulings(t.endpoint(), t.direction()));
    if (failSafe(compiler, rulings, question)) {
      return new Evaluation(question, Decision.FAIL_SAFE, Optional.empty(), List.of());
    }
    Answer real = Answer.of(rulings.inForce(), question);
    Answer full = rulings.audits() ? Answer.of(rulings.withAudit(), question) : real;
    Decided decided =
        ByAddress.decide(rulings, question, real.decided(), full::decided, underAudit);
    Optional<Considered> winner =
        Stream.of(full, real)
            .flatMap(a -> a.considered().stream())
            .filter(c -> c.matches() && decided.rule().equals(Optional.of(c.rule().reference())))
            .findFirst();
    return new Evaluation(
        question,
        decided.decision(),
        decided.rule(),
        Explanation.of(full.considered(), winner, question));
  }

  /** Whether an endpoint is asked about its own node, which always comes in. */
  static boolean fromOwnNode(Question question) {
    return question.direction() == Direction.INGRESS
        && NodeLabels.isHost(question.source().labels());
  }

  /** Whether a node is asked about what always passes there. */
  static boolean failSafe(PolicyCompiler compiler, Rulings rulings, Question question) {
    return NodeLabels.isHost(question.subject().labels())
        && !rulings.open()
        && compiler.failSafe().passes(question.peer(), question.protocol(), question.port());
  }

  /** What a ruling says of the peer by who it is. */
  private record Answer(List<Considered> considered, Optional<Rule> winner, boolean isolated) {
    static Answer of(Ruling ruling, Question question) {
      List<Considered> considered =
          ruling.rules().stream().map(r -> Explanation.consider(r, question)).toList();
      List<Match> matches =
          considered.stream()
              .filter(c -> c.matches() && Explanation.meansIdentity(c.rule(), question))
              .map(c -> new Match(c.rule(), precedence(c.rule(), question)))
              .toList();
      Optional<Rule> winner = Match.deciding(matches, ruling.isolated()).map(Match::rule);
      return new Answer(considered, winner, ruling.isolated());
    }

    Decided decided() {
      return Decided.of(winner, isolated);
    }
  }

  /** How strong a rule is for a question; if its ports do not match, as if it had none. */
  static int precedence(Rule rule, Question question) {
    boolean named =
        rule.peers().stream().anyMatch(p -> !p.matchesAll() && p.matches(question.peer()));
    return rule.portsAt(question.destination().labels()).stream()
        .filter((PortRange r) -> r.contains(question.protocol(), question.port()))
        .mapToInt(r -> Precedence.of(rule, r, question.port(), !named))
        .max()
        .orElseGet(() -> Precedence.of(rule, 0, 0, true));
  }
}
