package io.sekisho.policy.evaluate;

import io.sekisho.policy.Rule;
import io.sekisho.policy.RuleReference;
import java.util.Optional;

/**
 * What documents decide, without why.
 *
 * @param decision what decided
 * @param rule the deciding rule, empty where none did
 */
public record Decided(Decision decision, Optional<RuleReference> rule) {
  /** What the rule decides; the default if there is none. */
  static Decided of(Optional<Rule> rule, boolean isolated) {
    Decision byDefault = isolated ? Decision.DEFAULT_DENY : Decision.NOT_ENFORCED;
    return new Decided(
        rule.map(r -> r.deny() ? Decision.DENIED : Decision.ALLOWED).orElse(byDefault),
        rule.map(Rule::reference));
  }
}
