package io.sekisho.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.ConfigReader;
import io.sekisho.agent.datapath.FakeDatapath;
import io.sekisho.agent.datapath.FakeNodeKernel;
import io.sekisho.cni.wire.CniLine;
import io.sekisho.cni.wire.CniRequest;
import io.sekisho.cni.wire.CniResponse;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent whose store and pods are in a real API server, on a fake kernel. */
final class ServerGoneTest {
  /** Of a CNI error: the runtime tries again. */
  private static final int LATER = 11;

  @TempDir Path folder;
  private final FakeDatapath.Kernel kernel = new FakeDatapath.Kernel();
  private ControlPlane cluster;
  private AgentConfig config;

  @BeforeEach
  void startCluster() {
    assumeTrue(ControlPlane.missing().isEmpty(), ControlPlane.missing()::toString);
    cluster = ControlPlane.apiServer();
    for (String manifest : new String[] {"namespace", "store-crds", "policy-crds"}) {
      cluster.apply(manifest + ".yaml");
    }
    cluster.awaitResources();
    cluster.kubectl("create", "namespace", "shop");
    cluster.kubectlWith(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: n1}
        spec: {podCIDR: 10.244.1.0/24, podCIDRs: [10.244.1.0/24]}
        """,
        "create",
        "-f",
        "-");
    pod("cart-1");
    pod("cart-2");
    config =
        ConfigReader.parse(
            """
            node: {name: n1, cluster: test}
            underlay: {device: lo, addresses: [198.18.0.1]}
            store: {type: kubernetes}
            kubernetes: {kubeconfig: %s, pod_timeout_seconds: 1, requests_per_second: 200}
            services: {enabled: false}
            dirs: {run: run, state: state}
            flows: {capacity: 1024}
            probes: {enabled: false}
            """
                .formatted(cluster.kubeconfig()),
            "test",
            folder);
  }

  private void pod(String name) {
    cluster.kubectlWith(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: shop, labels: {app: cart}}
        spec: {nodeName: n1, containers: [{name: c, image: x}]}
        """
            .formatted(name),
        "create",
        "-f",
        "-");
  }

  @AfterEach
  void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private Agent start() {
    return Agent.start(config, new FakeDatapath(kernel), new FakeNodeKernel());
  }

  private CniResponse call(CniRequest request) {
    return CniLine.readResponse(CoreFixture.raw(config.dirs().cniSocket(), CniLine.write(request)));
  }

  private CniResponse add(String container, String pod) {
    return call(CoreFixture.add(container, pod, ""));
  }

  @Test
  void restart_serverGone_servesThePodsThatWereKnown() {
    try (Agent agent = start()) {
      Await.until(() -> add("c1", "cart-1").failure().isEmpty(), agent::status);
      Await.until(
          () ->
              cluster
                  .kubectl("-n", "sekisho-system", "get", "sekishoendpointslices", "-o", "name")
                  .contains("n1"),
          agent::status);
    }
    cluster.stop();
    try (Agent agent = start()) {
      assertEquals(LATER, add("c2", "cart-1").error().code());
      // the runtime makes the sandbox of a pod anew, and makes one that had none yet
      assertTrue(call(CoreFixture.delete("c1")).failure().isEmpty());
      Await.until(() -> add("c2", "cart-1").failure().isEmpty(), agent::status);
      assertTrue(add("c3", "cart-2").failure().isEmpty(), () -> "" + agent.status());
      assertEquals(2, new FakeDatapath(kernel).realized().endpoints().size());

      CniResponse unknown = add("c4", "new-1");
      assertEquals(LATER, unknown.error().code());
      String said = unknown.error().msg() + unknown.error().details();
      assertTrue(said.contains("the API server does not answer"), said);
      String store = agent.status().store().message();
      assertTrue(store.endsWith("; what was known before the start counts"), store);
      assertFalse(agent.status().problems().isEmpty());

      cluster.start();
      Await.until(() -> agent.status().store().available(), agent::status);
      pod("new-1");
      Await.until(() -> add("c4", "new-1").failure().isEmpty(), agent::status);
    }
  }
}
