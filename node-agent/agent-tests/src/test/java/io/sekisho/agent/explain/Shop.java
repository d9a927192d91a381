package io.sekisho.agent.explain;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A small cluster: two carts, a payment and a web server in the namespace shop, on two nodes. */
final class Shop {
  private static final String NS = "k8s:" + Labels.NAMESPACE + "=shop";

  /** Lets carts alone come in to payment, by port 8443. */
  static final String PAY =
      """
      # who may pay
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: pay, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: payment}}
        ingress:
        - from: [{podSelector: {matchLabels: {app: cart}}}]
          ports: [{port: 8443}]
      """;

  /** The same, and lets web come in too. */
  static final String PAY_WIDE =
      PAY + "  - from: [{podSelector: {matchLabels: {app: web}}}]\n    ports: [{port: 8443}]\n";

  /** Demands that web cannot. */
  static final String NO_WEB =
      """
      apiVersion: sekisho.io/v1
      kind: Expectation
      metadata: {name: web-never-pays}
      spec:
        expect: deny
        from: [{namespace: shop, podSelector: {matchLabels: {app: web}}}]
        to: [{namespace: shop, podSelector: {matchLabels: {app: payment}}}]
        reason: card data
      """;

  private Shop() {}

  static Inventory inventory() {
    var identities = new HashMap<Integer, Identity>();
    identities.put(300, new Identity(300, Labels.of(NS, "app=cart")));
    identities.put(301, new Identity(301, Labels.of(NS, "app=web")));
    identities.put(302, new Identity(302, Labels.of(NS, "app=payment", "port:pay=8443/TCP")));
    var endpoints = new HashMap<String, Endpoint>();
    for (Endpoint endpoint :
        List.of(
            endpoint("n1", 1, "cart-1", "cart", 300, "10.1.0.1"),
            endpoint("n2", 1, "cart-2", "cart", 300, "10.2.0.1"),
            endpoint("n1", 2, "web-1", "web", 301, "10.1.0.2"),
            endpoint("n2", 2, "payment-1", "payment", 302, "10.2.0.2"))) {
      endpoints.put(endpoint.getNode() + "/" + endpoint.getId(), endpoint);
    }
    return new Inventory(
        1, true, Map.of("n1", node("n1", 1), "n2", node("n2", 2)), endpoints, identities, Map.of());
  }

  private static Node node(String name, int number) {
    return Node.newBuilder()
        .setName(name)
        .addAddresses("198.18.0." + number)
        .addPodCidrs("10." + number + ".0.0/16")
        .build();
  }

  private static Endpoint endpoint(
      String node, int id, String pod, String workload, int identity, String address) {
    return Endpoint.newBuilder()
        .setNode(node)
        .setId(id)
        .setNamespace("shop")
        .setPod(pod)
        .setWorkload(workload)
        .setIdentity(identity)
        .addAddresses(address)
        .build();
  }
}
