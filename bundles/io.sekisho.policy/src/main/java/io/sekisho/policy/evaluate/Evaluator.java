package io.sekisho.policy.evaluate;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Identity;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PolicySpec;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Rule;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.Precedence;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Says what documents decide about a connection and why; the same answer as the datapath's, found
 * by asking every rule. Immutable and safe for several threads.
 */
public final class Evaluator {
  private final List<PolicyDocument> documents;
  private final List<Cidr> cidrs;

  /** An evaluator of the documents of one revision. */
  public Evaluator(List<PolicyDocument> documents) {
    this.documents = List.copyOf(documents);
    this.cidrs = List.copyOf(new PolicyCompiler(documents).cidrs());
  }

  /**
   * The identity that a node would give an address outside of the cluster: that of the longest
   * prefix that a document names, else the world. The number of such a prefix is a placeholder
   * ({@link Identity#FIRST_LOCAL}), for every node has its own.
   */
  public Identity outside(InetAddress address) {
    Cidr one = Cidr.of(address);
    return cidrs.stream()
        .filter(c -> c.contains(one))
        .max(Comparator.comparingInt(Cidr::length128))
        .map(c -> new Identity(Identity.FIRST_LOCAL, CidrLabels.of(c)))
        .orElse(Identity.WORLD);
  }

  /** Asks the side of the question's direction. */
  public Evaluation evaluate(Question question) {
    if (question.direction() == Direction.INGRESS && isOwnNode(question.source())) {
      return new Evaluation(question, Decision.LOCAL_HOST, Optional.empty(), List.of());
    }
    List<PolicySpec> specs = selecting(question.subject());
    List<Considered> considered =
        specs.stream()
            .flatMap(s -> s.rules().stream())
            .filter(r -> r.direction() == question.direction())
            .map(r -> consider(r, question))
            .toList();
    Optional<Considered> winner =
        considered.stream().filter(Considered::matches).min(strongest(question));
    boolean enforced = specs.stream().anyMatch(s -> s.enforces(question.direction()));
    return new Evaluation(
        question,
        decision(winner, enforced),
        winner.map(c -> c.rule().reference()),
        ordered(considered, winner, question));
  }

  private static boolean isOwnNode(Identity source) {
    return source.labels().get("reserved:host").isPresent();
  }

  private List<PolicySpec> selecting(Identity subject) {
    return documents.stream()
        .flatMap(d -> d.specs().stream())
        .filter(s -> s.subject().matches(subject.labels()))
        .toList();
  }

  private static Decision decision(Optional<Considered> winner, boolean enforced) {
    if (winner.isPresent()) {
      return winner.get().rule().deny() ? Decision.DENIED : Decision.ALLOWED;
    }
    return enforced ? Decision.DEFAULT_DENY : Decision.NOT_ENFORCED;
  }

  /** The rule that decides comes first: by precedence, then by name. */
  private static Comparator<Considered> strongest(Question question) {
    return Comparator.<Considered>comparingInt(c -> -precedence(c.rule(), question))
        .thenComparing(c -> c.rule().reference());
  }

  private static int precedence(Rule rule, Question question) {
    boolean named =
        rule.peers().stream().anyMatch(p -> !p.matchesAll() && p.matches(question.peer()));
    return rule.ports().stream()
        .filter(r -> r.contains(question.protocol(), question.port()))
        .mapToInt(r -> Precedence.of(rule.deny(), r, question.port(), !named))
        .max()
        .orElse(0);
  }

  private static Considered consider(Rule rule, Question question) {
    boolean peer = rule.peers().stream().anyMatch(p -> p.matches(question.peer()));
    boolean port =
        rule.ports().stream().anyMatch(r -> r.contains(question.protocol(), question.port()));
    var reasons = new ArrayList<String>();
    if (!peer) {
      reasons.add(peerReason(rule, question.peer()));
    }
    if (!port) {
      reasons.add(portReason(rule, question));
    }
    return new Considered(rule, peer, port, String.join("; ", reasons));
  }

  private static String peerReason(Rule rule, Identity peer) {
    return rule.peers().stream()
        .flatMap(p -> p.miss(peer).stream())
        .distinct()
        .reduce((a, b) -> a + ", or " + b)
        .map(r -> "the peer does not match: " + r)
        .orElse("the rule selects no peer");
  }

  private static String portReason(Rule rule, Question question) {
    String asked =
        (question.port() == 0 ? "" : question.port() + "/")
            + PortRange.protocolName(question.protocol());
    return rule.ports().stream()
        .map(PortRange::toString)
        .reduce((a, b) -> a + ", " + b)
        .map(p -> asked + " is not among its ports " + p)
        .orElse("the rule has no ports");
  }

  private static List<Considered> ordered(
      List<Considered> considered, Optional<Considered> winner, Question question) {
    return considered.stream()
        .sorted(
            Comparator.<Considered>comparingInt(c -> -c.closeness())
                .thenComparing(strongest(question)))
        .map(c -> explained(c, winner))
        .toList();
  }

  private static Considered explained(Considered c, Optional<Considered> winner) {
    if (!c.matches() || winner.isEmpty() || winner.get() == c) {
      return c;
    }
    String by = winner.get().rule().reference().toString();
    boolean denied = winner.get().rule().deny() && !c.rule().deny();
    String reason = denied ? "matches, but " + by + " denies" : "matches, as does " + by;
    return new Considered(c.rule(), true, true, reason);
  }
}
