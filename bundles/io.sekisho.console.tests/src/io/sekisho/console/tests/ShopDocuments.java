package io.sekisho.console.tests;

import io.sekisho.api.v1.Document;
import java.util.List;

/** Some of the documents that are in force in {@link Shop}. */
final class ShopDocuments {
  private static final String DENY_WORLD =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata:
        name: deny-world
        namespace: shop
      spec:
        endpointSelector: {}
        ingressDeny:
        - fromEntities:
          - world
      """;

  private static final String PAYMENT_IN =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata:
        name: payment-in
        namespace: shop
      spec:
        endpointSelector:
          matchLabels:
            app: payment
        ingress:
        - fromEndpoints:
          - matchLabels:
              app: cart
          toPorts:
          - ports:
            - port: "8443"
              protocol: TCP
      """;

  private static final String DENY_CART =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata:
        name: deny-cart-to-payment
        namespace: shop
      spec:
        endpointSelector:
          matchLabels:
            app: payment
        ingressDeny:
        - fromEndpoints:
          - matchLabels:
              app: cart
      """;

  private ShopDocuments() {}

  static List<Document> all() {
    return List.of(
        document("deny-world", DENY_WORLD),
        document("payment-in", PAYMENT_IN),
        document("deny-cart-to-payment", DENY_CART));
  }

  /** Those of the revision before. */
  static List<Document> before() {
    return all().subList(0, 2);
  }

  private static Document document(String name, String yaml) {
    return Document.newBuilder()
        .setKind("CiliumNetworkPolicy")
        .setNamespace("shop")
        .setName(name)
        .setYaml(yaml)
        .build();
  }
}
