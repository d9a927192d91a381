package io.sekisho.agent.observer;

import io.sekisho.agent.policy.RuleNames;
import io.sekisho.agent.policy.RuleNames.NamedRule;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.Policy;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.policy.Direction;
import io.sekisho.policy.RuleReference;
import io.sekisho.policy.compile.RuleIds;
import java.util.Optional;

/** Puts deciding rules into flows: as Hubble's policies, and as our own references. */
final class Rules {
  private final RuleNames names;

  Rules(RuleNames names) {
    this.names = names;
  }

  /** The reference of a rule id; only the id where no document is known for it. */
  RuleRef reference(int ruleId) {
    var out = RuleRef.newBuilder().setId(ruleId);
    find(ruleId)
        .ifPresent(
            named -> {
              RuleReference rule = named.rule();
              out.setKind(rule.kind())
                  .setNamespace(rule.namespace())
                  .setName(rule.name())
                  .setSection(rule.section().text())
                  .setIndex(rule.index())
                  .setLine(rule.line())
                  .setRevision(named.revision());
            });
    return out.build();
  }

  /** Adds the rule's document to the list of its section: direction, and allowed or denied. */
  void addPolicy(int ruleId, Flow.Builder flow) {
    find(ruleId).ifPresent(named -> addPolicy(named, flow));
  }

  private static void addPolicy(NamedRule named, Flow.Builder flow) {
    RuleReference rule = named.rule();
    Policy policy =
        Policy.newBuilder()
            .setName(rule.name())
            .setNamespace(rule.namespace())
            .setKind(rule.kind())
            .setRevision(named.revision())
            .build();
    boolean egress = rule.section().direction() == Direction.EGRESS;
    if (named.denies()) {
      if (egress) {
        flow.addEgressDeniedBy(policy);
      } else {
        flow.addIngressDeniedBy(policy);
      }
    } else if (egress) {
      flow.addEgressAllowedBy(policy);
    } else {
      flow.addIngressAllowedBy(policy);
    }
  }

  private Optional<NamedRule> find(int ruleId) {
    return Integer.compareUnsigned(ruleId, RuleIds.FIRST) < 0
        ? Optional.empty()
        : names.find(ruleId);
  }
}
