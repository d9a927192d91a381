package io.sekisho.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What well-formed documents say. */
class DocumentsTest {
  private static final String PAYMENT =
      """
      # who may pay
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata:
        name: payment-in
        namespace: shop
      spec:
        description: only the cart pays
        endpointSelector:
          matchLabels: {app: payment}
        ingress:
        - fromEndpoints:
          - matchLabels:
              app: cart
          toPorts:
          - ports:
            - {port: "8443", protocol: TCP}
        - fromEntities: [world] # the outside
          toPorts:
          - ports: [{port: "9000", endPort: 9007, protocol: UDP}]
      """;

  private static final Labels CART = labels("shop", "app=cart");

  private static Labels labels(String namespace, String label) {
    return Labels.of("k8s:" + Labels.NAMESPACE + "=" + namespace, label);
  }

  private static PolicyDocument one(String yaml) {
    Parsed parsed = Documents.parse(List.of(yaml));
    assertEquals(List.of(), parsed.errors());
    assertEquals(1, parsed.documents().size());
    return parsed.documents().get(0);
  }

  private static PolicyDocument spec(String body) {
    return one(
        """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: p, namespace: shop}
        spec:
          endpointSelector: {}
        """
            + body.indent(2));
  }

  private static PolicyDocument clusterwide(String body) {
    return one(
        """
        apiVersion: cilium.io/v2
        kind: CiliumClusterwideNetworkPolicy
        metadata: {name: p}
        spec:
          endpointSelector: {}
        """
            + body.indent(2));
  }

  private static Rule rule(PolicyDocument document) {
    return document.rules().findFirst().orElseThrow();
  }

  private static boolean matches(Rule rule, Labels labels) {
    return rule.peers().stream().anyMatch(p -> p.matches(new Identity(300, labels)));
  }

  @Test
  void parse_namespacedPolicy_keepsTextNamesAndLines() {
    PolicyDocument document = one(PAYMENT);
    assertEquals(PAYMENT, document.yaml());
    assertEquals("CiliumNetworkPolicy shop/payment-in", document.documentName().toString());
    List<Rule> rules = document.rules().toList();
    assertEquals(
        List.of("shop/payment-in:1", "shop/payment-in:2"),
        rules.stream().map(r -> r.reference().toString()).toList());
    assertEquals(List.of(12, 18), rules.stream().map(r -> r.reference().line()).toList());
    assertEquals(List.of(new PortRange(17, 9000, 9007)), rules.get(1).ports());
    assertEquals("only the cart pays", document.specs().get(0).description());
    assertEquals(Set.of(Section.INGRESS), document.specs().get(0).sections());
  }

  @Test
  void parse_severalDocuments_cutsExactTexts() {
    String second = PAYMENT.replace("payment-in", "other");
    String stream = "---\n" + PAYMENT + "--- # next\n" + second + "...\n";
    Parsed parsed = Documents.parse(List.of(stream));
    assertEquals(List.of(), parsed.problems());
    assertEquals(PAYMENT, parsed.documents().get(0).yaml());
    assertEquals("    # next\n" + second, parsed.documents().get(1).yaml());
  }

  @Test
  void parse_textOfParsedDocument_givesTheSameDocument() {
    String stream = "# a shop\n\n---\n" + PAYMENT + "---\n" + PAYMENT.replace("payment-in", "b");
    for (PolicyDocument document : Documents.parse(List.of(stream)).documents()) {
      assertEquals(document, one(document.yaml()));
    }
  }

  @Test
  void parse_noNamespace_isDefault() {
    assertEquals("default", one(PAYMENT.replace("  namespace: shop\n", "")).namespace());
  }

  @Test
  void subject_namespaced_selectsOwnNamespaceOnly() {
    Selector subject = spec("ingress: [{fromEntities: [all]}]").specs().get(0).subject();
    assertTrue(subject.matches(CART));
    assertFalse(subject.matches(labels("ops", "app=cart")));
  }

  @Test
  void peerSelector_namespacedWithoutNamespace_meansOwnNamespace() {
    Rule rule = rule(spec("ingress: [{fromEndpoints: [{}]}]"));
    assertTrue(matches(rule, CART));
    assertFalse(matches(rule, labels("ops", "app=cart")));
    assertFalse(matches(rule, Identity.WORLD.labels()));
  }

  @Test
  void peerSelector_namedNamespace_crossesNamespaces() {
    Rule rule =
        rule(
            spec(
                "ingress: [{fromEndpoints: [{matchLabels:"
                    + " {k8s:io.kubernetes.pod.namespace: ops}}]}]"));
    assertTrue(matches(rule, labels("ops", "app=x")));
    assertFalse(matches(rule, CART));
  }

  @Test
  void peerSelector_anyNamespaceExpression_matchesAll() {
    Rule rule =
        rule(
            spec(
                "ingress: [{fromEndpoints: [{matchExpressions: [{key:"
                    + " io.kubernetes.pod.namespace, operator: Exists}]}]}]"));
    assertTrue(matches(rule, labels("ops", "app=x")));
    assertFalse(matches(rule, Identity.HOST.labels()));
  }

  @Test
  void peerSelector_clusterwideEmpty_meansEndpointsOfAllNamespaces() {
    Rule rule = rule(clusterwide("ingress: [{fromEndpoints: [{}]}]"));
    assertTrue(matches(rule, CART));
    assertTrue(matches(rule, labels("ops", "app=x")));
    assertFalse(matches(rule, Identity.WORLD.labels()));
  }

  @Test
  void peerSelector_reservedLabel_isNotConfined() {
    Rule rule = rule(spec("ingress: [{fromEndpoints: [{matchLabels: {reserved:host: \"\"}}]}]"));
    assertTrue(matches(rule, Identity.HOST.labels()));
    assertFalse(matches(rule, CART));
  }

  @Test
  void matchExpressions_everyOperator_matchesAsKubernetes() {
    Rule rule =
        rule(
            spec(
                """
                ingress:
                - fromEndpoints:
                  - matchExpressions:
                    - {key: app, operator: In, values: [cart, web]}
                    - {key: tier, operator: NotIn, values: [test]}
                    - {key: "k8s:app", operator: Exists}
                    - {key: "any:debug", operator: DoesNotExist}
                """));
    assertTrue(matches(rule, CART));
    String namespace = "k8s:" + Labels.NAMESPACE + "=shop";
    assertTrue(matches(rule, Labels.of(namespace, "app=web", "tier=prod")));
    assertFalse(matches(rule, Labels.of(namespace, "app=web", "tier=test")));
    assertFalse(matches(rule, Labels.of(namespace, "app=web", "debug=1")));
    assertFalse(matches(rule, Labels.of(namespace, "tier=prod")));
  }

  @Test
  void rule_withoutPeers_meansEverybodyOnItsPorts() {
    Rule rule = rule(spec("ingress: [{toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]}]"));
    assertEquals(List.of(new Peer.Group(Entity.ALL)), rule.peers());
    assertEquals(List.of(new PortRange(6, 80, 80)), rule.ports());
  }

  @Test
  void rule_emptyListOfPeers_meansNobodyAndWarns() {
    for (String peers : List.of("fromEndpoints", "fromEntities", "fromCIDR", "fromCIDRSet")) {
      String body = "ingress: [{" + peers + ": []}]";
      assertEquals(List.of(), rule(spec(body)).peers(), peers);
    }
  }

  @Test
  void rule_withoutFields_allowsNothing() {
    PolicyDocument document = spec("ingress: [{}]");
    assertEquals(List.of(), rule(document).peers());
    assertTrue(document.specs().get(0).enforces(Direction.INGRESS));
    assertFalse(document.specs().get(0).enforces(Direction.EGRESS));
  }

  @Test
  void sections_empty_enforceAllTheSame() {
    assertTrue(spec("egress: []").specs().get(0).enforces(Direction.EGRESS));
    assertTrue(
        spec("ingressDeny: [{fromEntities: [world]}]").specs().get(0).enforces(Direction.INGRESS));
  }

  @Test
  void ports_withoutProtocol_meanTcpUdpAndSctp() {
    Rule rule = rule(spec("egress: [{toPorts: [{ports: [{port: \"53\"}]}]}]"));
    assertEquals(
        List.of(new PortRange(6, 53, 53), new PortRange(17, 53, 53), new PortRange(132, 53, 53)),
        rule.ports());
  }

  @Test
  void ports_zero_meansAllOfTheProtocol() {
    Rule tcp = rule(spec("egress: [{toPorts: [{ports: [{port: \"0\", protocol: TCP}]}]}]"));
    assertEquals(List.of(new PortRange(6, 0, 65535)), tcp.ports());
    Rule any = rule(spec("egress: [{toPorts: [{ports: [{port: \"0\", protocol: ANY}]}]}]"));
    assertEquals(List.of(PortRange.ALL), any.ports());
  }

  @Test
  void cidrSet_except_leavesThoseAddressesOut() {
    Rule rule = rule(spec("egress: [{toCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]}]"));
    assertTrue(matches(rule, CidrLabels.of(Cidr.parse("10.0.0.0/8"))));
    assertTrue(matches(rule, CidrLabels.of(Cidr.parse("10.2.3.4"))));
    assertFalse(matches(rule, CidrLabels.of(Cidr.parse("10.1.3.0/24"))));
    assertFalse(matches(rule, CidrLabels.of(Cidr.parse("11.0.0.0/8"))));
    assertFalse(matches(rule, Identity.WORLD.labels()));
    assertFalse(matches(rule, CART));
  }

  @Test
  void cidr_allOfIpv6_doesNotMeanIpv4() {
    Rule rule = rule(spec("egress: [{toCIDR: ['::/0']}]"));
    assertTrue(matches(rule, CidrLabels.of(Cidr.parse("fd00::/8"))));
    assertFalse(matches(rule, CidrLabels.of(Cidr.parse("0.0.0.0/0"))));
  }

  @Test
  void entities_everyWord_isRead() {
    Rule rule =
        rule(spec("ingress: [{fromEntities: [all, world, cluster, host, remote-node, none]}]"));
    assertEquals(6, rule.peers().size());
    assertTrue(Entity.CLUSTER.matches(Identity.REMOTE_NODE.labels()));
    assertTrue(Entity.CLUSTER.matches(CART));
    assertFalse(Entity.CLUSTER.matches(CidrLabels.of(Cidr.parse("1.0.0.0/8"))));
    assertTrue(Entity.WORLD.matches(CidrLabels.of(Cidr.parse("1.0.0.0/8"))));
    assertFalse(Entity.NONE.matches(CART));
  }

  @Test
  void specs_several_countRulesOn() {
    PolicyDocument document =
        one(
            """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: p, namespace: shop}
            specs:
            - endpointSelector: {}
              ingress: [{fromEntities: [host]}]
            - endpointSelector: {matchLabels: {app: cart}}
              ingress: [{fromEntities: [world]}]
              ingressDeny: [{fromEntities: [cluster]}]
            """);
    assertEquals(
        List.of("ingress 1", "ingress 2", "ingressDeny 1"),
        document
            .rules()
            .map(r -> r.reference().section().text() + " " + r.reference().index())
            .toList());
  }

  @Test
  void aliases_ofLists_areRead() {
    PolicyDocument document =
        spec(
            """
            ingress:
            - fromEntities: &everybody [cluster, world]
            egress:
            - toEntities: *everybody
            """);
    assertEquals(2, document.rules().filter(r -> r.peers().size() == 2).count());
  }
}
