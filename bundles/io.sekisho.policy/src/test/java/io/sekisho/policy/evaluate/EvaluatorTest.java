package io.sekisho.policy.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.EnforcementMode;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Parsed;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Answers name the rule, and say why others did not match. */
class EvaluatorTest {
  private static final Identity CART = pod(300, "app=cart");
  private static final Identity SCANNER = pod(301, "app=scanner");
  private static final Identity PAYMENT = pod(302, "app=payment");
  private static final Identity OTHER = pod(303, "app=other");

  private static final String PAYMENT_IN =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: payment-in, namespace: shop}
      spec:
        endpointSelector: {matchLabels: {app: payment}}
        ingress:
        - fromEndpoints: [{matchLabels: {app: cart}}]
          toPorts: [{ports: [{port: "8443", protocol: TCP}]}]
        - fromCIDR: [10.0.0.0/8]
        - fromEntities: [cluster]
          toPorts: [{ports: [{port: "9000", protocol: TCP}]}]
        ingressDeny:
        - fromEndpoints: [{matchLabels: {app: scanner}}]
      """;

  private static final Evaluator EVALUATOR = evaluator(PAYMENT_IN);

  private static Identity pod(int number, String label) {
    return new Identity(number, Labels.of("k8s:" + Labels.NAMESPACE + "=shop", label));
  }

  private static Evaluator evaluator(String... texts) {
    Parsed parsed = Documents.parse(List.of(texts));
    assertEquals(List.of(), parsed.errors());
    return new Evaluator(parsed.documents());
  }

  private static Evaluation toPayment(Identity source, int port) {
    return EVALUATOR.evaluate(new Question(source, PAYMENT, 6, port, Direction.INGRESS));
  }

  @Test
  void evaluate_allowed_namesTheRuleAndItsLine() {
    Evaluation evaluation = toPayment(CART, 8443);
    assertTrue(evaluation.allowed());
    assertEquals("allowed by shop/payment-in:1", evaluation.toString());
    assertEquals(7, evaluation.rule().orElseThrow().line());
  }

  @Test
  void evaluate_denyBesideAllow_denies() {
    Evaluation evaluation = toPayment(SCANNER, 9000);
    assertEquals(Decision.DENIED, evaluation.decision());
    assertEquals("denied by shop/payment-in:1", evaluation.toString());
    Considered second = evaluation.considered().get(1);
    assertTrue(second.matches());
    assertEquals("matches, but shop/payment-in:1 denies", second.reason());
  }

  @Test
  void evaluate_underAudit_passesAndNamesWhatWouldDrop() {
    var question = new Question(SCANNER, PAYMENT, 6, 9000, Direction.INGRESS);
    var ofAll = evaluatorOf(new Enforcement(EnforcementMode.DEFAULT, true)).evaluate(question);
    assertEquals(Decision.AUDITED, ofAll.decision());
    assertTrue(ofAll.allowed());
    assertEquals("shop/payment-in:1", ofAll.rule().orElseThrow().toString());
    assertEquals(ofAll, EVALUATOR.evaluate(question, true), "of the endpoint alone");
    var noRule = new Question(CART, PAYMENT, 6, 8080, Direction.INGRESS);
    assertEquals(Decision.AUDITED, EVALUATOR.evaluate(noRule, true).decision());
    assertEquals(Optional.empty(), EVALUATOR.evaluate(noRule, true).rule());
  }

  @Test
  void evaluate_otherModes_everythingOrOnlyWhatIsAllowed() {
    var never = evaluatorOf(new Enforcement(EnforcementMode.NEVER, false));
    var always = evaluatorOf(new Enforcement(EnforcementMode.ALWAYS, false));
    var denied = new Question(SCANNER, PAYMENT, 6, 9000, Direction.INGRESS);
    var unspoken = new Question(CART, OTHER, 6, 80, Direction.INGRESS);
    var allowed = new Question(CART, PAYMENT, 6, 8443, Direction.INGRESS);
    assertEquals(Decision.NOT_ENFORCED, never.evaluate(denied).decision());
    assertEquals(Decision.NOT_ENFORCED, EVALUATOR.evaluate(unspoken).decision());
    assertEquals(Decision.DEFAULT_DENY, always.evaluate(unspoken).decision());
    assertEquals(Decision.ALLOWED, always.evaluate(allowed).decision());
    assertEquals(
        Decision.NOT_ENFORCED,
        always.evaluate(new Question(CART, Identity.HEALTH, 1, 8, Direction.INGRESS)).decision());
  }

  private static Evaluator evaluatorOf(Enforcement enforcement) {
    return new Evaluator(Documents.parse(List.of(PAYMENT_IN)).documents(), enforcement);
  }

  @Test
  void evaluate_wrongPort_isDefaultDenyWithNearestMiss() {
    Evaluation evaluation = toPayment(CART, 8080);
    assertEquals(Decision.DEFAULT_DENY, evaluation.decision());
    assertEquals(Optional.empty(), evaluation.rule());
    Considered nearest = evaluation.nearestMiss().orElseThrow();
    assertEquals("shop/payment-in:1", nearest.rule().reference().toString());
    assertEquals("8080/TCP is not among its ports 8443/TCP", nearest.reason());
    assertEquals(4, evaluation.considered().size());
  }

  @Test
  void evaluate_wrongPeer_saysWhichLabelDiffers() {
    Evaluation evaluation = toPayment(OTHER, 8443);
    Considered first = evaluation.nearestMiss().orElseThrow();
    assertEquals(
        "the peer does not match: app is 'other', the rule wants app=cart", first.reason());
  }

  @Test
  void evaluate_unselectedEndpoint_isNotEnforced() {
    Evaluation evaluation =
        EVALUATOR.evaluate(new Question(PAYMENT, CART, 6, 80, Direction.INGRESS));
    assertEquals(Decision.NOT_ENFORCED, evaluation.decision());
    assertTrue(
        EVALUATOR.evaluate(evaluation.question().with(Direction.EGRESS)).allowed(), "no egress");
  }

  @Test
  void evaluate_ownNode_alwaysPasses() {
    assertEquals(Decision.LOCAL_HOST, toPayment(Identity.HOST, 1).decision());
  }

  @Test
  void outside_address_hasTheLongestPrefix() {
    Identity inside = EVALUATOR.outside(InetAddress.ofLiteral("10.9.9.9"));
    assertEquals("cidr:10.0.0.0/8,reserved:world", inside.labels().toString());
    assertEquals(Identity.WORLD, EVALUATOR.outside(InetAddress.ofLiteral("192.0.2.1")));
    assertTrue(toPayment(inside, 1).allowed());
    assertFalse(toPayment(Identity.WORLD, 1).allowed());
  }

  @Test
  void outside_prefix_isNotThatOfAPrefixInside() {
    Evaluator evaluator = evaluator(BY_ADDRESS.replace("10.9.0.0/16", "10.0.0.0/16"));
    assertEquals(
        "cidr:10.0.0.0/8,reserved:world",
        evaluator.outside(Cidr.parse("10.0.0.0/8")).labels().toString());
    assertEquals(Identity.WORLD, evaluator.outside(Cidr.parse("8.0.0.0/5")));
  }

  private static final String BY_ADDRESS =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: by-address, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: payment}}
        ingress:
        - from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.9.0.0/16]}}]
          ports: [{port: 80}]
        - from: [{podSelector: {matchLabels: {app: cart}}}]
          ports: [{port: 443}]
      """;

  private static Evaluation byAddress(Evaluator evaluator, Identity source, String at, int port) {
    Optional<Cidr> address = Optional.of(at).filter(a -> !a.isEmpty()).map(Cidr::parse);
    return evaluator.evaluate(
        new Question(source, PAYMENT, 6, port, Direction.INGRESS)
            .between(address, Optional.empty()));
  }

  @Test
  void evaluate_podInsideOfABlock_isAllowedByItsRule() {
    Evaluator evaluator = evaluator(BY_ADDRESS);
    Evaluation allowed = byAddress(evaluator, OTHER, "10.2.0.1", 80);
    assertEquals("allowed by shop/by-address:1", allowed.toString());
    assertTrue(allowed.considered().getFirst().matches());
    assertEquals("default deny", byAddress(evaluator, OTHER, "10.2.0.1", 81).toString());
    assertTrue(byAddress(evaluator, Identity.REMOTE_NODE, "10.2.0.1", 80).allowed());
  }

  @Test
  void evaluate_podOutsideOfABlock_isToldWhy() {
    Evaluator evaluator = evaluator(BY_ADDRESS);
    assertEquals(
        "the peer does not match: 10.9.0.1 is inside the exception 10.9.0.0/16",
        byAddress(evaluator, OTHER, "10.9.0.1", 80).nearestMiss().orElseThrow().reason());
    assertEquals(
        "the peer does not match: 11.0.0.1 is not inside 10.0.0.0/8",
        byAddress(evaluator, OTHER, "11.0.0.1", 80).nearestMiss().orElseThrow().reason());
    assertEquals(
        "the peer does not match: its address, by which 10.0.0.0/8 may mean it, is not known",
        byAddress(evaluator, OTHER, "", 80).nearestMiss().orElseThrow().reason());
  }

  @Test
  void evaluate_podInsideOfABlock_deniedOrAllowedByItsLabels_isDecidedByThese() {
    Evaluator evaluator = evaluator(BY_ADDRESS, PAYMENT_IN);
    Evaluation denied = byAddress(evaluator, SCANNER, "10.2.0.1", 80);
    assertEquals(Decision.DENIED, denied.decision());
    assertEquals(
        List.of("matches, but shop/payment-in:1 denies"),
        denied.considered().stream()
            .filter(c -> c.rule().reference().toString().equals("shop/by-address:1"))
            .map(Considered::reason)
            .toList());
    assertEquals(
        "allowed by shop/by-address:2", byAddress(evaluator, CART, "10.2.0.1", 443).toString());
  }
}
