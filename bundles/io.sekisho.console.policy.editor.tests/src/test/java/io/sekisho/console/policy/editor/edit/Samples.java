package io.sekisho.console.policy.editor.edit;

import java.util.List;

/** Documents of all kinds, with comments everywhere and in the styles that people use. */
public final class Samples {
  private Samples() {}

  /** A policy of a namespace with all that is drawn. */
  public static final String CILIUM =
      """
      # payment: who may come in
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata:
        name: payment # the name
        namespace: shop
      spec:
        description: who may pay
        # whom it is about
        endpointSelector:
          matchLabels:
            app: payment # by app
        ingress:
          # the cart pays
          - fromEndpoints:
              - matchLabels:
                  app: cart # first
              - matchLabels: {app: checkout}
            toPorts:
              - ports:
                  - port: "8443" # https
                    protocol: TCP
          - fromEntities: [host, remote-node] # probes
        egress:
          - toCIDRSet:
              - cidr: 203.0.113.0/24 # the bank
                except: [203.0.113.40/32]
            toPorts:
              - ports:
                  - {port: "443", protocol: TCP}
        ingressDeny:
          # never from outside
          - fromEntities:
              - world
      # the end
      """;

  /** The same kind without indentation of lists, and with several specs. */
  public static final String CLUSTERWIDE =
      """
      apiVersion: cilium.io/v2
      kind: CiliumClusterwideNetworkPolicy
      metadata:
        name: base
      specs: # two of them
      - endpointSelector: {} # everyone
        enableDefaultDeny: {egress: false}
        egress:
        # names
        - toEndpoints:
          - matchExpressions:
            - {key: k8s-app, operator: In, values: [kube-dns, coredns]} # dns
            - key: k8s:io.kubernetes.pod.namespace
              operator: In
              values:
              - kube-system
          toPorts:
          - ports:
            - port: "53"
              protocol: ANY
      - endpointSelector:
          matchLabels:
            tier: db
        ingress:
        - {} # nobody else
        ingressDeny:
        - icmps:
          - fields:
            - type: 8
              family: IPv4
      """;

  /** Kubernetes' kind. */
  public static final String NETWORK_POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: # the web
          matchLabels:
            app: web
        policyTypes: [Ingress] # in only
        ingress:
          - from:
              # the door
              - namespaceSelector:
                  matchLabels:
                    kubernetes.io/metadata.name: ingress
                podSelector: {}
              - ipBlock:
                  cidr: 198.51.100.0/24
                  except:
                    - 198.51.100.7/32
            ports:
              - protocol: TCP # plain
                port: 8080
                endPort: 8090
          - ports:
              - port: 9090
      """;

  /** An administrators' policy. */
  public static final String CLUSTER_NETWORK_POLICY =
      """
      apiVersion: policy.networking.k8s.io/v1alpha2
      kind: ClusterNetworkPolicy
      metadata:
        name: guard
      spec:
        tier: Admin
        priority: 10 # early
        subject:
          namespaces: {}
        ingress:
          - name: monitoring
            action: Accept # always
            from:
              - namespaces:
                  matchLabels:
                    kubernetes.io/metadata.name: ops
            protocols:
              - tcp: {destinationPort: {number: 9090}}
          # the rest of ops
          - name: no-ops
            action: Deny
            from:
              - pods:
                  namespaceSelector: {}
                  podSelector:
                    matchLabels: {app: scanner}
        egress:
          - action: Pass
            to:
              - networks: [10.0.0.0/8] # the site
      """;

  /** What must hold. */
  public static final String EXPECTATION =
      """
      apiVersion: sekisho.io/v1
      kind: Expectation
      metadata:
        name: cart-pays
      spec:
        expect: allow # must
        from:
          - namespace: shop
            podSelector:
              matchLabels: {app: cart}
        to:
          - namespace: shop # the same
            podSelector:
              matchLabels:
                app: payment
        ports:
          - port: "8443"
            protocol: TCP
        reason: nobody buys without
      """;

  /** All of them. */
  public static List<String> all() {
    return List.of(
        CILIUM,
        CLUSTERWIDE,
        NETWORK_POLICY,
        CLUSTER_NETWORK_POLICY,
        EXPECTATION,
        CILIUM + "---\n" + NETWORK_POLICY);
  }
}
