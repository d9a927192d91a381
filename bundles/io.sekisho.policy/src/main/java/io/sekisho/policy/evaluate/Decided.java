package io.sekisho.policy.evaluate;

import io.sekisho.policy.RuleReference;
import java.util.Optional;

/**
 * What documents decide, without why.
 *
 * @param decision what decided
 * @param rule the deciding rule, empty where none did
 */
public record Decided(Decision decision, Optional<RuleReference> rule) {}
