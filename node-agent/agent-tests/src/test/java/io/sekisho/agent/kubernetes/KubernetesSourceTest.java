package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.endpoint.EndpointException;
import io.sekisho.agent.endpoint.EndpointSpec;
import io.sekisho.agent.ipam.PodRanges;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Direction;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.evaluate.Evaluator;
import io.sekisho.policy.evaluate.Question;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node takes from a real API server, with the agent's own rights. */
final class KubernetesSourceTest extends SourceFixture {
  @Test
  void complete_podOfThisNode_hasItsLabels() {
    pod("cart-1", "cart");
    Await.until(() -> known("cart-1"));
    EndpointSpec.Request complete = source.pods().complete(request("cart-1", ""));
    assertEquals(Optional.of("cart"), complete.labels().get("k8s:app"));
    assertEquals(
        Optional.of(namespace),
        complete.labels().get("k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name"));
  }

  @Test
  void complete_unknownPodOrOtherUid_failsAfterItsTime() {
    pod("cart-1", "cart");
    Await.until(() -> known("cart-1"));
    for (EndpointSpec.Request request :
        List.of(request("nobody", ""), request("cart-1", "other-uid"))) {
      var error = assertThrows(EndpointException.class, () -> source.pods().complete(request));
      assertEquals(EndpointException.Code.POD_UNKNOWN, error.code());
    }
  }

  @Test
  void labels_podAndNamespaceChange_areNoticed() {
    serve();
    pod("cart-1", "cart");
    var request = request("cart-1", "");
    Await.until(() -> labels.apply(request).isPresent());
    cluster.kubectl("-n", namespace, "label", "pod", "cart-1", "--overwrite", "app=other");
    Await.until(() -> has(request, "k8s:app", "other"));
    cluster.kubectl("label", "namespace", namespace, "team=web");
    Await.until(() -> has(request, "k8s:io.cilium.k8s.namespace.labels.team", "web"));
    cluster.kubectl("-n", namespace, "delete", "pod", "cart-1", "--wait=false");
    Await.until(() -> labels.apply(request).isEmpty());
  }

  private boolean has(EndpointSpec.Request request, String key, String value) {
    return labels.apply(request).flatMap(l -> l.get(key)).equals(Optional.of(value));
  }

  @Test
  void policies_ofTheServer_standBesideTheRevision() {
    serve();
    policy("allow-web", "80");
    Await.until(() -> document("allow-web").contains("80"), () -> intent);
    assertEquals(3, intent.revision());
    policy("allow-web", "81");
    Await.until(() -> document("allow-web").contains("81"), () -> intent);
    var name = new DocumentName("NetworkPolicy", namespace, "allow-web");
    assertEquals(Optional.of("the Kubernetes API server"), source.documents().owner(name));
    cluster.kubectl("-n", namespace, "delete", "networkpolicy", "allow-web");
    Await.until(() -> document("allow-web").isEmpty(), () -> intent);
  }

  @Test
  void status_ofCiliumsPolicy_saysWhatBecameOfIt() {
    serve();
    nodes = Map.of("n1", Node.getDefaultInstance(), "n2", Node.getDefaultInstance());
    cilium("p1", "fromEndpoints: [{matchLabels: {app: cart}}]");
    Await.until(() -> message("p1", "Realized").equals("realized on 0 of 2 nodes"), this::status);
    assertEquals("True", condition("p1", "Valid"));
    var told = Node.newBuilder();
    Await.until(
        () -> {
          source.addTo(told.clearKubernetesDocuments());
          nodes = Map.of("n1", told.build(), "n2", Node.getDefaultInstance());
          return message("p1", "Realized").equals("realized on 1 of 2 nodes");
        },
        this::status);

    cilium("p1", "fromCIDR: [300.1.1.1/8]");
    Await.until(() -> condition("p1", "Valid").equals("False"), this::status);
    assertTrue(message("p1", "Valid").contains("300.1.1.1"), this::status);
    assertTrue(message("p1", "Valid").contains("stays in force"), this::status);
    assertTrue(document("p1").contains("fromEndpoints"), () -> document("p1"));
  }

  @Test
  void node_onceServing_losesOurTaintAndIsAvailable() {
    serve();
    Await.until(
        () -> !node("{.spec.taints[*].key}").contains("sekisho"), () -> node("{.spec.taints}"));
    assertTrue(node("{.spec.taints[*].key}").contains("other"), () -> node("{.spec.taints}"));
    Await.until(
        () -> node("{.status.conditions[?(@.type=='NetworkUnavailable')].status}").equals("False"),
        () -> node("{.status}"));
    cluster.kubectl("cordon", node);
    Await.until(
        () -> {
          var told = Node.newBuilder();
          source.addTo(told);
          return told.getCordoned();
        });
  }

  @Test
  void ranges_ofTheNode_areKeptForAStartWithoutServer() {
    var ranges = new NodeRanges(api, node, state);
    PodRanges.Held held = ranges.take();
    assertEquals(List.of(Cidr.parse("10.244." + tests + ".0/24")), held.ranges());
    assertTrue(held.trouble().isEmpty());
    assertTrue(new NodeRanges(api, "nobody", state.resolve("x")).take().trouble().isPresent());
    api.close();
    PodRanges.Held kept = new NodeRanges(api, node, state).take();
    assertEquals(held.ranges(), kept.ranges());
    assertFalse(kept.trouble().orElseThrow().missing());
  }

  @Test
  void kinds_withoutCrd_areNamedAndFoundWhenTheyCome() {
    serve();
    Await.until(() -> kubernetes().contains("AdminNetworkPolicy"), this::kubernetes);
    assertFalse(kubernetes().contains("CiliumNetworkPolicy"), this::kubernetes);
    defineAdminPolicies("v1alpha1");
    Await.until(() -> !kubernetes().matches(".*(, |: )AdminNetworkPolicy.*"), this::kubernetes);
  }

  @Test
  void services_ofTheServer_areWhatRulesMean() {
    serve();
    cluster.kubectlWith(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: %1$s, labels: {tier: front}}
        spec: {selector: {app: web}, ports: [{port: 80}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: bank, namespace: %1$s}
        spec: {clusterIP: None, ports: [{port: 443}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: bank-1, namespace: %1$s, labels: {kubernetes.io/service-name: bank}}
        addressType: IPv4
        ports: [{port: 443}]
        endpoints: [{addresses: [203.0.113.7]}, {addresses: [203.0.113.8], conditions: {ready: false}}]
        """
            .formatted(namespace),
        "create",
        "-f",
        "-");
    Await.until(() -> passes("{serviceName: bank, namespace: %s}", "203.0.113.7"), () -> intent);
    assertTrue(passes("{serviceName: bank, namespace: %s}", "203.0.113.8"));
    assertFalse(passes("{serviceName: bank, namespace: %s}", "203.0.113.9"));
    assertFalse(passes("{serviceName: other, namespace: %s}", "203.0.113.7"));
    String cluster4 =
        cluster.kubectl(
            "-n", namespace, "get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");
    Await.until(() -> passes("{serviceName: web, namespace: %s}", cluster4), () -> intent);
    assertTrue(intent.services().toString().contains("tier=front"), () -> "" + intent.services());

    cluster.kubectl("-n", namespace, "delete", "endpointslice", "bank-1");
    Await.until(() -> !passes("{serviceName: bank, namespace: %s}", "203.0.113.7"), () -> intent);
  }

  /** Whether a rule about a service lets an address pass, by the services of the intent. */
  private boolean passes(String service, String address) {
    String text =
        """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: p, namespace: shop}
        spec: {endpointSelector: {}, egress: [{toServices: [{k8sService: %s}]}]}
        """
            .formatted(service.formatted(namespace));
    var documents = intent.services().resolve(Documents.parse(List.of(text)).documents());
    var evaluator = new Evaluator(documents);
    var from = new Identity(300, Labels.of("k8s:" + Labels.NAMESPACE + "=shop"));
    var to = evaluator.outside(InetAddress.ofLiteral(address));
    return evaluator
        .evaluate(new Question(from, to, PortRange.TCP, 443, Direction.EGRESS))
        .allowed();
  }

  @Test
  void node_labelsOfTheServer_areTheNodes() {
    serve();
    Await.until(() -> nodeLabels.contains("k8s:zone=a"), () -> nodeLabels);
    assertTrue(nodeLabels.contains("k8s:kubernetes.io/hostname=" + node), nodeLabels::toString);
    cluster.kubectl("label", "node", node, "--overwrite", "zone=b");
    Await.until(() -> nodeLabels.contains("k8s:zone=b"), () -> nodeLabels);
    assertTrue(told().getLabelsList().contains("k8s:zone=b"), () -> "" + told());

    cluster.kubectl("delete", "node", node);
    Await.until(() -> problem("kubernetes node").contains("not in Kubernetes"), health::problems);
    assertTrue(nodeLabels.contains("k8s:zone=b"), nodeLabels::toString);
  }

  @Test
  void node_taintedAgain_isMarkedAgain() {
    serve();
    Await.until(() -> !node("{.spec.taints[*].key}").contains("sekisho"));
    cluster.kubectl("taint", "node", node, OwnNode.TAINT + ":NoSchedule");
    Await.until(() -> !node("{.spec.taints[*].key}").contains("sekisho"));
  }

  @Test
  void node_anotherNetworkFirst_isToldUntilItGoes() throws IOException {
    Path folder = Files.createDirectories(state.resolve("net.d"));
    Path other = Files.writeString(folder.resolve("00-other.conflist"), "{}");
    serve();
    Await.until(() -> !node("{.spec.taints[*].key}").contains("sekisho"));
    assertEquals("", problem("cni configuration"), "ours is not there, and may never be");

    Files.writeString(folder.resolve("05-ours.conflist"), "{}");
    Files.writeString(folder.resolve("10-later.conf"), "{}");
    Files.writeString(folder.resolve("00-other.conflist.bak"), "{}");
    Await.until(() -> otherFirst("status").equals("True"), () -> node("{.status}"));
    String said = otherFirst("message");
    assertTrue(said.startsWith("00-other.conflist comes before " + folder), said);
    assertEquals(said, problem("cni configuration"));
    Files.delete(other);
    Await.until(() -> otherFirst("status").equals("False"), () -> node("{.status}"));
    assertEquals("", problem("cni configuration"));
  }

  private String otherFirst(String field) {
    return node("{.status.conditions[?(@.type=='OtherNetworkFirst')]." + field + "}");
  }

  @Test
  void node_otherRangesThanItsPods_isTold() {
    new NodeRanges(api, node, state).take();
    serve();
    Await.until(() -> told().getLabelsCount() > 0);
    assertEquals("", problem("kubernetes node"));
    cluster.kubectl("delete", "node", node);
    makeNode(200 + tests);
    Await.until(() -> problem("kubernetes node").contains("drain it"), health::problems);
  }

  @Test
  void event_invalidPolicy_isWrittenOnce() {
    serve();
    cilium("bad", "fromCIDR: [300.1.1.1/8]");
    Await.until(() -> events("bad").contains("Invalid"), () -> events("bad"));
    assertTrue(events("bad").contains("300.1.1.1"), () -> events("bad"));
    assertEquals(1, events("bad").lines().count(), () -> events("bad"));
  }
}
