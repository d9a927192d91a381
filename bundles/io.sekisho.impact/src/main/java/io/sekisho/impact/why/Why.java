package io.sekisho.impact.why;

import io.sekisho.api.v1.ConsideredRule;
import io.sekisho.api.v1.PolicyTrace;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.api.v1.SideVerdict;
import io.sekisho.impact.run.Asking;
import io.sekisho.policy.Direction;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.Section;
import io.sekisho.policy.evaluate.Considered;
import io.sekisho.policy.evaluate.Decision;
import io.sekisho.policy.evaluate.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What each end of a connection decides by the documents, and why.
 *
 * @param ends the client's end first; only those where policies decide
 */
public record Why(List<End> ends) {
  /** Keeps an immutable copy. */
  public Why {
    ends = List.copyOf(ends);
  }

  /**
   * One end.
   *
   * @param direction {@link Direction#EGRESS}: the client's; {@link Direction#INGRESS}: the
   *     server's
   * @param decision what decided
   * @param rule the deciding rule, empty where no rule did
   * @param text the lines of that rule
   * @param miss the rule of the other effect that came closest; only one that speaks of the peer or
   *     of the port
   */
  public record End(
      Direction direction,
      Decision decision,
      Optional<RuleReference> rule,
      List<String> text,
      Optional<Miss> miss) {
    /** Keeps an immutable copy. */
    public End {
      text = List.copyOf(text);
    }
  }

  /** A rule that nearly decided, and what kept it from that. */
  public record Miss(RuleReference rule, String reason) {}

  /** Asks the documents; neither end of the connection is unknown. */
  public static Why of(
      List<PolicyDocument> documents, Asking asking, Asking.Connection connection) {
    var ends = new ArrayList<End>(2);
    if (Asking.isEndpoint(connection.client())) {
      ends.add(end(documents, asking.evaluate(connection, Direction.EGRESS)));
    }
    if (Asking.isEndpoint(connection.server())) {
      ends.add(end(documents, asking.evaluate(connection, Direction.INGRESS)));
    }
    return new Why(ends);
  }

  /**
   * What an agent tells.
   *
   * @param documents known ones, for the lines of rules; of a rule in none of them only what it
   *     says in one line is told
   */
  public static Why told(PolicyTrace trace, List<PolicyDocument> documents) {
    var ends = new ArrayList<End>(2);
    if (trace.hasEgress()) {
      ends.add(end(Direction.EGRESS, trace.getEgress(), documents));
    }
    if (trace.hasIngress()) {
      ends.add(end(Direction.INGRESS, trace.getIngress(), documents));
    }
    return new Why(ends);
  }

  private static End end(Direction direction, SideVerdict side, List<PolicyDocument> documents) {
    Optional<RuleReference> rule =
        side.hasRule() ? Optional.of(reference(side.getRule())) : Optional.empty();
    Optional<ConsideredRule> miss =
        side.hasNearestMiss() ? Optional.of(side.getNearestMiss()) : Optional.empty();
    return new End(
        direction,
        decision(side),
        rule,
        rule.map(r -> RuleText.of(documents, r))
            .filter(lines -> !lines.isEmpty())
            .orElse(side.getRuleText().isEmpty() ? List.of() : List.of(side.getRuleText())),
        miss.filter(m -> m.getPeerMatches() || m.getPortMatches())
            .map(m -> new Miss(reference(m.getRule()), m.getReason())));
  }

  private static Decision decision(SideVerdict side) {
    return switch (side.getDecision()) {
      case ALLOWED -> Decision.ALLOWED;
      case DENIED -> Decision.DENIED;
      case AUDITED -> Decision.AUDITED;
      case DEFAULT_DENY -> Decision.DEFAULT_DENY;
      case LOCAL_HOST -> Decision.LOCAL_HOST;
      case FAIL_SAFE -> Decision.FAIL_SAFE;
      case NOT_ENFORCED -> Decision.NOT_ENFORCED;
      // of a newer agent: what it is called is not known, but whether it passes
      case DECISION_UNKNOWN, UNRECOGNIZED -> side.getPasses() ? Decision.ALLOWED : Decision.DENIED;
    };
  }

  private static RuleReference reference(RuleRef rule) {
    Section section =
        Arrays.stream(Section.values())
            .filter(s -> s.text().equals(rule.getSection()))
            .findFirst()
            .orElse(Section.INGRESS);
    return new RuleReference(
        rule.getKind(),
        rule.getNamespace(),
        rule.getName(),
        section,
        rule.getIndex(),
        rule.getLine());
  }

  private static End end(List<PolicyDocument> documents, Evaluation evaluation) {
    return new End(
        evaluation.question().direction(),
        evaluation.decision(),
        evaluation.rule(),
        evaluation.rule().map(r -> RuleText.of(documents, r)).orElse(List.of()),
        evaluation
            .nearestMiss()
            .filter(c -> c.closeness() > 0)
            .map((Considered c) -> new Miss(c.rule().reference(), c.reason())));
  }

  /** Whether it passes at both ends. */
  public boolean passes() {
    return ends.stream().allMatch(e -> e.decision().allows());
  }

  /** The end that drops it, or that would without audit; the client's of two. */
  public Optional<End> against() {
    return ends.stream()
        .filter(e -> !e.decision().allows())
        .findFirst()
        .or(() -> ends.stream().filter(e -> e.decision() == Decision.AUDITED).findFirst());
  }
}
