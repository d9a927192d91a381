package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.revision.Intent;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Expectations and prefix lists at a real API server: read, proved, with their status. */
final class OwnKindsTest extends SourceFixture {
  @AfterEach
  void removeAll() {
    cluster.kubectl("delete", "expectation,prefixlist", "--all");
  }

  private static void apply(String text) {
    cluster.kubectlWith(text, "apply", "-f", "-");
  }

  private static String of(String kind, String name, String type, String field) {
    return cluster.kubectl(
        "get",
        kind,
        name,
        "-o",
        "jsonpath={.status.conditions[?(@.type=='" + type + "')]." + field + "}");
  }

  private static void await(String kind, String name, String type, String status) {
    Await.until(
        () -> of(kind, name, type, "status").equals(status),
        () -> cluster.kubectl("get", kind, name, "-o", "yaml"));
  }

  private Identity pod(int number, String app) {
    return new Identity(
        number, Labels.of("k8s:" + Labels.NAMESPACE + "=" + namespace, "k8s:app=" + app));
  }

  private boolean intends(String name) {
    return intent.documents().stream().map(Document::getName).anyMatch(name::equals);
  }

  @Test
  void expectation_ofTheApiServer_isProvedByAllDocuments() {
    identities = Map.of(300, pod(300, "web"), 301, pod(301, "db"));
    serve();
    apply(
        """
        apiVersion: sekisho.io/v1
        kind: Expectation
        metadata: {name: apart}
        spec:
          expect: deny
          from: [{namespace: %1$s, podSelector: {matchLabels: {app: web}}}]
          to: [{namespace: %1$s, podSelector: {matchLabels: {app: db}}}]
          ports: [{port: "5432", protocol: TCP}]
        """
            .formatted(namespace));
    await("expectation", "apart", "Valid", "True");
    await("expectation", "apart", "Holds", "False");
    String broken = of("expectation", "apart", "Holds", "message");
    assertTrue(broken.contains("passes") && broken.contains("5432"), broken);
    Await.until(
        () -> cluster.kubectl("get", "events").contains("Broken"),
        () -> cluster.kubectl("get", "events"));

    apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: %s}
        spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}
        """
            .formatted(namespace));
    await("expectation", "apart", "Holds", "True");
    assertTrue(of("expectation", "apart", "Holds", "message").contains("it holds for"));
    assertTrue(
        cluster.kubectl("get", "expectations").contains("HOLDS"),
        () -> cluster.kubectl("get", "expectations"));
  }

  @Test
  void expectation_ofNobody_saysSo() {
    serve();
    apply(
        """
        apiVersion: sekisho.io/v1
        kind: Expectation
        metadata: {name: nobody}
        specs:
        - expect: deny
          from: [{namespace: gone}]
          to: [{namespace: gone}]
        """);
    await("expectation", "nobody", "Holds", "True");
    assertEquals("MeansNobody", of("expectation", "nobody", "Holds", "reason"));
  }

  @Test
  void prefixList_ofTheApiServer_isIntendedAndRealized() {
    serve();
    apply(
        """
        apiVersion: sekisho.io/v1
        kind: PrefixList
        metadata: {name: bad-guys}
        spec: {deny: [203.0.113.0/24, "2001:db8:bad::/48"], description: known to us}
        """);
    Await.until(() -> intends("bad-guys"), () -> "" + intent.documents());
    nodes =
        Map.of(node, Node.newBuilder().setName(node).putAllKubernetesDocuments(digests()).build());
    await("prefixlist", "bad-guys", "Realized", "True");

    apply(
        """
        apiVersion: sekisho.io/v1
        kind: PrefixList
        metadata: {name: everybody}
        spec:
          deny:
          - 0.0.0.0/0
        """);
    await("prefixlist", "everybody", "Valid", "False");
    String why = of("prefixlist", "everybody", "Valid", "message");
    assertTrue(why.contains("would deny everybody") && why.contains("spec.deny[0]: "), why);
    cluster.kubectl("delete", "prefixlist", "bad-guys");
    Await.until(() -> !intends("bad-guys"), () -> "" + intent.documents());
  }

  private Map<String, Long> digests() {
    return told().getKubernetesDocumentsMap();
  }

  @Test
  void restart_withoutTheApiServer_keepsBoth() {
    serve();
    apply(
        """
        apiVersion: sekisho.io/v1
        kind: PrefixList
        metadata: {name: kept}
        spec: {deny: [203.0.113.0/24]}
        """);
    Await.until(() -> intends("kept"), () -> "" + intent.documents());
    source.close();
    api.close();
    intent = Intent.EMPTY;
    cluster.stop();
    try {
      api = client();
      source = source(api);
      source.start();
      serve();
      Await.until(() -> intends("kept"), () -> "" + intent.documents());
    } finally {
      cluster.start();
    }
  }
}
