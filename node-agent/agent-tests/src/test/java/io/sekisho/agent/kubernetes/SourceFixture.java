package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.ConfigReader;
import io.sekisho.agent.endpoint.Attachment;
import io.sekisho.agent.endpoint.EndpointException;
import io.sekisho.agent.endpoint.EndpointSpec;
import io.sekisho.agent.explain.PolicyJudge;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.revision.Intent;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A node of a real API server, with the agent's own rights. */
abstract class SourceFixture {
  /** The kind that the API server does not know at first. */
  private static final String ADMIN_POLICIES = "adminnetworkpolicies.policy.networking.k8s.io";

  static ControlPlane cluster;
  static Path agent;
  static int tests;

  /** What the node knows from before. */
  @TempDir Path state;

  final Health health = new Health(Clock.systemUTC());
  final String node = "node-" + ++tests;
  final String namespace = "ns-" + tests;
  volatile Intent intent = Intent.EMPTY;
  volatile List<String> nodeLabels = List.of();
  volatile Function<EndpointSpec.Request, Optional<Labels>> labels = r -> Optional.empty();
  volatile Map<String, Node> nodes = Map.of();
  volatile Map<String, Endpoint> endpoints = Map.of();
  volatile Map<Integer, Identity> identities = Map.of();
  ApiServer api;
  KubernetesSource source;

  @BeforeAll
  static void startCluster() throws IOException {
    assumeTrue(ControlPlane.missing().isEmpty(), ControlPlane.missing()::toString);
    cluster = ControlPlane.auditedApiServer();
    cluster.apply("namespace.yaml");
    cluster.apply("rbac.yaml");
    cluster.apply("store-crds.yaml");
    cluster.kubectlWith(definitionsWithout(ADMIN_POLICIES), "apply", "-f", "-");
    cluster.awaitResources();
    agent = cluster.user("agent", "/O=sekisho:agents/CN=agent");
  }

  /**
   * The policies' definitions but one. To delete it would not do: the API server may take five
   * minutes over a definition that goes as soon as it has come.
   */
  private static String definitionsWithout(String name) throws IOException {
    Path all = ControlPlane.scripts().resolve("manifests/policy-crds.yaml");
    List<String> documents = List.of(Files.readString(all).split("\n---\n"));
    List<String> kept = documents.stream().filter(d -> !d.contains("name: " + name)).toList();
    assertEquals(documents.size() - 1, kept.size());
    return String.join("\n---\n", kept);
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
    makeNode(tests);
    api = client();
    source = source(api);
    source.start();
  }

  /** Makes this node's object, with a range of its own. */
  void makeNode(int range) {
    cluster.kubectlWith(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: %1$s, labels: {zone: a}}
        spec: {podCIDR: 10.244.%2$d.0/24, podCIDRs: [10.244.%2$d.0/24], taints: [{key: node.sekisho.io/agent-not-ready, effect: NoSchedule}, {key: other, effect: NoSchedule}]}
        """
            .formatted(node, range),
        "create",
        "-f",
        "-");
  }

  /** What the node tells of itself. */
  Node told() {
    var told = Node.newBuilder();
    source.addTo(told);
    return told.build();
  }

  /** What is wrong with a component, empty if nothing is. */
  String problem(String component) {
    return health.problems().stream()
        .filter(p -> p.component().equals(component))
        .map(Health.Problem::message)
        .findFirst()
        .orElse("");
  }

  ApiServer client() {
    return ApiServer.open(
        new ApiServer.Settings(Optional.of(agent), Duration.ofSeconds(20), 100), Clock.systemUTC());
  }

  KubernetesSource source(ApiServer over) {
    AgentConfig config =
        ConfigReader.parse(
            """
            node: {name: %1$s}
            underlay: {device: lo}
            kubernetes: {pod_timeout_seconds: 1, cni_configuration: %2$s/net.d/05-ours.conflist}
            dirs: {state: %2$s}
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
        new KubernetesSource.Sink() {
          @Override
          public void intended(Intent next) {
            intent = next;
          }

          @Override
          public void labelled(Collection<String> labels) {
            nodeLabels = List.copyOf(labels);
          }
        });
  }

  void serve() {
    source.revision(new Intent(3, List.of(), 0));
    source.serving(
        function -> labels = function,
        () -> intent.pushedNanos(),
        this::inventory,
        new PolicyJudge(this::inventory, () -> Enforcement.USUAL, source::documents));
  }

  Inventory inventory() {
    return new Inventory(1, true, nodes, endpoints, identities, Map.of());
  }

  @AfterEach
  void stopSource() {
    if (source != null) {
      source.close();
      api.close();
    }
  }

  EndpointSpec.Request request(String pod, String uid) {
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

  void pod(String name, String app) {
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

  boolean known(String pod) {
    try {
      return source.pods().complete(request(pod, "")).pod().equals(pod);
    } catch (EndpointException e) {
      return false;
    }
  }

  String document(String name) {
    return intent.documents().stream()
        .filter(d -> d.getName().equals(name) && d.getNamespace().equals(namespace))
        .map(Document::getYaml)
        .findFirst()
        .orElse("");
  }

  void policy(String name, String port) {
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

  void cilium(String name, String rule) {
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

  String status() {
    return cluster.kubectl("-n", namespace, "get", "cnp", "-o", "yaml");
  }

  String condition(String name, String type) {
    return field(name, type, "status");
  }

  String message(String name, String type) {
    return field(name, type, "message");
  }

  String field(String name, String type, String field) {
    return cluster.kubectl(
        "-n",
        namespace,
        "get",
        "cnp",
        name,
        "-o",
        "jsonpath={.status.conditions[?(@.type=='" + type + "')]." + field + "}");
  }

  /** Makes the kind that the fixture leaves out, in one version. */
  void defineAdminPolicies(String version) {
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
          - name: %s
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """
            .formatted(version),
        "apply",
        "-f",
        "-");
  }

  String events(String name) {
    return cluster.kubectl(
        "-n",
        namespace,
        "get",
        "events",
        "--field-selector",
        "involvedObject.name=" + name,
        "-o",
        "jsonpath={range .items[*]}{.reason}: {.message}{'\\n'}{end}");
  }

  String node(String path) {
    return cluster.kubectl("get", "node", node, "-o", "jsonpath=" + path);
  }

  String kubernetes() {
    return told().getKubernetes();
  }
}
