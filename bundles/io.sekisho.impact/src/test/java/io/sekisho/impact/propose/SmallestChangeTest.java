package io.sekisho.impact.propose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.flow.Endpoint;
import io.sekisho.impact.SeenFlow;
import io.sekisho.impact.propose.SmallestChange.Step;
import io.sekisho.impact.run.Asking;
import io.sekisho.impact.seen.Talk;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Allow this, deny this: just this. */
final class SmallestChangeTest {
  private static final Endpoint CART = SeenFlow.pod("shop", "cart", 301);
  private static final Endpoint PAYMENT = SeenFlow.pod("shop", "payment", 302);
  private static final Endpoint FRONTEND = SeenFlow.pod("shop", "frontend", 303);

  private static final String CLOSED =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: closed, namespace: shop}
      spec:
        endpointSelector: {}
        ingress: []
        egress: []
      """;

  private static final String DENY =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: no-cart, namespace: shop}
      spec:
        endpointSelector: {matchLabels: {app: payment}}
        enableDefaultDeny: {ingress: false}
        ingressDeny:
          - fromEndpoints: [{matchLabels: {app: cart}}]
      """;

  private static List<PolicyDocument> documents(List<String> texts) {
    var parsed = Documents.parse(texts);
    assertEquals(List.of(), parsed.errors(), texts::toString);
    return parsed.documents();
  }

  private static List<Labels> universe() {
    return Stream.of(CART, PAYMENT, FRONTEND).map(e -> Labels.of(e.getLabelsList())).toList();
  }

  private static List<Asking.Connection> connection(SeenFlow flow) {
    Talk talk = SeenFlow.gather(flow).talks().getFirst();
    return List.of(Asking.Connection.of(talk).orElseThrow());
  }

  private static boolean passes(List<String> texts, SeenFlow flow) {
    return new Asking(documents(texts)).of(connection(flow).getFirst()).passes();
  }

  private static List<String> with(String base, List<Step> steps) {
    var out = new ArrayList<>(List.of(base));
    for (Step step : steps) {
      out.add(assertInstanceOf(Step.Add.class, step).proposal().yaml());
    }
    return out;
  }

  @Test
  void allow_closedAtBothEnds_opensBothForThisAlone() {
    var change = new SmallestChange(documents(List.of(CLOSED)), universe());
    List<String> then = with(CLOSED, change.allow(connection(new SeenFlow())));
    assertEquals(3, then.size());
    assertTrue(passes(then, new SeenFlow()));
    assertFalse(passes(then, new SeenFlow().tcp(9000)));
    assertFalse(passes(then, new SeenFlow().from(FRONTEND)));
  }

  @Test
  void allow_deniedByARule_namesIt() {
    var change = new SmallestChange(documents(List.of(DENY)), universe());
    List<Step> steps = change.allow(connection(new SeenFlow()));
    assertEquals(
        "shop/no-cart:1", assertInstanceOf(Step.Edit.class, steps.getFirst()).rule().toString());
  }

  @Test
  void allow_whatPasses_isNothing() {
    assertEquals(
        List.of(), new SmallestChange(List.of(), universe()).allow(connection(new SeenFlow())));
  }

  @Test
  void deny_openServer_stopsThisAlone() {
    var change = new SmallestChange(List.of(), universe());
    List<Step> steps = change.deny(connection(new SeenFlow()));
    List<String> then = with("", steps).subList(1, 2);
    assertFalse(passes(then, new SeenFlow()));
    assertTrue(passes(then, new SeenFlow().tcp(9000)));
    assertTrue(passes(then, new SeenFlow().from(FRONTEND)));
  }

  @Test
  void deny_serverOutside_isDecidedByTheClient() {
    var world = SeenFlow.reserved(2, "world");
    SeenFlow flow = new SeenFlow().to(world, "203.0.113.7").tcp(443);
    List<Step> steps = new SmallestChange(List.of(), universe()).deny(connection(flow));
    List<String> then = with("", steps).subList(1, 2);
    assertFalse(passes(then, flow));
    assertTrue(passes(then, new SeenFlow().to(world, "203.0.113.8").tcp(443)));
  }

  @Test
  void deny_severalPorts_isOneRule() {
    var both =
        Stream.of(new SeenFlow(), new SeenFlow().tcp(9000))
            .flatMap(f -> connection(f).stream())
            .toList();
    List<Step> steps = new SmallestChange(List.of(), universe()).deny(both);
    assertEquals(1, steps.size());
    List<String> then = with("", steps).subList(1, 2);
    assertFalse(passes(then, new SeenFlow()));
    assertFalse(passes(then, new SeenFlow().tcp(9000)));
    assertTrue(passes(then, new SeenFlow().tcp(9001)));
  }

  @Test
  void deny_ownNode_isNothing() {
    SeenFlow flow = new SeenFlow().from(SeenFlow.reserved(1, "host"), "198.18.0.1");
    assertEquals(List.of(), new SmallestChange(List.of(), universe()).deny(connection(flow)));
  }
}
