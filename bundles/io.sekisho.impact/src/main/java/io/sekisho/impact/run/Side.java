package io.sekisho.impact.run;

import io.sekisho.policy.Direction;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.evaluate.Decision;
import java.util.Optional;

/**
 * What one end of a connection decides.
 *
 * @param direction {@link Direction#EGRESS}: the client's end; {@link Direction#INGRESS}: the
 *     server's
 * @param decision what decided
 * @param rule the deciding rule, empty where no rule did
 */
public record Side(Direction direction, Decision decision, Optional<RuleReference> rule) {
  /** In words, for example {@code ingress denied by shop/payment-in:2}. */
  @Override
  public String toString() {
    return direction.name().toLowerCase(java.util.Locale.ROOT)
        + " "
        + decision.text()
        + rule.map(r -> " " + r).orElse("");
  }
}
