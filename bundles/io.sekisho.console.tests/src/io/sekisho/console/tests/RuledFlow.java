package io.sekisho.console.tests;

import io.sekisho.api.v1.EndQuery;
import io.sekisho.api.v1.PolicyTrace;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.api.v1.SideVerdict;
import io.sekisho.api.v1.TracePolicyResponse;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;

/** Flows as if another rule had decided, and what agents say of such a rule. */
final class RuledFlow {
  private RuledFlow() {}

  static FlowRecord of(
      FlowRecord f, FlowVerdict verdict, String reason, String rule, int line, String kind) {
    return new FlowRecord(
        f.timeNanos(),
        verdict,
        reason,
        f.client(),
        f.server(),
        f.protocol(),
        f.clientPort(),
        f.serverPort(),
        f.reply(),
        f.opened(),
        f.egress(),
        rule,
        line,
        kind,
        f.packets(),
        f.bytes(),
        f.node(),
        f.tcpFlags(),
        f.icmpType());
  }

  /** The server denies it by rule 3 of a policy of the whole cluster, whose text is not told. */
  static TracePolicyResponse denied(EndQuery source, String name) {
    RuleRef rule =
        RuleRef.newBuilder()
            .setKind("AdminNetworkPolicy")
            .setName(name)
            .setSection("ingressDeny")
            .setIndex(3)
            .setLine(40)
            .build();
    SideVerdict side =
        SideVerdict.newBuilder()
            .setDecision(SideVerdict.Decision.DENIED)
            .setRuleText("all of " + source.getPod())
            .setRule(rule)
            .build();
    return TracePolicyResponse.newBuilder()
        .addTraces(PolicyTrace.newBuilder().setIngress(side))
        .build();
  }
}
