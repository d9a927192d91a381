package io.sekisho.policy.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.policy.Direction;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Parsed;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tiers decide one after the other; policies under audit decide nothing, and are told of. */
class TiersTest {
  private static final Identity CART = pod(300, "app=cart");
  private static final Identity WEB = pod(301, "app=web");
  private static final Identity PAYMENT = pod(302, "app=payment");

  private static final String ADMIN =
      """
      apiVersion: policy.networking.k8s.io/v1alpha2
      kind: ClusterNetworkPolicy
      metadata: {name: admin}
      spec:
        tier: Admin
        priority: 10
        subject: {namespaces: {}}
        ingress:
        - action: Pass
          from: [{pods: {podSelector: {matchLabels: {app: cart}}}}]
        - action: Deny
          from: [{namespaces: {}}]
          protocols: [{tcp: {destinationPort: {number: 80}}}]
      """;
  private static final String ALLOW_ALL =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: normal, namespace: shop}
      spec: {podSelector: {}, ingress: [{}]}
      """;
  private static final String BASELINE =
      """
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: BaselineAdminNetworkPolicy
      metadata: {name: default}
      spec:
        subject: {namespaces: {}}
        ingress: [{action: Deny, from: [{namespaces: {}}]}]
      """;

  private static Identity pod(int number, String label) {
    return new Identity(number, Labels.of("k8s:" + Labels.NAMESPACE + "=shop", label));
  }

  private static String ask(Identity source, int port, String... texts) {
    Parsed parsed = Documents.parse(List.of(texts));
    assertEquals(List.of(), parsed.errors());
    return new Evaluator(parsed.documents())
        .evaluate(new Question(source, PAYMENT, 6, port, Direction.INGRESS))
        .toString();
  }

  @Test
  void admin_denies_beforeNamespacesAllow() {
    assertEquals("denied by admin:2", ask(WEB, 80, ADMIN, ALLOW_ALL));
    assertEquals("allowed by shop/normal:1", ask(WEB, 81, ADMIN, ALLOW_ALL));
  }

  @Test
  void admin_passes_leavesItToTheNextTier() {
    assertEquals("allowed by shop/normal:1", ask(CART, 80, ADMIN, ALLOW_ALL));
    assertEquals("denied by default:1", ask(CART, 80, ADMIN, BASELINE));
    assertEquals("no policy selects the endpoint", ask(CART, 80, ADMIN));
  }

  @Test
  void baseline_decidesOnlyWhereNoPolicyIsolates() {
    assertEquals("denied by default:1", ask(WEB, 81, BASELINE));
    assertEquals("default deny", ask(WEB, 81, BASELINE, ALLOW_ALL.replace("[{}]", "[]")));
    assertEquals("allowed by shop/normal:1", ask(WEB, 81, BASELINE, ALLOW_ALL));
  }

  @Test
  void priorities_lowerGoesFirst() {
    String accept = ADMIN.replace("name: admin", "name: first").replace("Deny", "Accept");
    assertEquals(
        "allowed by first:2", ask(WEB, 80, ADMIN, accept.replace("priority: 10", "priority: 9")));
    assertEquals(
        "denied by admin:2", ask(WEB, 80, ADMIN, accept.replace("priority: 10", "priority: 11")));
  }

  private static String audited(String text) {
    return text.replaceFirst(
        "metadata: \\{", "metadata: {annotations: {sekisho.io/enforcement: audit}, ");
  }

  @Test
  void audit_deny_passesAndNamesTheRule() {
    assertEquals("passes under audit, else denied admin:2", ask(WEB, 80, audited(ADMIN)));
  }

  @Test
  void audit_defaultDeny_passes() {
    String nothing = audited(ALLOW_ALL.replace("[{}]", "[]"));
    assertEquals("passes under audit, else denied", ask(WEB, 80, nothing));
  }

  @Test
  void audit_allow_opensNothing() {
    String nothing = ALLOW_ALL.replace("[{}]", "[]").replace("name: normal", "name: closed");
    assertEquals("default deny", ask(WEB, 80, nothing, audited(ALLOW_ALL)));
  }
}
