package io.sekisho.policy.compile;

import java.util.Map;

/**
 * Everything that the policy map of one endpoint says, in the form in which a longest-prefix lookup
 * gives the right answer: entries that a broader deny covers have been left out.
 *
 * @param ingressEnforced whether a policy selects the endpoint for what comes in; if not, all
 *     passes
 * @param egressEnforced the same for what goes out
 * @param entries the entries of both directions
 */
public record PolicyTable(
    boolean ingressEnforced, boolean egressEnforced, Map<PolicyKey, PolicyEntry> entries) {
  /** The table of an endpoint that no policy selects. */
  public static final PolicyTable OPEN = new PolicyTable(false, false, Map.of());

  /** Keeps an immutable copy. */
  public PolicyTable {
    entries = Map.copyOf(entries);
  }
}
