package io.sekisho.policy.compile;

/**
 * What a policy entry decides.
 *
 * @param deny whether matching traffic is dropped
 * @param precedence higher wins between the entry of a peer and the entry for any peer; deny is
 *     above allow, then the more specific L4, then the more specific peer
 * @param ruleId id of the deciding rule, from {@link RuleIds}; below 16 reserved
 * @param proxyPort port of the L7 proxy that the traffic goes through, 0 for none
 */
public record PolicyEntry(boolean deny, int precedence, int ruleId, int proxyPort) {}
