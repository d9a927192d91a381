package io.sekisho.impact.why;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.v1.ConsideredRule;
import io.sekisho.api.v1.PolicyTrace;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.api.v1.SideVerdict;
import io.sekisho.impact.SeenFlow;
import io.sekisho.impact.run.Asking;
import io.sekisho.impact.seen.Talk;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Documents;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.evaluate.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Both ends say what they decide, with the text of the rule. */
final class WhyTest {
  private static final String IN =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: payment-in, namespace: shop}
      spec:
        endpointSelector: {matchLabels: {app: payment}}
        ingress:
          # the shop's own
          - fromEndpoints:
              - matchLabels:
                  app: cart
            toPorts: [{ports: [{port: "8443", protocol: TCP}]}]
          - fromEntities: [remote-node]
      """;

  private static Why of(SeenFlow flow) {
    List<PolicyDocument> documents = Documents.parse(List.of(IN)).documents();
    Talk talk = SeenFlow.gather(flow).talks().getFirst();
    return Why.of(documents, new Asking(documents), Asking.Connection.of(talk).orElseThrow());
  }

  @Test
  void of_allowed_showsTheRulesOwnLines() {
    Why why = of(new SeenFlow());
    assertTrue(why.passes());
    assertEquals(2, why.ends().size());
    assertEquals(Decision.NOT_ENFORCED, why.ends().getFirst().decision());
    Why.End server = why.ends().getLast();
    assertEquals(Direction.INGRESS, server.direction());
    assertEquals(
        List.of(
            "- fromEndpoints:",
            "    - matchLabels:",
            "        app: cart",
            "  toPorts: [{ports: [{port: \"8443\", protocol: TCP}]}]"),
        server.text());
  }

  private static SideVerdict.Builder allowed(int line) {
    return SideVerdict.newBuilder()
        .setDecision(SideVerdict.Decision.ALLOWED)
        .setPasses(true)
        .setRuleText("from endpoints with app=cart, ports 8443/TCP")
        .setRule(
            RuleRef.newBuilder()
                .setKind("CiliumNetworkPolicy")
                .setNamespace("shop")
                .setName("payment-in")
                .setSection("ingress")
                .setIndex(2)
                .setLine(line));
  }

  @Test
  void told_ruleOfAKnownDocument_showsItsLines() {
    var trace = PolicyTrace.newBuilder().setPasses(true).setIngress(allowed(12)).build();
    Why why = Why.told(trace, Documents.parse(List.of(IN)).documents());
    assertTrue(why.passes());
    Why.End server = why.ends().getFirst();
    assertEquals(Direction.INGRESS, server.direction());
    assertEquals("shop/payment-in:2", server.rule().orElseThrow().toString());
    assertEquals(List.of("- fromEntities: [remote-node]"), server.text());
  }

  @Test
  void told_ruleOfAnUnknownDocument_showsWhatItSays() {
    var miss =
        ConsideredRule.newBuilder()
            .setRule(RuleRef.newBuilder().setKind("NetworkPolicy").setName("far").setIndex(1))
            .setReason("9000/TCP is not among its ports")
            .setPeerMatches(true);
    var denied =
        SideVerdict.newBuilder()
            .setDecision(SideVerdict.Decision.DEFAULT_DENY)
            .setNearestMiss(miss);
    var trace = PolicyTrace.newBuilder().setEgress(denied).setIngress(allowed(12)).build();
    Why why = Why.told(trace, List.of());
    Why.End against = why.against().orElseThrow();
    assertEquals(Direction.EGRESS, against.direction());
    assertEquals(List.of(), against.text());
    assertEquals("far:1", against.miss().orElseThrow().rule().toString());
    assertEquals(
        List.of("from endpoints with app=cart, ports 8443/TCP"), why.ends().getLast().text());
  }

  @Test
  void of_deniedByDefault_showsTheNearestMiss() {
    Why why = of(new SeenFlow().tcp(9000));
    Why.End against = why.against().orElseThrow();
    assertEquals(Decision.DEFAULT_DENY, against.decision());
    Why.Miss miss = against.miss().orElseThrow();
    assertEquals("shop/payment-in:1", miss.rule().toString());
    assertEquals("9000/TCP is not among its ports 8443/TCP", miss.reason());
  }
}
