package io.sekisho.policy;

import io.sekisho.policy.compile.FailSafe;

/**
 * How a cluster obeys its policies.
 *
 * @param mode where they are enforced
 * @param audit whether what they drop passes and is only reported
 * @param failSafe what of nodes' own traffic passes whatever they say
 */
public record Enforcement(EnforcementMode mode, boolean audit, FailSafe failSafe) {
  /** Policies drop at the endpoints that they select. */
  public static final Enforcement USUAL = new Enforcement(EnforcementMode.DEFAULT, false);

  /** With the usual fail-safe ports. */
  public Enforcement(EnforcementMode mode, boolean audit) {
    this(mode, audit, FailSafe.USUAL);
  }

  /** The same, or not, under audit. */
  public Enforcement audited(boolean other) {
    return new Enforcement(mode, other, failSafe);
  }

  @Override
  public String toString() {
    return mode.text() + (audit ? " under audit" : "");
  }
}
