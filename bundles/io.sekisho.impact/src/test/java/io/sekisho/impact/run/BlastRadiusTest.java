package io.sekisho.impact.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.impact.Progress;
import io.sekisho.impact.run.BlastRadius.Placed;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose tables differ, and by how much. */
final class BlastRadiusTest {
  private static final String IN =
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

  private static Labels pod(String app) {
    return Labels.of("app=" + app, Labels.NAMESPACE + "=shop");
  }

  private static final List<Placed> ENDPOINTS =
      List.of(
          new Placed("n1", "shop/payment", "payment-0", pod("payment")),
          new Placed("n2", "shop/payment", "payment-1", pod("payment")),
          new Placed("n3", "shop/cart", "cart-0", pod("cart")));

  private static final List<Identity> IDENTITIES =
      List.of(new Identity(300, pod("payment")), new Identity(301, pod("cart")));

  private static BlastRadius of(List<PolicyDocument> before, List<PolicyDocument> after) {
    return BlastRadius.of(before, after, ENDPOINTS, IDENTITIES, Progress.NONE);
  }

  @Test
  void of_aNewPolicy_touchesItsEndpointsOnly() {
    BlastRadius radius = of(List.of(), DryRunTest.documents(IN));
    assertEquals(Set.of("n1", "n2"), radius.nodes());
    assertEquals(Set.of("shop/payment"), radius.workloads());
    assertEquals(0, radius.removed());
    // the default and the rule, at each of two endpoints
    assertEquals(4, radius.added());
  }

  @Test
  void of_theSameWithOtherWords_touchesNobody() {
    assertEquals(
        List.of(), of(DryRunTest.documents(IN), DryRunTest.documents("# why\n" + IN)).touched());
  }

  @Test
  void of_anotherPort_addsAndRemovesOneEach() {
    BlastRadius radius =
        of(DryRunTest.documents(IN), DryRunTest.documents(IN.replace("8443", "9000")));
    assertEquals(2, radius.added());
    assertEquals(2, radius.removed());
  }

  @Test
  void of_aPrefixOfTheWorld_isCounted() {
    String cidr =
        IN.replace("fromEndpoints: [{matchLabels: {app: cart}}]", "fromCIDR: [10.0.0.0/8]");
    BlastRadius radius = of(List.of(), DryRunTest.documents(cidr));
    assertEquals(4, radius.added());
  }

  @Test
  void of_moreThanAMapHolds_isTold() {
    var identities = new ArrayList<Identity>();
    for (int i = 0; i < BlastRadius.CAPACITY; i++) {
      identities.add(
          new Identity(1000 + i, Labels.of("app=cart", "n=" + i, Labels.NAMESPACE + "=shop")));
    }
    BlastRadius radius =
        BlastRadius.of(List.of(), DryRunTest.documents(IN), ENDPOINTS, identities, Progress.NONE);
    assertEquals(2, radius.overflowing().size());
    assertTrue(radius.overflowing().getFirst().difference().entries() > BlastRadius.CAPACITY);
  }
}
