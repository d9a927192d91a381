package io.sekisho.impact.run;

import io.sekisho.policy.evaluate.Decision;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What documents say about a connection.
 *
 * @param sides the decision of each end where policies decide: the client's first
 */
public record Answer(List<Side> sides) {
  /** Keeps an immutable copy. */
  public Answer {
    sides = List.copyOf(sides);
  }

  /** Whether it passes at both ends. */
  public boolean passes() {
    return sides.stream().allMatch(s -> s.decision().allows());
  }

  /** Whether it passes only because a policy is under audit. */
  public boolean audited() {
    return passes() && sides.stream().anyMatch(s -> s.decision() == Decision.AUDITED);
  }

  /** The end that drops it, or that would; of two the client's, which is asked first. */
  private List<Side> telling() {
    List<Side> against = sides.stream().filter(s -> !s.decision().allows()).toList();
    if (!against.isEmpty()) {
      return against.subList(0, 1);
    }
    List<Side> audits = sides.stream().filter(s -> s.decision() == Decision.AUDITED).toList();
    return audits.isEmpty() ? sides : audits;
  }

  /** What decides, in words: the end that drops it, or both ends. */
  @Override
  public String toString() {
    return sides.isEmpty()
        ? "no policy is asked"
        : telling().stream().map(Side::toString).collect(Collectors.joining(", "));
  }
}
