package io.sekisho.agent.install;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.Administration;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.cluster.Await;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What installing asks of, and does at, a real API server; nodes are plain objects. */
final class InstallationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static ControlPlane plane;
  private static Administration api;

  @BeforeAll
  static void bringUp() {
    assumeTrue(ControlPlane.missing().isEmpty(), ControlPlane.missing()::toString);
    plane = ControlPlane.apiServer();
    api = administration(plane.kubeconfig());
  }

  @AfterAll
  static void takeDown() {
    if (plane != null) {
      api.close();
      plane.close();
    }
  }

  private static Administration administration(Path kubeconfig) {
    return Administration.open(
        Optional.of(kubeconfig), Optional.empty(), PATIENCE, Clock.systemUTC());
  }

  private static void node(String name, String address, String range, String kernel) {
    String spec = range.isEmpty() ? "{}" : "{podCIDR: " + range + ", podCIDRs: [" + range + "]}";
    plane.kubectlWith(
        "{apiVersion: v1, kind: Node, metadata: {name: %s}, spec: %s}".formatted(name, spec),
        "apply",
        "-f",
        "-");
    plane.kubectl(
        "patch",
        "node",
        name,
        "--subresource=status",
        "-p",
        """
        {"status": {"addresses": [{"type": "InternalIP", "address": "%s"}], "nodeInfo": {
        "operatingSystem": "linux", "architecture": "amd64", "kernelVersion": "%s",
        "machineID": "", "systemUUID": "", "bootID": "", "osImage": "",
        "containerRuntimeVersion": "", "kubeletVersion": "", "kubeProxyVersion": ""}}}"""
            .formatted(address, kernel));
  }

  private static List<String> serious(boolean ownRanges) {
    return new Checks(api, "sekisho-system", ownRanges, List.of())
        .run().stream().filter(Checks.Finding::serious).map(Checks.Finding::sentence).toList();
  }

  @Test
  void checks_nodes_eachTroubleIsNamed() {
    node("good", "192.0.2.1", "10.9.1.0/24", "6.1.0-40-amd64");
    assertEquals(List.of(), serious(false));
    node("bare", "192.0.2.2", "", "6.12.1");
    assertTrue(serious(false).toString().contains("(spec.podCIDR) on bare"));
    assertEquals(List.of(), serious(true));
    node("old", "192.0.2.3", "10.9.3.0/24", "5.15.0-91-generic");
    assertTrue(serious(true).toString().contains("node old has the kernel 5.15.0-91-generic"));
    node("inside", "10.9.1.77", "10.9.4.0/24", "6.12.1");
    assertTrue(
        serious(false).toString().contains("10.9.1.77 of node inside lies in the pod range"));
    plane.kubectl("delete", "node", "--all");
  }

  @Test
  void checks_otherNetwork_isNamed() {
    plane.kubectlWith(
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: kube-flannel-ds, namespace: kube-system}
        spec:
          selector: {matchLabels: {app: x}}
          template:
            metadata: {labels: {app: x}}
            spec: {containers: [{name: x, image: x}]}
        """,
        "apply",
        "-f",
        "-");
    assertTrue(
        serious(true).toString().contains("DaemonSet kube-system/kube-flannel-ds"),
        () -> serious(true).toString());
    plane.kubectl("-n", "kube-system", "delete", "daemonset", "kube-flannel-ds");
  }

  @Test
  void checks_withoutRights_sayWhichAreMissing() {
    try (Administration nobody = administration(plane.user("nobody", "/CN=nobody"))) {
      List<Checks.Finding> found = new Checks(nobody, "sekisho-system", true, List.of()).run();
      assertEquals(1, found.size(), found::toString);
      assertTrue(found.getFirst().sentence().contains("create daemonsets.apps"));
      assertTrue(found.getFirst().sentence().contains("list nodes"));
    }
  }

  /** Who may write roles, but neither escalate nor bind them, gives no more than he has. */
  @Test
  void checks_rolesBeyondOurs_sayWhatTheyWouldGive() throws IOException {
    List<GenericKubernetesResource> manifests = manifests();
    plane.kubectlWith(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: builder}
        rules:
        - {apiGroups: ["*"], resources: ["*"], verbs: [create, patch, get, list, watch, delete]}
        """,
        "apply",
        "-f",
        "-");
    plane.kubectl(
        "create", "clusterrolebinding", "builder", "--clusterrole", "builder", "--user", "builder");
    try (Administration builder = administration(plane.user("builder", "/CN=builder"))) {
      var checks = new Checks(builder, "sekisho-system", true, manifests);
      Await.until(() -> checks.run().size() == 1 && said(checks).contains("nodes"));
      assertTrue(said(checks).contains("give agents the right to update nodes"), said(checks));
      assertTrue(!said(checks).contains("create roles"), said(checks));
      assertTrue(Checks.removal(builder, "sekisho-system").isEmpty());

      plane.kubectl(
          "create",
          "clusterrole",
          "giver",
          "--verb",
          "escalate,bind",
          "--resource",
          "clusterroles,roles");
      plane.kubectl(
          "create", "clusterrolebinding", "giver", "--clusterrole", "giver", "--user", "builder");
      Await.until(() -> !said(checks).contains("give agents"), () -> said(checks));
    }
  }

  private static String said(Checks checks) {
    return checks.run().toString();
  }

  @Test
  void removal_withoutRights_saysWhichAreMissing() {
    try (Administration nobody = administration(plane.user("leaver", "/CN=leaver"))) {
      String said = Checks.removal(nobody, "sekisho-system").orElseThrow().sentence();
      for (String right :
          List.of("delete daemonsets.apps", "delete clusterroles", "patch nodes/status")) {
        assertTrue(said.contains(right), said);
      }
    }
  }

  @Test
  void open_contextThatIsNotThere_isAnError() {
    var e =
        assertThrows(
            ApiException.class,
            () ->
                Administration.open(
                    Optional.of(plane.kubeconfig()),
                    Optional.of("elsewhere"),
                    PATIENCE,
                    Clock.systemUTC()));
    assertEquals(ApiException.Code.INVALID, e.code());
  }

  private static void certificates(String serverName, Instant now) throws IOException {
    var settings = new ApiServer.Settings(Optional.of(plane.kubeconfig()), PATIENCE, 100);
    try (ApiServer server = ApiServer.open(settings, Clock.systemUTC())) {
      new CertificateSecrets(
              server, "pki", serverName, Clock.fixed(now, ZoneOffset.UTC), sentence -> {})
          .make();
    }
  }

  private static byte[] secret(String name) {
    String text =
        plane.kubectl("-n", "pki", "get", "secret", name, "-o", "jsonpath={.data.tls\\.crt}");
    return Base64.getDecoder().decode(text);
  }

  @Test
  void certificates_whatLastsStays_whatEndsSoonIsSignedAnew() throws IOException {
    plane.kubectl("create", "namespace", "pki");
    certificates("agents.example", NOW);
    byte[] ca = secret("sekisho-authority");
    byte[] agents = secret("sekisho-agent-tls");
    byte[] admin = secret("sekisho-admin-tls");
    certificates("agents.example", NOW.plus(Duration.ofDays(700)));
    assertArrayEquals(agents, secret("sekisho-agent-tls"));
    certificates("agents.other", NOW);
    byte[] renamed = secret("sekisho-agent-tls");
    assertNotEquals(Base64.getEncoder().encodeToString(agents), encoded(renamed));
    assertArrayEquals(admin, secret("sekisho-admin-tls"));
    certificates("agents.other", NOW.plus(Duration.ofDays(800)));
    assertNotEquals(encoded(renamed), encoded(secret("sekisho-agent-tls")));
    assertNotEquals(encoded(admin), encoded(secret("sekisho-admin-tls")));
    assertArrayEquals(ca, secret("sekisho-authority"));
  }

  private static String encoded(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static List<GenericKubernetesResource> manifests() throws IOException {
    var out = new ArrayList<GenericKubernetesResource>();
    try (var files = Files.list(ControlPlane.scripts().resolve("manifests"))) {
      for (Path file : files.sorted().toList()) {
        out.addAll(Administration.parse(Files.readString(file)));
      }
    }
    return out;
  }

  @Test
  void apply_manifestsTwice_changesNothing() throws IOException {
    var installation = new Installation(api, PATIENCE, sentence -> {});
    installation.apply(manifests());
    String before = set("metadata.generation");
    installation.apply(manifests());
    assertEquals(before, set("metadata.generation"));
    assertEquals("sekisho.io/agent:0.1.0", set("spec.template.spec.containers[0].image"));
    var change = new ManifestChange(manifests());
    change.image("house.example/agent:7");
    change.apiServer("192.0.2.9", "6443");
    change.configuration("node: {name: x}");
    installation.apply(change.objects());
    assertEquals("house.example/agent:7", set("spec.template.spec.initContainers[0].image"));
    assertTrue(set("spec.template.spec.containers[0].env").contains("192.0.2.9"));
    assertTrue(set("spec.template.spec.initContainers[0].env").contains("status.hostIP"));
    // what removes it from nodes is an object that the server takes, too
    var agents = new Fleet(api, "sekisho-system", Installation.AGENT).daemonSet().orElseThrow();
    GenericKubernetesResource cleaner = Removal.cleaner(agents);
    assertEquals(
        List.of("/etc/cni/net.d: null"),
        mounts(cleaner).stream().filter(m -> m.startsWith("/etc/cni")).toList(),
        "it must take our file away there");
    assertEquals(mounts(cleaner).stream().distinct().toList(), mounts(cleaner));
    api.apply(cleaner);
    var removal = new Removal(api, "sekisho-system", PATIENCE, sentence -> {});
    removal.removeObjects(manifests(), false);
    assertTrue(plane.tryKubectl("get", "crd", "ciliumnetworkpolicies.cilium.io"));
    assertTrue(!plane.tryKubectl("get", "clusterrole", "sekisho-agent"));
  }

  /** Paths that the first init container sees, and whether it is forbidden to write there. */
  private static List<String> mounts(GenericKubernetesResource set) {
    Object init = set.<Object>get("spec", "template", "spec", "initContainers");
    return Fleet.maps(Fleet.maps(init).getFirst().get("volumeMounts")).stream()
        .map(m -> m.get("mountPath") + ": " + m.get("readOnly"))
        .toList();
  }

  @Test
  void missing_nodeWithAnotherNetworkFirst_isNamed() {
    node("shared", "192.0.2.9", "10.9.9.0/24", "6.12.1");
    plane.kubectl("create", "namespace", "fleet");
    plane.kubectlWith(
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: sekisho-agent, namespace: fleet}
        spec:
          selector: {matchLabels: {app.kubernetes.io/name: sekisho-agent}}
          template:
            metadata: {labels: {app.kubernetes.io/name: sekisho-agent}}
            spec: {containers: [{name: agent, image: x}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: agent-1
          namespace: fleet
          labels: {app.kubernetes.io/name: sekisho-agent, pod-template-generation: "1"}
        spec: {nodeName: shared, containers: [{name: agent, image: x}]}
        """,
        "create",
        "-f",
        "-");
    plane.kubectl(
        "-n",
        "fleet",
        "patch",
        "daemonset",
        "sekisho-agent",
        "--subresource=status",
        "-p",
        "{\"status\": {\"observedGeneration\": 1, \"desiredNumberScheduled\": 1}}");
    plane.kubectl(
        "-n",
        "fleet",
        "patch",
        "pod",
        "agent-1",
        "--subresource=status",
        "-p",
        "{\"status\": {\"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}]}}");
    assertEquals(List.of(), Installation.missing(api, "fleet"));
    otherFirst("True");
    assertEquals(
        List.of("node shared: 00-other.conf comes first"), Installation.missing(api, "fleet"));
    otherFirst("False");
    assertEquals(List.of(), Installation.missing(api, "fleet"));
    plane.kubectl("delete", "node", "shared");
  }

  private static void otherFirst(String status) {
    plane.kubectl(
        "patch",
        "node",
        "shared",
        "--subresource=status",
        "-p",
        """
        {"status": {"conditions": [{"type": "OtherNetworkFirst", "status": "%s",
        "message": "00-other.conf comes first"}]}}"""
            .formatted(status));
  }

  private static String set(String field) {
    return plane.kubectl(
        "-n",
        "sekisho-system",
        "get",
        "daemonset",
        "sekisho-agent",
        "-o",
        "jsonpath={." + field + "}");
  }

  @Test
  void isOlder_releases_areCompared() {
    assertTrue(Checks.isOlder("5.19.17"));
    assertTrue(Checks.isOlder("6.0.0"));
    assertTrue(!Checks.isOlder("6.1.0-49-cloud-amd64"));
    assertTrue(!Checks.isOlder("6.12"));
    assertTrue(!Checks.isOlder("10.0"));
    assertTrue(!Checks.isOlder("unknown"));
  }
}
