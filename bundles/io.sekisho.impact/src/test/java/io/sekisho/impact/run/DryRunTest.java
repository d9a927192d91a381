package io.sekisho.impact.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.flow.DropReason;
import io.sekisho.impact.Progress;
import io.sekisho.impact.SeenFlow;
import io.sekisho.impact.seen.Traffic;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.EnforcementMode;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.compile.FailSafe;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Other documents against recorded flows. */
final class DryRunTest {
  private static final String PAYMENT_FROM_CART =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: payment-in, namespace: shop}
      spec:
        endpointSelector: {matchLabels: {app: payment}}
        ingress:
          - fromEndpoints: [{matchLabels: {app: cart}}]
            toPorts: [{ports: [{port: "8443", protocol: TCP}]}]
      """;

  private static final String CART_OUT_CIDR =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: cart-out, namespace: shop}
      spec:
        endpointSelector: {matchLabels: {app: cart}}
        egress:
          - toCIDRSet: [{cidr: 203.0.113.0/24, except: [203.0.113.128/25]}]
      """;

  static List<PolicyDocument> documents(String... texts) {
    var parsed = Documents.parse(List.of(texts));
    assertEquals(List.of(), parsed.errors());
    return parsed.documents();
  }

  private static DryRun run(List<PolicyDocument> before, List<PolicyDocument> after, Traffic seen) {
    return DryRun.of(before, after, seen, Progress.NONE);
  }

  @Test
  void of_aPolicyThatForgetsAClient_deniesItsFlows() {
    Traffic seen =
        SeenFlow.gather(
            new SeenFlow(),
            new SeenFlow().reply(),
            new SeenFlow().from(SeenFlow.pod("shop", "frontend", 303)));
    DryRun dry = run(List.of(), documents(PAYMENT_FROM_CART), seen);
    Pair denied = dry.pairs(Outcome.NEWLY_DENIED).getFirst();
    assertEquals("shop/frontend", denied.client());
    assertEquals(1, denied.flows());
    Line line = denied.lines().getFirst();
    assertEquals("8443/TCP", line.port());
    assertEquals(
        "egress no policy selects the endpoint, ingress no policy selects the endpoint",
        line.before().orElseThrow().toString());
    assertEquals("ingress default deny", line.after().orElseThrow().toString());
    assertEquals(2, dry.flows(Outcome.UNCHANGED));
    assertEquals(
        "egress no policy selects the endpoint, ingress allowed by shop/payment-in:1",
        dry.pairs(Outcome.UNCHANGED)
            .getFirst()
            .lines()
            .getFirst()
            .after()
            .orElseThrow()
            .toString());
  }

  private static final String NODES_FROM_CART =
      """
      apiVersion: cilium.io/v2
      kind: CiliumClusterwideNetworkPolicy
      metadata: {name: nodes}
      spec:
        nodeSelector: {}
        ingress: [{fromEndpoints: [{matchLabels: {app: cart}}]}]
      """;

  @Test
  void of_aPolicyOfNodes_theirSideDecidesToo() {
    Traffic seen =
        SeenFlow.gather(
            new SeenFlow().to(SeenFlow.reserved(1, "host")).tcp(9100),
            new SeenFlow().to(SeenFlow.reserved(1, "host")).tcp(22),
            new SeenFlow().to(SeenFlow.reserved(6, "remote-node")).tcp(9100));
    String web = NODES_FROM_CART.replace("cart", "web");
    DryRun dry = run(documents(NODES_FROM_CART), documents(web), seen);
    assertEquals(1, dry.flows(Outcome.NEWLY_DENIED), dry::toString);
    assertEquals(2, dry.flows(Outcome.UNCHANGED));
    var ports = FailSafe.of(List.of(FailSafe.parse("2222/TCP")));
    DryRun other =
        DryRun.of(
            List.of(),
            documents(web),
            new Enforcement(EnforcementMode.DEFAULT, false, ports),
            seen,
            Progress.NONE);
    assertEquals(2, other.flows(Outcome.NEWLY_DENIED), other::toString);
  }

  @Test
  void of_otherModes_obeysThem() {
    Traffic seen = SeenFlow.gather(new SeenFlow().from(SeenFlow.pod("shop", "frontend", 303)));
    var never = new Enforcement(EnforcementMode.NEVER, false);
    DryRun dry = DryRun.of(List.of(), documents(PAYMENT_FROM_CART), never, seen, Progress.NONE);
    assertEquals(0, dry.flows(Outcome.NEWLY_DENIED));
    var always = new Enforcement(EnforcementMode.ALWAYS, false);
    dry = DryRun.of(documents(PAYMENT_FROM_CART), List.of(), always, seen, Progress.NONE);
    assertEquals(1, dry.flows(Outcome.UNCHANGED), "denied with and without");
    var audit = new Enforcement(EnforcementMode.DEFAULT, true);
    dry = DryRun.of(List.of(), documents(PAYMENT_FROM_CART), audit, seen, Progress.NONE);
    assertEquals(1, dry.audited());
  }

  @Test
  void of_aRuleForWhatWasDropped_allowsIt() {
    Traffic seen = SeenFlow.gather(new SeenFlow().tcp(9000).dropped(DropReason.POLICY_DENIED));
    DryRun dry =
        run(
            documents(PAYMENT_FROM_CART),
            documents(PAYMENT_FROM_CART.replace("8443", "9000")),
            seen);
    assertEquals(1, dry.flows(Outcome.NEWLY_ALLOWED));
  }

  @Test
  void of_aClosedClient_isDeniedThoughTheServerLetsItPass() {
    DryRun dry =
        run(
            documents(PAYMENT_FROM_CART),
            documents(PAYMENT_FROM_CART, CART_OUT_CIDR),
            SeenFlow.gather(new SeenFlow()));
    Line line = dry.pairs(Outcome.NEWLY_DENIED).getFirst().lines().getFirst();
    assertEquals("egress default deny", line.after().orElseThrow().toString());
  }

  @Test
  void of_aPrefixThatOnlyTheDraftNames_isLabelledForIt() {
    var world = SeenFlow.reserved(2, "world");
    Traffic seen =
        SeenFlow.gather(
            new SeenFlow().to(world, "203.0.113.7").tcp(443),
            new SeenFlow().to(world, "203.0.113.200").tcp(443),
            new SeenFlow().to(world, "198.51.100.1").tcp(443));
    DryRun dry = run(List.of(), documents(CART_OUT_CIDR), seen);
    assertEquals(1, dry.flows(Outcome.UNCHANGED));
    assertEquals(2, dry.flows(Outcome.NEWLY_DENIED));
  }

  @Test
  void of_namedPort_isResolvedAtTheServer() {
    String named = PAYMENT_FROM_CART.replace("\"8443\"", "https");
    Traffic seen =
        SeenFlow.gather(
            new SeenFlow().to(SeenFlow.pod("shop", "payment", 302, "port:https=8443/TCP")),
            new SeenFlow().to(SeenFlow.pod("shop", "payment", 304, "port:https=9443/TCP")));
    DryRun dry = run(List.of(), documents(named), seen);
    assertEquals(1, dry.flows(Outcome.UNCHANGED));
    assertEquals(1, dry.flows(Outcome.NEWLY_DENIED));
  }

  @Test
  void of_icmp_isAskedByType() {
    String pings =
        PAYMENT_FROM_CART.replace(
            "toPorts: [{ports: [{port: \"8443\", protocol: TCP}]}]",
            "icmps: [{fields: [{type: 8}]}]");
    Traffic seen =
        SeenFlow.gather(
            new SeenFlow().icmp(8), new SeenFlow().icmp(0).reply(), new SeenFlow().icmp(13));
    DryRun dry = run(List.of(), documents(pings), seen);
    assertEquals(2, dry.flows(Outcome.UNCHANGED));
    assertEquals(1, dry.flows(Outcome.NEWLY_DENIED));
  }

  @Test
  void of_audit_passesAndIsCounted() {
    String audit =
        PAYMENT_FROM_CART.replace(
            "namespace: shop}", "namespace: shop, annotations: {sekisho.io/enforcement: audit}}");
    Traffic seen = SeenFlow.gather(new SeenFlow().tcp(9000), new SeenFlow());
    DryRun dry = run(List.of(), documents(audit), seen);
    assertEquals(2, dry.flows(Outcome.UNCHANGED));
    assertEquals(1, dry.audited());
    DryRun enforced = run(documents(audit), documents(PAYMENT_FROM_CART), seen);
    assertEquals(1, enforced.flows(Outcome.NEWLY_DENIED));
  }

  @Test
  void of_ownNode_alwaysPasses() {
    Traffic seen = SeenFlow.gather(new SeenFlow().from(SeenFlow.reserved(1, "host"), "10.0.0.1"));
    assertEquals(1, run(List.of(), documents(PAYMENT_FROM_CART), seen).flows(Outcome.UNCHANGED));
    Traffic other =
        SeenFlow.gather(new SeenFlow().from(SeenFlow.reserved(6, "remote-node"), "10.0.0.2"));
    assertEquals(
        1, run(List.of(), documents(PAYMENT_FROM_CART), other).flows(Outcome.NEWLY_DENIED));
  }

  @Test
  void of_whatWasDroppedForAnotherReason_isUndecidable() {
    Traffic seen = SeenFlow.gather(new SeenFlow().tcp(9000).dropped(DropReason.INVALID_SOURCE_IP));
    DryRun dry = run(List.of(), documents(PAYMENT_FROM_CART), seen);
    Line line = dry.pairs(Outcome.UNDECIDABLE).getFirst().lines().getFirst();
    assertTrue(line.reason().contains("INVALID_SOURCE_IP"), line.reason());
  }

  @Test
  void of_doubt_saysWhy() {
    DryRun dry =
        run(List.of(), documents(PAYMENT_FROM_CART), SeenFlow.gather(new SeenFlow().tcp(0)));
    assertEquals(
        "the flow does not tell the server's port",
        dry.pairs(Outcome.UNDECIDABLE).getFirst().lines().getFirst().reason());
  }

  @Test
  void of_cancelled_ends() {
    Progress cancelled =
        new Progress() {
          @Override
          public void done(long part, long whole) {}

          @Override
          public boolean cancelled() {
            return true;
          }
        };
    Traffic seen = SeenFlow.gather(new SeenFlow());
    assertThrows(
        CancellationException.class, () -> DryRun.of(List.of(), List.of(), seen, cancelled));
  }
}
