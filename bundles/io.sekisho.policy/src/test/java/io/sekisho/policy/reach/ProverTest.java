package io.sekisho.policy.reach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortRange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expectations hold, or an example shows where they do not. */
class ProverTest {
  private static final Identity CART = pod(300, "app=cart");
  private static final Identity WEB = pod(301, "app=web");
  private static final Identity PAYMENT = pod(302, "app=payment", "port:pay=8443/TCP");
  private static final List<Identity> PODS = List.of(CART, WEB, PAYMENT);

  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: pay, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: payment}}
        ingress:
        - from: [{podSelector: {matchLabels: {app: cart}}}]
          ports: [{port: 8443}, {port: 9000, endPort: 9100}]
        - from: [{ipBlock: {cidr: 10.0.0.0/8}}]
          ports: [{port: 443}]
      """;

  private static Identity pod(int number, String... labels) {
    var texts = new java.util.ArrayList<>(List.of(labels));
    texts.add("k8s:" + Labels.NAMESPACE + "=shop");
    return new Identity(number, Labels.of(texts));
  }

  private static List<PolicyDocument> documents(String... texts) {
    Parsed parsed = Documents.parse(List.of(texts));
    assertEquals(List.of(), parsed.errors());
    return parsed.documents();
  }

  private static String expectation(String spec) {
    return "apiVersion: sekisho.io/v1\nkind: Expectation\nmetadata: {name: e}\nspec: "
        + spec
        + "\n";
  }

  private static Proof prove(String expectation, String... policies) {
    var texts = new java.util.ArrayList<>(List.of(policies));
    texts.add(expectation(expectation));
    return Prover.prove(documents(texts.toArray(String[]::new)), PODS).get(0);
  }

  private static final String PAY = "to: [{podSelector: {matchLabels: {app: payment}}}]";
  private static final String FROM_CART = "from: [{podSelector: {matchLabels: {app: cart}}}]";
  private static final String FROM_WEB = "from: [{podSelector: {matchLabels: {app: web}}}]";

  @Test
  void allow_onAllowedPorts_holds() {
    Proof proof =
        prove(
            "{expect: allow, "
                + FROM_CART
                + ", "
                + PAY
                + ", ports: [{port: \"8443\", protocol: TCP}]}",
            POLICY);
    assertEquals("holds for 1 pair", proof.toString());
    assertTrue(
        prove("{expect: allow, " + FROM_CART + ", " + PAY + ", ports: [{port: pay}]}", POLICY)
            .holds());
  }

  @Test
  void allow_onePortOfARangeMissing_showsThatPort() {
    Proof proof =
        prove(
            "{expect: allow, "
                + FROM_CART
                + ", "
                + PAY
                + ", ports: [{port: \"9000\", endPort: 9101, protocol: TCP}]}",
            POLICY);
    assertEquals(9101, proof.counterExample().orElseThrow().port());
    assertTrue(
        proof
            .toString()
            .endsWith(
                "is dropped; going out: no policy selects the endpoint; coming in: default deny"),
        proof.toString());
  }

  @Test
  void deny_everythingFromWeb_holds() {
    assertTrue(prove("{expect: deny, " + FROM_WEB + ", " + PAY + "}", POLICY).holds());
  }

  @Test
  void deny_somethingPasses_namesTheRule() {
    Proof proof = prove("{expect: deny, " + FROM_CART + ", " + PAY + "}", POLICY);
    assertTrue(proof.toString().contains("port 8443/TCP passes"), proof.toString());
    assertTrue(proof.toString().endsWith("coming in: allowed by shop/pay:1"), proof.toString());
  }

  @Test
  void deny_withoutPolicies_isBroken() {
    Proof proof = prove("{expect: deny, " + FROM_WEB + ", " + PAY + "}");
    assertFalse(proof.holds());
  }

  private static final String WEB_AT_443 =
      FROM_WEB + ", " + PAY + ", ports: [{port: \"443\", protocol: TCP}]}";

  private static Proof proveAt(String expectation, String... webAddresses) {
    Set<Cidr> addresses =
        Stream.of(webAddresses).map(Cidr::parse).collect(Collectors.toUnmodifiableSet());
    return Prover.prove(
            documents(POLICY, expectation(expectation)),
            new Cluster(PODS, Map.of(WEB.number(), addresses)),
            Enforcement.USUAL)
        .getFirst();
  }

  @Test
  void block_holdsAllPodsOfAnIdentity_isAllowed() {
    assertTrue(proveAt("{expect: allow, " + WEB_AT_443, "10.1.0.1", "10.2.0.1").holds());
    Proof denied = proveAt("{expect: deny, " + WEB_AT_443, "10.1.0.1", "10.2.0.1");
    assertTrue(denied.toString().endsWith("coming in: allowed by shop/pay:2"), denied.toString());
  }

  @Test
  void block_holdsSomePodsOfAnIdentity_isNeitherAllowedNorDenied() {
    Proof allowed = proveAt("{expect: allow, " + WEB_AT_443, "10.1.0.1", "192.0.2.1");
    assertFalse(allowed.holds());
    assertEquals(
        Optional.of(Cidr.parse("192.0.2.1")),
        allowed.counterExample().orElseThrow().sourceAddress());
    Proof denied = proveAt("{expect: deny, " + WEB_AT_443, "10.1.0.1", "192.0.2.1");
    assertEquals(
        Optional.of(Cidr.parse("10.1.0.1")), denied.counterExample().orElseThrow().sourceAddress());
  }

  @Test
  void block_holdsNoPod_isDenied() {
    assertTrue(proveAt("{expect: deny, " + WEB_AT_443, "192.0.2.1").holds());
    assertTrue(proveAt("{expect: deny, " + WEB_AT_443).holds());
  }

  @Test
  void prefix_insideAnother_isItsOwnCase() {
    String inner = "{expect: deny, from: [{cidr: 10.1.0.0/16}], " + PAY;
    assertFalse(prove(inner + "}", POLICY).holds());
    assertTrue(prove(inner + ", ports: [{port: \"80\"}]}", POLICY).holds());
    assertTrue(prove("{expect: deny, from: [{cidr: 11.0.0.0/8}], " + PAY + "}", POLICY).holds());
    assertTrue(prove("{expect: deny, from: [{entity: remote-node}], " + PAY + "}", POLICY).holds());
  }

  @Test
  void nobodyMeant_saysSo() {
    Proof proof = prove("{expect: deny, from: [{namespace: nowhere}], " + PAY + "}", POLICY);
    assertTrue(proof.holds());
    assertEquals("says nothing: nobody is meant", proof.toString());
  }

  @Test
  void whoReaches_isEverybodyWithPorts() {
    var reach = new Reachability(documents(POLICY), PODS).whoReaches(PAYMENT);
    assertEquals(
        List.of(new PortRange(6, 8443, 8443), new PortRange(6, 9000, 9100)),
        reach.stream().filter(r -> r.peer().equals(CART)).findFirst().orElseThrow().ports());
    assertTrue(reach.stream().noneMatch(r -> r.peer().equals(WEB)));
    assertTrue(reach.stream().anyMatch(r -> r.peer().equals(Identity.HOST)), "own node");
    var out = new Reachability(documents(POLICY), PODS).whomReaches(WEB);
    assertTrue(out.stream().noneMatch(r -> r.peer().equals(PAYMENT)));
    assertEquals(
        List.of(PortRange.ALL),
        out.stream().filter(r -> r.peer().equals(CART)).findFirst().orElseThrow().ports());
  }

  @Test
  void changes_betweenRevisions_areThePairsThatDiffer() {
    var after = documents(POLICY.replace("app: cart", "app: web"));
    var changes = Changes.between(documents(POLICY), after, PODS);
    assertEquals(2, changes.size());
    assertEquals(CART, changes.get(0).source());
    assertEquals(List.of(), changes.get(0).opened());
    assertEquals(2, changes.get(0).closed().size());
    assertEquals(changes.get(0).closed(), changes.get(1).opened());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{from: [{namespace: a}], to: [{namespace: a}]}|no 'expect'",
        "{expect: alow, from: [{namespace: a}], to: [{namespace: a}]}|must be one of",
        "{expect: deny, to: [{namespace: a}]}|nobody in 'from'",
        "{expect: deny, from: [], to: [{namespace: a}]}|nobody in 'from'",
        "{expect: deny, from: [{}], to: [{namespace: a}]}|a peer is pods",
        "{expect: deny, from: [{cidr: 10.0.0.0/8, entity: world}], to: [{namespace: a}]}|a peer is"
            + " pods",
        "{expect: deny, from: [{cidr: 10.0.0.0/40}], to: [{namespace: a}]}|prefix length",
        "{expect: deny, from: [{entity: wrld}], to: [{namespace: a}]}|no entity",
        "{expect: deny, from: [{namespace: a}], to: [{namespace: a}], ports: []}|names no ports",
        "{expect: deny, from: [{namespace: a}], to: [{namespace: a}], ports: [{port: x!}]}|is no"
            + " port",
        "{expect: deny, form: [{namespace: a}], from: [{namespace: a}], to: [{namespace: a}]}|no"
            + " field 'form'",
      })
  void parse_wrongExpectation_isTold(String spec, String words) {
    Parsed parsed = Documents.parse(List.of(expectation(spec)));
    assertEquals(1, parsed.errors().size(), () -> "" + parsed.problems());
    assertTrue(parsed.errors().get(0).message().contains(words), () -> "" + parsed.errors());
    assertEquals(4, parsed.errors().get(0).line());
  }
}
