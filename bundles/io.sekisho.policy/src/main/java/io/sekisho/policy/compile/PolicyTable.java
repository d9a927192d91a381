package io.sekisho.policy.compile;

import io.sekisho.policy.Identity;
import java.util.Map;

/**
 * Everything that the policy map of one endpoint says, in the form in which a longest-prefix lookup
 * gives the right answer.
 *
 * @param ingressEnforced whether what comes in and has no entry is dropped; if not, it passes
 * @param egressEnforced the same for what goes out
 * @param entries the entries of both directions
 */
public record PolicyTable(
    boolean ingressEnforced, boolean egressEnforced, Map<PolicyKey, PolicyEntry> entries) {
  /** The table of an endpoint that no policy selects. */
  public static final PolicyTable OPEN = new PolicyTable(false, false, Map.of());

  /** Whether rules for every pod stand once in a direction. */
  public boolean holdsPodsTogether(boolean egress) {
    return entries.keySet().stream()
        .anyMatch(k -> k.identity() == Identity.EVERY_POD && k.egress() == egress);
  }

  /** Keeps an immutable copy. */
  public PolicyTable {
    entries = Map.copyOf(entries);
  }
}
