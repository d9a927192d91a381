package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.cluster.FileStore;
import io.sekisho.agent.explain.PolicyJudge;
import io.sekisho.agent.revision.Intent;
import io.sekisho.agent.revision.PolicyDocumentReader;
import io.sekisho.agent.revision.RevisionException;
import io.sekisho.agent.revision.Revisions;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the leading agent writes of policies, and how often, at a real API server. */
final class PolicyStatusTest extends SourceFixture {
  private static final int MANY = 40;
  private static final String PATCH = "patch ciliumnetworkpolicies/status.cilium.io";
  private static final String CART = "fromEndpoints: [{matchLabels: {app: cart}}]";

  /** There is one of each in the cluster. */
  private void pods(String... apps) {
    var known = new HashMap<Integer, Identity>();
    var live = new HashMap<String, Endpoint>();
    for (int i = 0; i < apps.length; i++) {
      int number = 300 + i;
      Labels labels = Labels.of("k8s:" + Labels.NAMESPACE + "=" + namespace, "k8s:app=" + apps[i]);
      known.put(number, new Identity(number, labels));
      live.put(
          "n1/" + i,
          Endpoint.newBuilder()
              .setId(i)
              .setNode("n1")
              .setIdentity(number)
              .addAllLabels(labels.texts())
              .build());
    }
    identities = Map.copyOf(known);
    endpoints = Map.copyOf(live);
  }

  private long patches() {
    return Rights.asked(cluster, "agent").stream()
        .filter(a -> a.right().equals(PATCH) && a.namespace().equals(namespace))
        .count();
  }

  private String all(String field) {
    return cluster.kubectl(
        "-n",
        namespace,
        "get",
        "cnp",
        "-o",
        "jsonpath={range .items[*]}{.status.conditions[*]." + field + "} {end}");
  }

  @Test
  void leader_whoTakesOver_writesWhatDiffersAlone() {
    nodes = Map.of("n1", Node.getDefaultInstance());
    pods("cart", "web");
    serve();
    var texts = new StringBuilder();
    for (int i = 0; i < MANY; i++) {
      texts.append(
          """
          apiVersion: cilium.io/v2
          kind: CiliumNetworkPolicy
          metadata: {name: p%d, namespace: %s}
          spec: {endpointSelector: {}, ingress: [{%s}]}
          ---
          """
              .formatted(i, namespace, CART));
    }
    cluster.kubectlWith(texts.toString(), "apply", "-f", "-");
    Await.until(() -> all("type").split(" ").length == 2 * MANY, () -> all("type"));
    Await.until(() -> patches() == MANY, this::patches);
    String times = all("lastTransitionTime");

    source.close();
    source = source(api);
    source.start();
    serve();
    // two changes, one after the other: between them it has looked at every object
    for (String name : List.of("p7", "p8")) {
      cilium(name, "fromEndpoints: [{matchLabels: {app: web}}]");
      Await.until(() -> field(name, "Valid", "observedGeneration").equals("2"), this::status);
    }
    Await.until(() -> patches() >= MANY + 2, this::patches);
    assertEquals(MANY + 2, patches());
    assertEquals(times, all("lastTransitionTime"));
  }

  @Test
  void condition_statusStays_keepsItsTime() {
    nodes = Map.of("n1", Node.getDefaultInstance(), "n2", Node.getDefaultInstance());
    serve();
    cilium("p1", CART);
    Await.until(() -> message("p1", "Realized").equals("realized on 0 of 2 nodes"), this::status);
    String since = field("p1", "Realized", "lastTransitionTime");
    String valid = field("p1", "Valid", "lastTransitionTime");
    Await.until(() -> realized("n1", Node.getDefaultInstance()).contains("1 of 2"), this::status);
    assertEquals(since, field("p1", "Realized", "lastTransitionTime"));
    Await.until(() -> realized("n1", told()).contains("2 of 2"), this::status);
    assertNotEquals(since, field("p1", "Realized", "lastTransitionTime"));
    assertEquals(valid, field("p1", "Valid", "lastTransitionTime"));
  }

  /** What is told when this node realizes all, and another one what it says. */
  private String realized(String name, Node other) {
    nodes = Map.of(name, told(), "n2", other);
    return message("p1", "Realized");
  }

  @Test
  void errors_ofAnObject_areAllToldByTheirFields() {
    serve();
    cilium("bad", "fromCIDR: [10.0.0.0/8, 300.1.1.1/8], toPorts: [{ports: [{port: '99999'}]}]");
    Await.until(() -> condition("bad", "Valid").equals("False"), this::status);
    String said = message("bad", "Valid");
    assertTrue(said.contains("spec.ingress[0].fromCIDR[1]: "), said);
    assertTrue(said.contains("spec.ingress[0].toPorts[0].ports[0].port: "), said);
    assertFalse(said.contains("line"), said);
  }

  @Test
  void warnings_ofAnObject_areInItsStatusAndEvents() {
    serve();
    cilium("wide", "fromCIDR: [10.1.2.3/8]");
    Await.until(() -> field("wide", "Valid", "reason").equals("Warned"), this::status);
    assertEquals("True", condition("wide", "Valid"));
    String said = message("wide", "Valid");
    assertTrue(said.contains("warning: spec.ingress[0].fromCIDR[0]: 10.1.2.3/8 has bits"), said);
    assertFalse(document("wide").isEmpty(), "it counts all the same");

    cluster.kubectlWith(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: aside, namespace: %s}
        spec: {podSelector: {}, policyTypes: [Egress], ingress: [{}]}
        """
            .formatted(namespace),
        "apply",
        "-f",
        "-");
    Await.until(() -> events("aside").contains("Warned: spec.ingress: "), () -> events("aside"));
  }

  @Test
  void traps_ofAnObject_areInItsStatusAndNotInEvents() {
    pods("web");
    serve();
    cilium("p1", CART);
    Await.until(() -> message("p1", "Valid").contains("warning: "), this::status);
    String said = message("p1", "Valid");
    assertTrue(said.contains("warning: spec.ingress[0]: no endpoint is meant by app=cart"), said);
    assertEquals("Warned", field("p1", "Valid", "reason"));
    assertEquals("", events("p1"));
  }

  private String text(String name) {
    return """
    apiVersion: cilium.io/v2
    kind: CiliumNetworkPolicy
    metadata: {name: %s, namespace: %s}
    spec: {endpointSelector: {}, ingress: [{fromEntities: [world]}]}
    """
        .formatted(name, namespace);
  }

  @Test
  void push_nameOfTheApiServer_isRefusedAndValidateSaysSo() {
    serve();
    cilium("p1", CART);
    Await.until(() -> !document("p1").isEmpty(), () -> intent);
    try (var store = new FileStore(state.resolve("store"))) {
      var judge = new PolicyJudge(() -> inventory(), () -> Enforcement.USUAL);
      var revisions = new Revisions(store, new PolicyDocumentReader(), judge, Clock.systemUTC());
      revisions.beside(source.documents());
      String sentence =
          "CiliumNetworkPolicy "
              + namespace
              + "/p1 is in the Kubernetes API server; change it there, or delete it there first";
      var told = revisions.validate(ValidateRequest.newBuilder().addTexts(text("p1")).build());
      assertTrue(
          told.getProblemsList().stream().anyMatch(p -> p.getMessage().equals(sentence)),
          told::toString);
      PushRequest request = PushRequest.newBuilder().addUpsert(text("p1")).build();
      var error = assertThrows(RevisionException.class, () -> revisions.push(request, "alice"));
      assertEquals(RevisionException.Code.INVALID, error.code());
      assertEquals(sentence, error.getMessage());

      cluster.kubectl("-n", namespace, "delete", "cnp", "p1");
      Await.until(() -> document("p1").isEmpty(), () -> intent);
      assertEquals(1, revisions.push(request, "alice").getRevision().getNumber());
    }
  }

  @Test
  void object_nameOfAPushedDocument_doesNotCountAndSaysSo() {
    serve();
    Document pushed =
        Document.newBuilder()
            .setKind("CiliumNetworkPolicy")
            .setNamespace(namespace)
            .setName("p1")
            .setYaml(text("p1"))
            .build();
    source.revision(new Intent(4, List.of(pushed), 0));
    cilium("p1", CART);
    Await.until(() -> field("p1", "Valid", "reason").equals("NameTaken"), this::status);
    assertEquals("False", condition("p1", "Valid"));
    assertEquals(
        "a document of that name was pushed; remove one of the two", message("p1", "Valid"));
    assertTrue(document("p1").contains("world"), () -> document("p1"));
    Await.until(() -> events("p1").startsWith("NameTaken: "), () -> events("p1"));

    source.revision(new Intent(5, List.of(), 0));
    Await.until(() -> condition("p1", "Valid").equals("True"), this::status);
    assertTrue(document("p1").contains("cart"), () -> document("p1"));
  }
}
