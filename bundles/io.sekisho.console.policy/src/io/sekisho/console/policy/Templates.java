package io.sekisho.console.policy;

/** Documents to begin with. */
final class Templates {
  private Templates() {}

  /** A policy that selects every pod of the namespace and allows nothing in. */
  static String defaultDeny() {
    return """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata:
          name: default-deny
          namespace: default
        spec:
          # every pod of the namespace; nothing may come in that no other rule allows
          endpointSelector: {}
          ingress:
            - fromEndpoints: []
        """;
  }

  /** A policy that allows pods of the namespace to talk to each other. */
  static String sameNamespace() {
    return """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata:
          name: allow-same-namespace
          namespace: default
        spec:
          endpointSelector: {}
          ingress:
            - fromEndpoints:
                - {}
        """;
  }

  /** An empty policy for one workload. */
  static String workload() {
    return """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata:
          name: new-policy
          namespace: default
        spec:
          endpointSelector:
            matchLabels:
              app: name-of-the-workload
          ingress:
            - fromEndpoints:
                - matchLabels:
                    app: name-of-the-client
              toPorts:
                - ports:
                    - port: "8080"
                      protocol: TCP
        """;
  }
}
