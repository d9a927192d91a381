package io.sekisho.policy.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What tables hold for documents that a person would write. */
class PolicyCompilerTest {
  private static final String NS = "k8s:" + Labels.NAMESPACE + "=shop";
  private static final Labels PAYMENT = Labels.of(NS, "app=payment");
  private static final Identity CART = new Identity(300, Labels.of(NS, "app=cart"));
  private static final Identity WEB = new Identity(301, Labels.of(NS, "app=web"));
  private static final List<Identity> PEERS =
      List.of(Identity.HOST, Identity.WORLD, CART, WEB, new Identity(302, PAYMENT));

  private static List<PolicyDocument> documents(String... bodies) {
    var texts = new java.util.ArrayList<String>();
    for (String body : bodies) {
      texts.add(
          """
          apiVersion: cilium.io/v2
          kind: CiliumNetworkPolicy
          metadata: {name: %s, namespace: shop}
          spec:
            endpointSelector: {matchLabels: {app: payment}}
          """
                  .formatted("p" + texts.size())
              + body.indent(2));
    }
    Parsed parsed = Documents.parse(texts);
    assertEquals(List.of(), parsed.errors());
    return parsed.documents();
  }

  private static PolicyTable compile(String... bodies) {
    return new PolicyCompiler(documents(bodies)).compile(PAYMENT, PEERS);
  }

  /** The entries that rules made. */
  private static Map<PolicyKey, PolicyEntry> byRules(PolicyTable table) {
    return table.entries().entrySet().stream()
        .filter(e -> e.getValue().precedence() > 0)
        .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static String port(String port) {
    return "toPorts: [{ports: [{port: \"" + port + "\", protocol: TCP}]}]";
  }

  @Test
  void compile_unselectedEndpoint_isOpen() {
    var compiler = new PolicyCompiler(documents("ingress: [{fromEntities: [all]}]"));
    assertSame(PolicyTable.OPEN, compiler.compile(CART.labels(), PEERS));
    assertSame(PolicyTable.OPEN, new PolicyCompiler(List.of()).compile(PAYMENT, PEERS));
  }

  @Test
  void compile_onePort_givesOneEntryForEachPeer() {
    PolicyTable table =
        compile("ingress: [{fromEndpoints: [{matchLabels: {app: cart}}], " + port("8443") + "}]");
    assertTrue(table.ingressEnforced());
    assertFalse(table.egressEnforced());
    assertEquals(Set.of(new PolicyKey(300, false, 6, 8443, 16)), byRules(table).keySet());
  }

  @Test
  void compile_everybody_isOneEntryForAnyPeer() {
    assertEquals(
        Set.of(new PolicyKey(0, true, 0, 0, 0)),
        byRules(compile("egress: [{toEntities: [all]}]")).keySet());
  }

  private static final String ALL_PODS =
      "fromEndpoints: [{matchExpressions: [{key: io.kubernetes.pod.namespace, operator: Exists}]}]";

  private static final PolicyKey EVERY_POD_80 = new PolicyKey(Identity.EVERY_POD, false, 6, 80, 16);

  @Test
  void compile_everyPod_isOneEntryForAllOfThem() {
    assertEquals(
        Set.of(EVERY_POD_80),
        byRules(compile("ingress: [{" + ALL_PODS + ", " + port("80") + "}]")).keySet());
    assertEquals(
        Set.of(EVERY_POD_80, new PolicyKey(1, false, 6, 80, 16)),
        byRules(compile("ingress: [{fromEntities: [cluster], " + port("80") + "}]")).keySet());
  }

  @Test
  void compile_everyPodAndOneByName_thatOneHoldsBoth() {
    PolicyTable table =
        compile(
            "ingress: [{"
                + ALL_PODS
                + ", "
                + port("80")
                + "},"
                + " {fromEndpoints: [{matchLabels: {app: cart}}], "
                + port("443")
                + "}]");
    assertEquals(
        Set.of(
            EVERY_POD_80,
            new PolicyKey(300, false, 6, 80, 16),
            new PolicyKey(300, false, 6, 443, 16)),
        byRules(table).keySet());
    assertTrue(table.holdsPodsTogether(false));
    assertFalse(table.holdsPodsTogether(true));
  }

  @Test
  void compile_everyPodButSome_tellsPodsApart() {
    PolicyTable table =
        compile(
            "ingress: [{"
                + ALL_PODS
                + ", "
                + port("80")
                + "}]\n"
                + "ingressDeny: [{fromEndpoints: [{matchLabels: {app: stranger}}]}]");
    assertFalse(table.holdsPodsTogether(false));
    assertEquals(
        Set.of(300, 301, 302),
        byRules(table).keySet().stream()
            .map(PolicyKey::identity)
            .collect(java.util.stream.Collectors.toSet()));
  }

  @Test
  void compile_everyPodUnderAudit_tellsPodsApart() {
    List<PolicyDocument> documents =
        Documents.parse(
                List.of(
                    """
                    apiVersion: cilium.io/v2
                    kind: CiliumNetworkPolicy
                    metadata: {name: a, namespace: shop, annotations: {sekisho.io/enforcement: audit}}
                    spec: {endpointSelector: {}, ingress: [{fromEntities: [cluster]}]}
                    """))
            .documents();
    PolicyTable table = new PolicyCompiler(documents).compile(PAYMENT, PEERS);
    assertFalse(table.holdsPodsTogether(false));
    assertTrue(table.entries().containsKey(new PolicyKey(300, false, 0, 0, 0)));
  }

  @Test
  void compile_emptySection_saysTheDefault() {
    PolicyTable table = compile("egress: []");
    assertTrue(table.egressEnforced());
    assertEquals(
        Map.of(new PolicyKey(0, true, 0, 0, 0), new PolicyEntry(true, 0, RuleIds.DEFAULT_DENY, 0)),
        table.entries());
  }

  @Test
  void compile_notIsolating_letsTheRestPass() {
    PolicyTable table =
        compile("ingressDeny: [{fromEntities: [world]}]\nenableDefaultDeny: {ingress: false}");
    assertFalse(table.ingressEnforced());
    assertEquals(
        new PolicyEntry(false, 0, RuleIds.NOT_ENFORCED, 0),
        table.entries().get(new PolicyKey(0, false, 0, 0, 0)));
    assertTrue(table.entries().get(new PolicyKey(2, false, 0, 0, 0)).deny());
  }

  @Test
  void compile_broadDenyOfPeer_removesItsNarrowAllow() {
    String cart = "fromEndpoints: [{matchLabels: {app: cart}}]";
    PolicyTable table =
        compile("ingress: [{" + cart + ", " + port("80") + "}]\ningressDeny: [{" + cart + "}]");
    assertEquals(Set.of(new PolicyKey(300, false, 0, 0, 0)), byRules(table).keySet());
    assertTrue(byRules(table).values().iterator().next().deny());
  }

  @Test
  void compile_narrowDenyInBroadAllow_keepsBoth() {
    String cart = "fromEndpoints: [{matchLabels: {app: cart}}]";
    PolicyTable table =
        compile("ingress: [{" + cart + "}]\ningressDeny: [{" + cart + ", " + port("80") + "}]");
    assertEquals(2, byRules(table).size());
    assertTrue(table.entries().get(new PolicyKey(300, false, 6, 80, 16)).deny());
  }

  @Test
  void compile_denyOfEverybody_outranksAllowOfPeer() {
    PolicyTable table =
        compile(
            "ingress: [{fromEndpoints: [{matchLabels: {app: cart}}], "
                + port("80")
                + "}]\ningressDeny: [{fromEntities: [all]}]");
    assertTrue(NaivePolicy.lookup(table, 300, 6, 80, false).orElseThrow().deny());
  }

  @Test
  void compile_sameKeyInTwoDocuments_namesTheFirst() {
    String body = "ingress: [{fromEndpoints: [{matchLabels: {app: cart}}], " + port("80") + "}]";
    List<PolicyDocument> documents = documents(body, body);
    var compiler = new PolicyCompiler(documents.reversed());
    PolicyEntry entry = byRules(compiler.compile(PAYMENT, PEERS)).values().iterator().next();
    assertEquals("shop/p0:1", compiler.rule(entry.ruleId()).orElseThrow().toString());
  }

  @Test
  void cidrs_exceptionsAndAllOfIpv6_areNamed() {
    var compiler =
        new PolicyCompiler(
            documents(
                "egress: [{toCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]},"
                    + " {toCIDR: ['::/0']}]"));
    assertEquals(
        Set.of("10.0.0.0/8", "10.1.0.0/16", "::/0", "0.0.0.0/0"),
        new java.util.HashSet<>(compiler.cidrs().stream().map(Cidr::toString).toList()));
  }

  @Test
  void compile_nestedCidrs_matchTheirInnerIdentities() {
    var outer = new Identity(Identity.FIRST_LOCAL, CidrLabels.of(Cidr.parse("10.0.0.0/8")));
    var inner = new Identity(Identity.FIRST_LOCAL + 1, CidrLabels.of(Cidr.parse("10.1.0.0/16")));
    var other = new Identity(Identity.FIRST_LOCAL + 2, CidrLabels.of(Cidr.parse("11.0.0.0/8")));
    var compiler = new PolicyCompiler(documents("egress: [{toCIDR: [10.0.0.0/8]}]"));
    PolicyTable table = compiler.compile(PAYMENT, List.of(outer, inner, other, Identity.WORLD));
    assertEquals(
        Set.of(
            new PolicyKey(outer.number(), true, 0, 0, 0),
            new PolicyKey(inner.number(), true, 0, 0, 0)),
        byRules(table).keySet());
  }
}
