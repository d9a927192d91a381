package io.sekisho.agent.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.revision.Intent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Kinds that the API server refuses or does not know: they freeze alone, and are told by name. */
final class RefusedKindsTest extends SourceFixture {
  private static final String CRD = "ciliumnetworkpolicies.cilium.io";

  /** Goes on as an agent whose role lacks rules about some resources. */
  private void restartWithout(String... resources) {
    String name = "limited-" + tests;
    String role = cluster.kubectl("get", "clusterrole", "sekisho-agent", "-o", "json");
    for (String resource : resources) {
      role = role.replace("\"" + resource + "\"", "\"nothing\"");
    }
    role =
        role.replace("\"sekisho-agent\"", "\"" + name + "\"")
            .replaceAll("\"(uid|resourceVersion)\": \"[^\"]*\",?", "");
    cluster.kubectlWith(role, "create", "-f", "-");
    cluster.kubectl("create", "clusterrolebinding", name, "--clusterrole", name, "--user", name);
    Path kubeconfig = cluster.user(name, "/O=sekisho:limited/CN=" + name);
    source.close();
    api.close();
    api =
        ApiServer.open(
            new ApiServer.Settings(Optional.of(kubeconfig), Duration.ofSeconds(20), 100),
            Clock.systemUTC());
    source = source(api);
    source.start();
  }

  private void allow(String resource) {
    String name = "limited-" + tests + "-more";
    cluster.kubectl(
        "create", "clusterrole", name, "--verb", "get,list,watch", "--resource", resource);
    cluster.kubectl(
        "create", "clusterrolebinding", name, "--clusterrole", name, "--user", "limited-" + tests);
  }

  @Test
  void kind_refused_freezesAloneAndSaysWhichRule() {
    serve();
    policy("allow-web", "80");
    cilium("p1", "fromEndpoints: [{}]");
    Await.until(() -> !document("allow-web").isEmpty() && !document("p1").isEmpty());

    restartWithout("networkpolicies");
    serve();
    policy("allow-web", "90");
    cilium("p2", "fromEndpoints: [{}]");
    Await.until(() -> !document("p2").isEmpty(), () -> intent);
    assertTrue(document("allow-web").contains("80"), () -> document("allow-web"));
    Await.until(
        () ->
            problem("kubernetes policies")
                .contains(
                    "apiGroups [\"networking.k8s.io\"], resources [networkpolicies], verbs"
                        + " [list, watch]"),
        health::problems);
    assertFalse(problem("kubernetes policies").contains("cilium"), () -> "" + health.problems());
    assertEquals("", problem("kubernetes"));

    allow("networkpolicies.networking.k8s.io");
    Await.until(() -> document("allow-web").contains("90"), () -> intent);
    Await.until(() -> problem("kubernetes policies").isEmpty(), health::problems);
  }

  @Test
  void kind_refusedToANodeThatKnowsNothing_isWaitedForAndThenLeftOut() throws IOException {
    cilium("p1", "fromEndpoints: [{}]");
    state = Files.createDirectory(state.resolve("fresh"));
    restartWithout("networkpolicies", "services");
    intent = Intent.EMPTY;
    long begun = System.nanoTime();
    serve();
    Await.until(() -> problem("kubernetes policies").contains("networkpolicies"), health::problems);
    assertTrue(
        problem("kubernetes policies").contains("no policy takes effect"),
        () -> "" + health.problems());
    Await.until(() -> !document("p1").isEmpty(), health::problems);
    assertTrue(System.nanoTime() - begun > ObjectTable.PATIENCE.toNanos());
    assertTrue(
        problem("kubernetes objects").contains("resources [services]"),
        () -> "" + health.problems());
  }

  @Test
  void kind_notServedAnyMore_keepsItsPoliciesUntilTheServerTells() {
    serve();
    cilium("p1", "fromEndpoints: [{}]");
    Await.until(() -> !document("p1").isEmpty());
    serveVersion("v2", false);
    source.close();
    intent = Intent.EMPTY;
    source = source(api);
    source.start();
    serve();
    Await.until(() -> !document("p1").isEmpty(), () -> intent);
    Await.until(
        () -> kubernetes().contains("CiliumNetworkPolicy (1 kept in force)"), this::kubernetes);
    Await.until(
        () ->
            problem("kubernetes policies")
                .contains("no CiliumNetworkPolicy any more, and did not say that they were"),
        health::problems);

    serveVersion("v2", true);
    Await.until(() -> problem("kubernetes policies").isEmpty(), health::problems);
    assertFalse(document("p1").isEmpty());
    cluster.kubectl("-n", namespace, "delete", "cnp", "p1");
    Await.until(() -> document("p1").isEmpty(), () -> intent);
  }

  /** Whether the CRD's only version is served. */
  private void serveVersion(String version, boolean served) {
    cluster.kubectl(
        "patch",
        "crd",
        CRD,
        "--type",
        "json",
        "-p",
        """
        [{"op": "test", "path": "/spec/versions/0/name", "value": "%s"},
         {"op": "replace", "path": "/spec/versions/0/served", "value": %s}]
        """
            .formatted(version, served));
  }

  @Test
  void kind_deletedWithItsPolicies_letsThemGo() {
    serve();
    cilium("p1", "fromEndpoints: [{}]");
    Await.until(() -> !document("p1").isEmpty());
    cluster.kubectl("delete", "crd", CRD);
    try {
      Await.until(() -> document("p1").isEmpty(), () -> intent);
      Await.until(() -> kubernetes().contains("CiliumNetworkPolicy"), this::kubernetes);
      assertEquals("", problem("kubernetes policies"));
    } finally {
      cluster.apply("policy-crds.yaml");
      cluster.awaitResources();
    }
  }
}
