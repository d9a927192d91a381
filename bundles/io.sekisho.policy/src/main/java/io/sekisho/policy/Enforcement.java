package io.sekisho.policy;

/**
 * How a cluster obeys its policies.
 *
 * @param mode where they are enforced
 * @param audit whether what they drop passes and is only reported
 */
public record Enforcement(EnforcementMode mode, boolean audit) {
  /** Policies drop at the endpoints that they select. */
  public static final Enforcement USUAL = new Enforcement(EnforcementMode.DEFAULT, false);
}
