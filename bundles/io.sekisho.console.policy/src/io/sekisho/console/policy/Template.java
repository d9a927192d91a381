package io.sekisho.console.policy;

import io.sekisho.console.ui.Selected;
import io.sekisho.policy.Kind;

/** A document to begin with. */
public enum Template {
  WORKLOAD(
      Texts.template_workload,
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata:
        name: %2$s
        namespace: %1$s
      spec:
        endpointSelector:
          matchLabels:
            app: %2$s
        ingress:
          - fromEndpoints:
              - matchLabels:
                  app: name-of-the-client
            toPorts:
              - ports:
                  - port: "8080"
                    protocol: TCP
      """),
  DEFAULT_DENY(
      Texts.template_default_deny,
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: default-deny
        namespace: %1$s
      spec:
        # every pod of the namespace; nothing may come in that no other rule allows
        podSelector: {}
        policyTypes:
          - Ingress
      """),
  DEFAULT_DENY_BOTH(
      Texts.template_default_deny_both,
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: default-deny
        namespace: %1$s
      spec:
        # every pod of the namespace; nothing comes in or goes out that no other rule allows,
        # but questions to the cluster's DNS
        podSelector: {}
        policyTypes:
          - Ingress
          - Egress
        egress:
          - to:
              - namespaceSelector:
                  matchLabels:
                    kubernetes.io/metadata.name: kube-system
                podSelector:
                  matchLabels:
                    k8s-app: kube-dns
            ports:
              - protocol: UDP
                port: 53
              - protocol: TCP
                port: 53
      """),
  ALLOW_DNS(
      Texts.template_dns,
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata:
        name: allow-dns
        namespace: %1$s
      spec:
        endpointSelector: {}
        # what else may go out stays as it is
        enableDefaultDeny:
          egress: false
        egress:
          - toEndpoints:
              - matchLabels:
                  k8s-app: kube-dns
                  k8s:io.kubernetes.pod.namespace: kube-system
            toPorts:
              - ports:
                  - port: "53"
                    protocol: UDP
                  - port: "53"
                    protocol: TCP
      """),
  SAME_NAMESPACE(
      Texts.template_same_namespace,
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata:
        name: allow-same-namespace
        namespace: %1$s
      spec:
        endpointSelector: {}
        ingress:
          - fromEndpoints:
              - {}
      """),
  NODES(
      Texts.template_nodes,
      """
      apiVersion: cilium.io/v2
      kind: CiliumClusterwideNetworkPolicy
      metadata:
        name: nodes
      spec:
        # every node's own traffic; fail-safe ports (agent, SSH, store, API server) always pass
        nodeSelector: {}
        ingress:
          - fromEntities:
              - cluster
              - remote-node
          - toPorts:
              - ports:
                  - port: "22"
                    protocol: TCP
      """),
  DENY_LIST(
      Texts.template_deny_list,
      """
      apiVersion: sekisho.io/v1
      kind: PrefixList
      metadata:
        name: denied
      spec:
        # nothing from there reaches a node, dropped before all else
        deny:
          - 192.0.2.0/24
      """),
  EXPECTATION(
      Texts.template_expectation,
      """
      apiVersion: sekisho.io/v1
      kind: Expectation
      metadata:
        name: %1$s-closed-to-the-world
      spec:
        # a push that breaks this is refused
        reason: nothing outside of the cluster may open connections to %1$s
        expect: deny
        from:
          - entity: world
        to:
          - namespace: %1$s
      """);

  private final String title;
  private final String text;

  /** The first argument of the text is a namespace, the second the name of a workload. */
  Template(String title, String text) {
    this.title = title;
    this.text = text;
  }

  /**
   * Of whom a document speaks.
   *
   * @param app value of the label {@code app}
   */
  public record Subject(String namespace, String app) {
    private static final Subject UNKNOWN = new Subject("default", "name-of-the-workload");

    /** The one that is selected, as far as that says. */
    static Subject of(Selected selected) {
      return switch (selected) {
        case Selected.Namespace n -> new Subject(n.name(), UNKNOWN.app());
        case Selected.Workload w -> ofKey(w.key());
        case Selected.Pod p -> new Subject(p.namespace(), p.workload());
        case Selected.Connection c -> ofKey(c.serverKey());
        default -> UNKNOWN;
      };
    }

    /** By the key of a workload; what is outside has no namespace. */
    private static Subject ofKey(String key) {
      int slash = key.indexOf('/');
      return slash > 0 ? new Subject(key.substring(0, slash), key.substring(slash + 1)) : UNKNOWN;
    }
  }

  /** The kind of the document. */
  public Kind kind() {
    return text.lines()
        .filter(line -> line.startsWith("kind: "))
        .flatMap(line -> Kind.of(line.substring("kind: ".length())).stream())
        .findFirst()
        .orElseThrow();
  }

  /** Its name in a menu. */
  String title() {
    return title;
  }

  /** YAML of the document. */
  public String text(Subject subject) {
    return text.formatted(subject.namespace(), subject.app());
  }
}
