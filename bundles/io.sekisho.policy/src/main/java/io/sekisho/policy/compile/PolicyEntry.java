package io.sekisho.policy.compile;

/**
 * What a policy entry decides.
 *
 * @param deny whether matching traffic is dropped
 * @param audit whether it is only reported as dropped, and passes; never without {@code deny}
 * @param precedence higher wins between the entry of a peer and the entry for any peer, see {@link
 *     Precedence}
 * @param ruleId id of the deciding rule, from {@link RuleIds}; below 16 reserved
 * @param proxyPort port of the L7 proxy that the traffic goes through, 0 for none
 */
public record PolicyEntry(boolean deny, boolean audit, int precedence, int ruleId, int proxyPort) {
  /** An entry in force. */
  public PolicyEntry(boolean deny, int precedence, int ruleId, int proxyPort) {
    this(deny, false, precedence, ruleId, proxyPort);
  }

  /** Whether matching traffic passes. */
  public boolean passes() {
    return !deny || audit;
  }
}
