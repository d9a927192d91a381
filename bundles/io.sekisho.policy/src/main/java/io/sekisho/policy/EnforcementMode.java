package io.sekisho.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where policy is enforced, as Cilium's PolicyEnforcement has it. */
public enum EnforcementMode {
  /** Where a policy selects the endpoint, in the directions of which it speaks. */
  DEFAULT,
  /** At every pod in both directions, as if an empty policy selected it; never at nodes. */
  ALWAYS,
  /** Nowhere: everything passes. */
  NEVER;

  /** As it is written in configurations. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The mode of a word; empty if there is none. */
  public static Optional<EnforcementMode> of(String text) {
    return Arrays.stream(values()).filter(m -> m.text().equals(text)).findFirst();
  }
}
