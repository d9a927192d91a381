package io.sekisho.policy.evaluate;

import io.sekisho.policy.RuleReference;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a {@link Question}.
 *
 * @param question what was asked
 * @param decision what decided
 * @param rule the deciding rule; empty where no rule did
 * @param considered every rule for the endpoint and direction: the deciding one first, then other
 *     matches, then by how close they came
 */
public record Evaluation(
    Question question,
    Decision decision,
    Optional<RuleReference> rule,
    List<Considered> considered) {
  /** Keeps an immutable copy. */
  public Evaluation {
    considered = List.copyOf(considered);
  }

  /** Whether the connection passes. */
  public boolean allowed() {
    return decision.allows();
  }

  /** The rule that came closest to deciding the other way; empty if there is none. */
  public Optional<Considered> nearestMiss() {
    return considered.stream()
        .filter(c -> !c.matches() && c.rule().deny() == allowed())
        .max(Comparator.comparingInt(Considered::closeness));
  }

  /** The answer in one line, for example {@code denied by shop/payment-in:2}. */
  @Override
  public String toString() {
    return decision.text() + rule.map(r -> " " + r).orElse("");
  }
}
