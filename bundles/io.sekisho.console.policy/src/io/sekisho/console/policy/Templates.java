package io.sekisho.console.policy;

import io.sekisho.flow.Party;
import io.sekisho.flow.ServiceGraph;

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

  /**
   * A policy about the connections of an edge, on the side of the server if it is a pod, else on
   * the side of the client.
   *
   * @param deny whether it denies, else allows
   * @param enforced whether some policy already selects the subject in this direction; if not, a
   *     deny list alone would switch default deny on, so the draft then allows all else
   */
  static String of(
      ServiceGraph.Edge edge, Party client, Party server, boolean deny, boolean enforced) {
    boolean atServer = server.kind() == Party.Kind.WORKLOAD;
    Party subject = atServer ? server : client;
    Party peer = atServer ? client : server;
    String section = (atServer ? "ingress" : "egress") + (deny ? "Deny" : "");
    var text = new StringBuilder();
    text.append("apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: ")
        .append(deny ? "deny-" : "allow-")
        .append(word(client.workload()))
        .append("-to-")
        .append(word(server.workload()))
        .append("\n  namespace: ")
        .append(subject.namespace())
        .append("\nspec:\n  endpointSelector:\n    matchLabels:\n      app: ")
        .append(subject.workload())
        .append("\n  ")
        .append(section)
        .append(":\n")
        .append(peer(peer, subject, atServer ? "from" : "to"));
    ports(edge, text);
    if (deny && !enforced) {
      String direction = atServer ? "ingress" : "egress";
      text.append("  # no other policy selects it: all else stays allowed\n  ")
          .append(direction)
          .append(":\n    - ")
          .append(atServer ? "from" : "to")
          .append("Entities:\n        - all\n");
    }
    return text.toString();
  }

  private static String peer(Party peer, Party subject, String side) {
    if (peer.kind() == Party.Kind.NODE) {
      return "    - " + side + "Entities:\n        - host\n        - remote-node\n";
    }
    if (peer.kind() != Party.Kind.WORKLOAD) {
      boolean prefix = peer.address().contains(".") || peer.address().contains(":");
      return prefix
          ? "    - " + side + "CIDR:\n        - " + single(peer.address()) + "\n"
          : "    - " + side + "Entities:\n        - world\n";
    }
    String namespace =
        peer.namespace().equals(subject.namespace())
            ? ""
            : "            k8s:io.kubernetes.pod.namespace: " + peer.namespace() + "\n";
    return "    - "
        + side
        + "Endpoints:\n        - matchLabels:\n            app: "
        + peer.workload()
        + "\n"
        + namespace;
  }

  private static String single(String address) {
    if (address.contains("/")) {
      return address;
    }
    return address + (address.contains(":") ? "/128" : "/32");
  }

  private static void ports(ServiceGraph.Edge edge, StringBuilder text) {
    var ports = edge.ports().stream().filter(p -> p.port() > 0 && !p.protocol().startsWith("ICMP"));
    var list = ports.toList();
    if (list.isEmpty()) {
      return;
    }
    text.append("      toPorts:\n        - ports:\n");
    for (ServiceGraph.Port port : list) {
      text.append("            - port: \"")
          .append(port.port())
          .append("\"\n              protocol: ")
          .append(port.protocol())
          .append("\n");
    }
  }

  private static String word(String name) {
    String plain = name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String trimmed = plain.replaceAll("^-|-$", "");
    return trimmed.isEmpty() ? "outside" : trimmed;
  }
}
