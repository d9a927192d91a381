package io.sekisho.policy.compile;

import io.sekisho.policy.Action;
import io.sekisho.policy.Rule;
import io.sekisho.policy.Tier;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A rule that speaks of a connection.
 *
 * @param rule the rule
 * @param precedence how strong it is for this connection, see {@link Precedence}
 */
public record Match(Rule rule, int precedence) {
  /** The stronger first: by precedence, then by name. */
  public static final Comparator<Match> STRONGEST =
      Comparator.<Match>comparingInt(m -> -m.precedence()).thenComparing(m -> m.rule().reference());

  /**
   * The match that decides; empty if the default does.
   *
   * @param matches every match, in any order
   * @param isolated whether policies of the normal tier isolate the endpoint, so that the baseline
   *     is not asked
   */
  public static Optional<Match> deciding(Collection<Match> matches, boolean isolated) {
    Optional<Match> best = matches.stream().min(STRONGEST);
    if (best.isEmpty() || isFinal(best.get(), isolated)) {
      return best;
    }
    return inOrder(matches.stream().sorted(STRONGEST).toList(), isolated);
  }

  private static boolean isFinal(Match best, boolean isolated) {
    boolean asked = !isolated || best.rule().standing().tier() != Tier.BASELINE;
    return asked && best.rule().action() != Action.PASS;
  }

  private static Optional<Match> inOrder(List<Match> sorted, boolean isolated) {
    Optional<Tier> passed = Optional.empty();
    for (Match match : sorted) {
      Tier tier = match.rule().standing().tier();
      if (tier == Tier.BASELINE && isolated) {
        return Optional.empty();
      }
      if (passed.equals(Optional.of(tier))) {
        continue;
      }
      if (match.rule().action() != Action.PASS) {
        return Optional.of(match);
      }
      passed = Optional.of(tier);
    }
    return Optional.empty();
  }
}
