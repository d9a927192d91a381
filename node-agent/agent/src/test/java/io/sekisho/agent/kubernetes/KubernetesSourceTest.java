package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.ConfigReader;
import io.sekisho.agent.endpoint.Attachment;
import io.sekisho.agent.endpoint.EndpointException;
import io.sekisho.agent.endpoint.EndpointSpec;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.ipam.PodRanges;
import io.sekisho.agent.revision.Intent;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Labels;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node takes from a real API server, with the agent's own rights. */
final class KubernetesSourceTest {
  private static ControlPlane cluster;
  private static Path agent;
  private static int tests;

  @TempDir Path state;
  private final Health health = new Health(Clock.systemUTC());
  private final String node = "node-" + ++tests;
  private final String namespace = "ns-" + tests;
  private volatile Intent intent = Intent.EMPTY;
  private volatile Function<EndpointSpec.Request, Optional<Labels>> labels = r -> Optional.empty();
  private volatile Map<String, Node> nodes = Map.of();
  private ApiServer api;
  private KubernetesSource source;

  @BeforeAll
  static void startCluster() {
    assumeTrue(ControlPlane.missing().isEmpty(), ControlPlane.missing()::toString);
    cluster = ControlPlane.apiServer();
    cluster.apply("namespace.yaml");
    cluster.apply("rbac.yaml");
    cluster.apply("store-crds.yaml");
    cluster.apply("policy-crds.yaml");
    cluster.awaitResources();
    agent = cluster.user("agent", "/O=sekisho:agents/CN=agent");
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void startSource() {
    cluster.kubectl("create", "namespace", namespace);
    cluster.kubectlWith(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: %1$s, labels: {zone: a}}
        spec: {podCIDR: 10.244.%2$d.0/24, podCIDRs: [10.244.%2$d.0/24], taints: [{key: node.sekisho.io/agent-not-ready, effect: NoSchedule}, {key: other, effect: NoSchedule}]}
        """
            .formatted(node, tests),
        "create",
        "-f",
        "-");
    api = client();
    source = source(api);
    source.start();
  }

  private ApiServer client() {
    return ApiServer.open(
        new ApiServer.Settings(Optional.of(agent), Duration.ofSeconds(5), 100), Clock.systemUTC());
  }

  private KubernetesSource source(ApiServer over) {
    AgentConfig config =
        ConfigReader.parse(
            """
            node: {name: %s}
            underlay: {device: lo}
            kubernetes: {pod_timeout_seconds: 1}
            dirs: {state: %s}
            """
                .formatted(node, state),
            "test",
            state);
    return new KubernetesSource(
        config,
        config.kubernetes().orElseThrow(),
        over,
        health,
        Clock.systemUTC(),
        System::nanoTime,
        next -> intent = next);
  }

  private void serve() {
    source.revision(new Intent(3, List.of(), 0));
    source.serving(
        function -> labels = function,
        () -> intent.pushedNanos(),
        () -> new Inventory(1, true, nodes, Map.of(), Map.of(), Map.of()));
  }

  @AfterEach
  void stopSource() {
    if (source != null) {
      source.close();
      api.close();
    }
  }

  private EndpointSpec.Request request(String pod, String uid) {
    return new EndpointSpec.Request(
        new Attachment("c1", "eth0"),
        Path.of("/none"),
        "sekisho",
        namespace,
        pod,
        uid,
        pod,
        Labels.of("k8s:io.kubernetes.pod.namespace=" + namespace),
        Optional.empty());
  }

  private void pod(String name, String app) {
    cluster.kubectlWith(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: %s, labels: {app: %s}}
        spec: {nodeName: %s, terminationGracePeriodSeconds: 0, containers: [{name: c, image: x}]}
        """
            .formatted(name, namespace, app, node),
        "create",
        "-f",
        "-");
  }

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

  private boolean known(String pod) {
    try {
      return source.pods().complete(request(pod, "")).pod().equals(pod);
    } catch (EndpointException e) {
      return false;
    }
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
    assertEquals(Optional.of("the Kubernetes API server"), source.owner(name));
    cluster.kubectl("-n", namespace, "delete", "networkpolicy", "allow-web");
    Await.until(() -> document("allow-web").isEmpty(), () -> intent);
  }

  private String document(String name) {
    return intent.documents().stream()
        .filter(d -> d.getName().equals(name) && d.getNamespace().equals(namespace))
        .map(Document::getYaml)
        .findFirst()
        .orElse("");
  }

  private void policy(String name, String port) {
    cluster.kubectlWith(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: %s, namespace: %s}
        spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: %s}]}]}
        """
            .formatted(name, namespace, port),
        "apply",
        "-f",
        "-");
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

    cilium("p1", "fromEndpoint: [{matchLabels: {app: cart}}]");
    Await.until(() -> condition("p1", "Valid").equals("False"), this::status);
    assertTrue(message("p1", "Valid").contains("fromEndpoint"), this::status);
    assertTrue(message("p1", "Valid").contains("stays in force"), this::status);
    assertTrue(document("p1").contains("fromEndpoints"), () -> document("p1"));
  }

  private void cilium(String name, String rule) {
    cluster.kubectlWith(
        """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: %s, namespace: %s}
        spec: {endpointSelector: {matchLabels: {app: web}}, ingress: [{%s}]}
        """
            .formatted(name, namespace, rule),
        "apply",
        "-f",
        "-");
  }

  private String status() {
    return cluster.kubectl("-n", namespace, "get", "cnp", "-o", "yaml");
  }

  private String condition(String name, String type) {
    return field(name, type, "status");
  }

  private String message(String name, String type) {
    return field(name, type, "message");
  }

  private String field(String name, String type, String field) {
    return cluster.kubectl(
        "-n",
        namespace,
        "get",
        "cnp",
        name,
        "-o",
        "jsonpath={.status.conditions[?(@.type=='" + type + "')]." + field + "}");
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

  private String node(String path) {
    return cluster.kubectl("get", "node", node, "-o", "jsonpath=" + path);
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
    cluster.kubectlWith(
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: adminnetworkpolicies.policy.networking.k8s.io
          annotations: {api-approved.kubernetes.io: "https://github.com/kubernetes-sigs/network-policy-api/pull/30"}
        spec:
          group: policy.networking.k8s.io
          scope: Cluster
          names: {kind: AdminNetworkPolicy, plural: adminnetworkpolicies}
          versions:
          - name: v1alpha1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """,
        "apply",
        "-f",
        "-");
    Await.until(() -> !kubernetes().matches(".*(, |: )AdminNetworkPolicy.*"), this::kubernetes);
  }

  private String kubernetes() {
    var told = Node.newBuilder();
    source.addTo(told);
    return told.getKubernetes();
  }

  @Test
  void server_gone_whatWasKnownGoesOn() {
    serve();
    policy("allow-web", "80");
    pod("cart-1", "cart");
    Await.until(() -> document("allow-web").contains("80") && known("cart-1"), () -> intent);
    cluster.stop();
    try {
      Await.until(() -> !health.problems().isEmpty(), health::problems);
      assertTrue(
          health.problems().getFirst().message().contains("since"), health.problems()::toString);
      assertTrue(known("cart-1"));
      source.close();
      intent = Intent.EMPTY;
      source = source(api);
      source.start();
      source.revision(new Intent(4, List.of(), 0));
      Await.until(() -> document("allow-web").contains("80"), () -> intent);
    } finally {
      cluster.start();
    }
    Await.until(() -> health.problems().isEmpty(), health::problems);
    policy("allow-web", "90");
    Await.until(() -> document("allow-web").contains("90"), () -> intent);
  }
}
