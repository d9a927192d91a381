package io.sekisho.agent.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.Documents;
import io.sekisho.policy.EnforcementMode;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyTable;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyControllerTest {
  private static final Labels PAYMENT = labels("payment");
  private static final Labels CART = labels("cart");
  private static final Identity CART_ID = new Identity(1000, CART);

  private final PolicyController controller = new PolicyController();

  private static Labels labels(String app) {
    return Labels.of("app=" + app, "k8s:io.kubernetes.pod.namespace=shop");
  }

  private static PolicyCompiler compiler(String peer) {
    return new PolicyCompiler(
        Documents.parse(
                List.of(
                    """
                    apiVersion: cilium.io/v2
                    kind: CiliumNetworkPolicy
                    metadata: {name: payment-in, namespace: shop}
                    spec:
                      endpointSelector: {matchLabels: {app: payment}}
                      ingress:
                      - fromEndpoints: [{matchLabels: {app: %s}}]
                    """
                        .formatted(peer)))
            .documents());
  }

  @Test
  void tables_nothingChanged_compilesNothing() {
    var compiler = compiler("cart");
    var first = controller.tables(compiler, Set.of(CART_ID), Set.of(PAYMENT, CART));
    assertEquals(2, controller.compiled());
    assertEquals(first, controller.tables(compiler, Set.of(CART_ID), Set.of(PAYMENT, CART)));
    assertEquals(2, controller.compiled());
    assertEquals(PolicyTable.OPEN, first.get(CART));
    assertEquals(2, first.get(PAYMENT).entries().size());
  }

  @Test
  void tables_newEndpoint_compilesOnlyIts() {
    var compiler = compiler("cart");
    controller.tables(compiler, Set.of(CART_ID), Set.of(PAYMENT));
    controller.tables(compiler, Set.of(CART_ID), Set.of(PAYMENT, CART));
    assertEquals(2, controller.compiled());
  }

  @Test
  void tables_newPeer_compilesOnlyEndpointsThatAreSelected() {
    var compiler = compiler("cart");
    controller.tables(compiler, Set.of(), Set.of(PAYMENT, CART));
    var after = controller.tables(compiler, Set.of(CART_ID), Set.of(PAYMENT, CART));
    assertEquals(3, controller.compiled());
    assertEquals(2, after.get(PAYMENT).entries().size());
  }

  @Test
  void tables_newPeerThatNoRuleMeans_compilesNothing() {
    var compiler = compiler("cart");
    controller.tables(compiler, Set.of(CART_ID), Set.of(PAYMENT, CART));
    var other = new Identity(1001, labels("stock"));
    controller.tables(compiler, Set.of(CART_ID, other), Set.of(PAYMENT, CART));
    assertEquals(2, controller.compiled());
    var after = controller.tables(compiler, Set.of(other), Set.of(PAYMENT, CART));
    assertEquals(3, controller.compiled());
    assertEquals(1, after.get(PAYMENT).entries().size(), "the default");
  }

  @Test
  void tables_newDocuments_compilesOnlyWhomOtherSpecsSelect() {
    controller.tables(compiler("cart"), Set.of(CART_ID), Set.of(PAYMENT, CART));
    var after = controller.tables(compiler("nobody"), Set.of(CART_ID), Set.of(PAYMENT, CART));
    assertEquals(3, controller.compiled());
    assertEquals(1, after.get(PAYMENT).entries().size(), "the default");
    controller.tables(compiler("nobody"), Set.of(CART_ID), Set.of(PAYMENT, CART));
    assertEquals(3, controller.compiled());
  }

  @Test
  void tables_anotherMode_compilesAll() {
    var documents = List.<PolicyDocument>of();
    controller.tables(new PolicyCompiler(documents), Set.of(CART_ID), Set.of(PAYMENT, CART));
    var always = new PolicyCompiler(documents, EnforcementMode.ALWAYS);
    var after = controller.tables(always, Set.of(CART_ID), Set.of(PAYMENT, CART));
    assertEquals(4, controller.compiled());
    assertEquals(2, after.get(CART).entries().size(), "the defaults");
  }

  @Test
  void tables_nodeThatNoRuleMeans_isStillPingedByTheNodeUnderPolicy() {
    var host = Labels.of("reserved:host");
    var compiler =
        new PolicyCompiler(
            Documents.parse(
                    List.of(
                        """
                        apiVersion: cilium.io/v2
                        kind: CiliumClusterwideNetworkPolicy
                        metadata: {name: nodes}
                        spec: {nodeSelector: {}, ingress: []}
                        """))
                .documents());
    var node = new Identity(Identity.FIRST_NODE, Labels.of("reserved:remote-node", "zone=a"));
    var peers = Set.of(new Identity(1, host));
    controller.tables(compiler, peers, Set.of(host, CART));
    controller.tables(compiler, Set.of(new Identity(1, host), CART_ID), Set.of(host, CART));
    assertEquals(2, controller.compiled(), "no rule means the pod");
    var after =
        controller
            .tables(compiler, Set.of(new Identity(1, host), CART_ID, node), Set.of(host, CART))
            .get(host);
    assertEquals(3, controller.compiled());
    assertTrue(
        after.entries().keySet().stream().anyMatch(k -> k.identity() == Identity.FIRST_NODE));
  }

  @Test
  void tables_newPodWhereEveryPodIsMeant_compilesNothing() {
    var every =
        """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: in, namespace: shop}
        spec:
          endpointSelector: {matchLabels: {app: payment}}
          ingress: [{fromEntities: [cluster]}%s]
        """;
    var compiler = new PolicyCompiler(Documents.parse(List.of(every.formatted(""))).documents());
    controller.tables(compiler, Set.of(), Set.of(PAYMENT));
    controller.tables(compiler, Set.of(CART_ID), Set.of(PAYMENT));
    assertEquals(1, controller.compiled());
    controller.tables(compiler, Set.of(CART_ID, Identity.HOST), Set.of(PAYMENT));
    assertEquals(2, controller.compiled(), "nodes are told one by one");

    String requires = ", {fromRequires: [{matchLabels: {app: cart}}]}";
    var narrowed =
        new PolicyCompiler(Documents.parse(List.of(every.formatted(requires))).documents());
    controller.tables(narrowed, Set.of(), Set.of(PAYMENT));
    int before = (int) controller.compiled();
    controller.tables(narrowed, Set.of(CART_ID), Set.of(PAYMENT));
    assertEquals(before + 1, controller.compiled(), "entities are not narrowed, but who knows");
  }

  @Test
  void ruleNames_ruleOfAnOldRevision_isStillKnown() {
    var names = new RuleNames();
    var old = compiler("cart");
    int id =
        old.compile(PAYMENT, Set.of(CART_ID)).entries().values().stream()
            .mapToInt(PolicyEntry::ruleId)
            .filter(i -> old.rule(i).isPresent())
            .findFirst()
            .orElseThrow();
    names.add(1, old);
    names.add(2, compiler("nobody"));
    assertEquals(1, names.find(id).orElseThrow().revision());
    assertEquals("shop/payment-in:1", names.find(id).orElseThrow().rule().toString());
    names.add(3, old);
    assertEquals(3, names.find(id).orElseThrow().revision());
    for (int i = 0; i < RuleNames.REVISIONS; i++) {
      names.add(4, compiler("nobody"));
    }
    assertEquals(3, names.find(id).orElseThrow().revision(), "nothing else went meanwhile");
    for (int i = 0; i < RuleNames.REVISIONS; i++) {
      names.add(5 + i, compiler("nobody"));
    }
    assertTrue(names.find(id).isEmpty());
  }
}
