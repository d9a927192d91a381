package io.sekisho.lab.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.policy.grammar.CustomResources;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our custom resources at a real API server: what it takes, and what it refuses with which words.
 */
final class DefinitionsTest {
  private static ControlPlane plane;

  @BeforeAll
  static void bringUp() {
    assumeTrue(ControlPlane.missing().isEmpty(), ControlPlane.missing()::toString);
    plane = ControlPlane.apiServer();
    plane.apply("namespace.yaml");
    plane.apply("policy-crds.yaml");
    plane.apply("store-crds.yaml");
    plane.awaitResources();
  }

  @AfterAll
  static void takeDown() {
    if (plane != null) {
      plane.close();
    }
  }

  private static String document(String kind, String spec) {
    String version =
        switch (kind) {
          case "ClusterNetworkPolicy" -> "policy.networking.k8s.io/v1alpha2";
          case "AdminNetworkPolicy", "BaselineAdminNetworkPolicy" ->
              "policy.networking.k8s.io/v1alpha1";
          case "Expectation", "PrefixList" -> "sekisho.io/v1";
          default -> "cilium.io/v2";
        };
    String name = kind.startsWith("Baseline") ? "default" : "a";
    return "{apiVersion: %s, kind: %s, metadata: {name: %s}, spec: {%s}}"
        .formatted(version, kind, name, spec);
  }

  private static String apply(String text) {
    return plane.kubectlWith(text, "apply", "--dry-run=server", "-f", "-");
  }

  private static String refusal(String text) {
    return String.valueOf(assertThrows(AssertionError.class, () -> apply(text)).getMessage());
  }

  @Test
  void manifest_isWhatTheGrammarSays() throws IOException {
    assertEquals(
        CustomResources.yaml(),
        Files.readString(ControlPlane.scripts().resolve("manifests/policy-crds.yaml")),
        "write it anew: sekisho-agent policy definitions");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CiliumNetworkPolicy|endpointSelector: {matchLabels: {app: a}}, ingress: [{fromEndpoints:"
            + " [{matchExpressions: [{key: b, operator: Exists}]}], toPorts: [{ports: [{port: '80',"
            + " endPort: 90, protocol: TCP}]}]}], egressDeny: [{toCIDRSet: [{cidr: 10.0.0.0/8,"
            + " except: [10.1.0.0/16]}]}]",
        "CiliumNetworkPolicy|endpointSelector: {}, egress: [{toServices: [{k8sService: {serviceName:"
            + " x, namespace: other}}], icmps: [{fields: [{family: IPv6, type: EchoRequest}]}]}],"
            + " enableDefaultDeny: {egress: false}, description: words",
        "CiliumClusterwideNetworkPolicy|nodeSelector: {matchLabels: {zone: a}}, ingress:"
            + " [{fromEntities: [cluster]}]",
        "ClusterNetworkPolicy|tier: Admin, priority: 10, subject: {namespaces: {}}, ingress: [{name:"
            + " x, action: Accept, from: [{pods: {podSelector: {}}}], protocols: [{tcp:"
            + " {destinationPort: {range: {start: 1, end: 9}}}}, {destinationNamedPort: http}]}],"
            + " egress: [{action: Deny, to: [{networks: [0.0.0.0/0, '::/0']}]}]",
        "AdminNetworkPolicy|priority: 1, subject: {pods: {namespaceSelector: {}, podSelector: {}}},"
            + " egress: [{action: Pass, to: [{nodes: {}}], ports: [{portNumber: {protocol: UDP,"
            + " port: 53}}]}]",
        "BaselineAdminNetworkPolicy|subject: {namespaces: {}}, ingress: [{action: Deny, from:"
            + " [{namespaces: {}}]}]",
        "Expectation|expect: deny, from: [{namespace: a}, {cidr: 10.0.0.0/8, except:"
            + " [10.1.0.0/16]}], to: [{podSelector: {matchLabels: {app: b}}}], ports: [{port: '80',"
            + " protocol: TCP}], reason: words",
        "PrefixList|deny: [203.0.113.0/24, '2001:db8::/32'], nodeSelector: {matchLabels: {zone:"
            + " a}}, description: words"
      })
  void apply_goodPolicy_isTaken(String kind, String spec) {
    assertTrue(apply(document(kind, spec)).contains("server dry run"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CiliumNetworkPolicy|endpointSelector: {}, ingres: []|unknown field \"spec.ingres\"",
        "CiliumNetworkPolicy|endpointSelector: {}|the spec says nothing",
        "CiliumNetworkPolicy|ingress: []|a spec has one of endpointSelector, nodeSelector",
        "CiliumNetworkPolicy|nodeSelector: {}, ingress: []|nodes are of no namespace",
        "CiliumNetworkPolicy|endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: 80,"
            + " protocol: HTTP}]}]}]|supported values: \"TCP\", \"UDP\", \"SCTP\", \"ANY\"",
        "Expectation|expect: maybe, from: [], to: []|supported values: \"allow\", \"deny\"",
        "Expectation|expect: deny, from: [{entity: all}]|spec.to",
        "PrefixList|description: words|spec.deny",
        "PrefixList|deny: [], allow: []|unknown field \"spec.allow\"",
        "ClusterNetworkPolicy|tier: Top, priority: 1, subject: {namespaces: {}}|supported values:"
            + " \"Admin\", \"Baseline\"",
        "ClusterNetworkPolicy|tier: Admin, subject: {namespaces: {}}|spec.priority",
        "AdminNetworkPolicy|priority: 1, subject: {namespaces: {}, pods: {}}|must have at most 1"
            + " item",
      })
  void apply_badPolicy_isRefused(String kind, String spec, String words) {
    String said = refusal(document(kind, spec));
    assertTrue(said.contains(words), said);
  }

  @Test
  void apply_baselineOfAnotherName_isRefused() {
    String text =
        document("BaselineAdminNetworkPolicy", "subject: {namespaces: {}}")
            .replace("name: default", "name: mine");
    String said = refusal(text);
    assertTrue(said.contains("its name is 'default'"), said);
  }

  /** A field that we do not support yet must reach the agents, which say so. */
  @ParameterizedTest
  @ValueSource(
      strings = {"toFQDNs: [{matchName: example.org}]", "authentication: {mode: required}"})
  void apply_fieldNotYetSupported_isKept(String field) {
    String text =
        document(
            "CiliumNetworkPolicy",
            "endpointSelector: {}, egress: [{" + field + ", toPorts: [{ports: [{port: '1'}]}]}]");
    String kept = plane.kubectlWith(text, "apply", "--dry-run=server", "-o", "json", "-f", "-");
    String name = field.substring(0, field.indexOf(':'));
    assertTrue(kept.contains("\"" + name + "\""), kept);
  }

  @Test
  void store_keyOfAnObject_neverChanges() {
    String text =
        "{apiVersion: sekisho.io/v1, kind: SekishoEntry, metadata: {name: a, namespace:"
            + " sekisho-system}, spec: {key: KEY}}";
    plane.kubectlWith(text.replace("KEY", "one"), "apply", "-f", "-");
    String said = refusal(text.replace("KEY", "two"));
    assertTrue(said.contains("the key of an object never changes"), said);
  }
}
