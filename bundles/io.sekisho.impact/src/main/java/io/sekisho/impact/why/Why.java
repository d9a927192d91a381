package io.sekisho.impact.why;

import io.sekisho.impact.run.Asking;
import io.sekisho.policy.Direction;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.evaluate.Considered;
import io.sekisho.policy.evaluate.Decision;
import io.sekisho.policy.evaluate.Evaluation;
import java.util.ArrayList;
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
