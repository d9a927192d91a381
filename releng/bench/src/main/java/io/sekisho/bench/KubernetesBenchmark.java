package io.sekisho.bench;

import io.sekisho.cni.wire.CniCommand;
import io.sekisho.lab.Await;
import io.sekisho.lab.LabException;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * One agent in a cluster of 100 nodes, 5,000 pods, 1,000 policies and 2,000 services on a real API
 * server: how long until it knows all, what that costs, and what it costs while 50 pods a second
 * are replaced. The agent is a process with its flags as delivered and a real dataplane; nodes are
 * plain objects without kubelet; what the other agents and the controllers would write, this
 * program writes.
 */
final class KubernetesBenchmark implements Benchmark {
  private static final int OWN = KubernetesObjects.PODS / KubernetesObjects.NODES;
  private static final int PER_SECOND = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int IDLE_SECONDS = 20;
  private static final int WARM_SECONDS = 30;

  /**
   * For etcd and the API server, of whose processor time a fifth is collection otherwise: they may
   * take five times what lives, as they have it on a machine of their own.
   */
  private static final String GARBAGE = "400";

  private final int churnSeconds;

  /** With a churn of so many seconds. */
  KubernetesBenchmark(int churnSeconds) {
    this.churnSeconds = churnSeconds;
  }

  @Override
  public String name() {
    return "kubernetes";
  }

  @Override
  public Optional<String> missing() {
    return ControlPlane.missing();
  }

  @Override
  public void run(Consumer<Result> told) {
    Path folder = folder();
    try (var node = new KubernetesNode(folder, OWN);
        var plane =
            ControlPlane.up(
                Map.of("K8S_PARTS", "", "K8S_BIND", KubernetesNode.SERVERS, "GOGC", GARBAGE),
                List.of())) {
      for (String manifest :
          List.of("namespace.yaml", "rbac.yaml", "store-crds.yaml", "policy-crds.yaml")) {
        plane.apply(manifest);
      }
      plane.awaitResources();
      try (var content = new KubernetesContent(plane.kubeconfig())) {
        content.fill(plane.kubeconfig());
        measure(node, content, plane, told);
      }
    } finally {
      remove(folder);
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("skk8s-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path folder) {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void measure(
      KubernetesNode node, KubernetesContent content, ControlPlane plane, Consumer<Result> told) {
    Path kubeconfig = plane.user("agent", "/O=sekisho:agents/CN=agent");
    double first = synced(node, content, kubeconfig);
    told.accept(
        Result.atMost(
            "Kubernetes: start to first sync",
            first,
            "s",
            15,
            "all policies and services planned, the last of 4,950 pods of others in the kernel"));
    told.accept(
        Result.plain(
            "Kubernetes: requests of the first sync", requests(node), "", "a watch counts once"));
    told.accept(
        Result.plain(
            "Kubernetes: processor time of start and sync", node.processorSeconds(), "s", ""));
    for (int pod = 0; pod < KubernetesObjects.PODS; pod += KubernetesObjects.NODES) {
      node.cni(CniCommand.ADD, pod, 0);
    }
    node.stop();
    told.accept(
        Result.plain(
            "Kubernetes: restart with 50 pods to sync",
            synced(node, content, kubeconfig),
            "s",
            "their tables are compiled and read back"));
    idle(node, told);
    KubernetesHeap unused = node.heap();
    told.accept(
        Result.atMost(
            "Kubernetes: heap of the agent, live",
            unused.megabytes(),
            "MB",
            64,
            "what is left by a full collection; resident %.0f MB"
                .formatted(node.residentMegabytes())));
    // what the first changes load stays: it is no growth
    churn(node, content, plane, WARM_SECONDS, result -> {});
    verified(node, result -> {});
    KubernetesHeap before = node.heap();
    told.accept(
        Result.plain(
            "Kubernetes: heap after the first changes",
            before.megabytes(),
            "MB",
            "of %d s, before all that follows; resident %.0f MB; %s"
                .formatted(WARM_SECONDS, node.residentMegabytes(), before.grownSince(unused))));
    var census = KubernetesCensus.of(node, content);
    String kept = inProc(node);
    churn(node, content, plane, churnSeconds, told);
    verified(node, told);
    census.compare(node, content, told);
    KubernetesHeap after = node.heap();
    told.accept(
        Result.atMost(
            "Kubernetes: growth of the heap by the churn",
            after.growthSince(before),
            "%",
            10,
            "%.1f MB before, %.1f MB after; resident %.0f MB; %s before, %s after; %s"
                .formatted(
                    before.megabytes(),
                    after.megabytes(),
                    node.residentMegabytes(),
                    kept,
                    inProc(node),
                    after.grownSince(before))));
  }

  private void churn(
      KubernetesNode node,
      KubernetesContent content,
      ControlPlane plane,
      int seconds,
      Consumer<Result> told) {
    try (var echo = new TunnelEcho(KubernetesPeers.addresses(), content::identityAt);
        var reach = new KubernetesReach(node, OWN)) {
      new KubernetesChurn(node, content, reach, () -> KubernetesLoad.of(node, plane), PER_SECOND)
          .run(Duration.ofSeconds(seconds), told);
      told.accept(
          Result.plain(
              "Kubernetes: datagrams that other nodes answered", echo.answered(), "", "in all"));
    }
  }

  private static String inProc(KubernetesNode node) {
    return node.inProc("fd") + " files and " + node.inProc("task") + " threads";
  }

  private static double requests(KubernetesNode node) {
    return node.metric("sekisho_apiserver_requests_total");
  }

  private static double synced(KubernetesNode node, KubernetesContent content, Path kubeconfig) {
    double ready = node.start(kubeconfig);
    long begun = System.nanoTime();
    try (NodeMaps maps = KubernetesNode.maps()) {
      for (int pod = 1; pod < KubernetesObjects.PODS; pod++) {
        if (KubernetesObjects.nodeOf(pod) > 1) {
          int which = pod;
          Await.until(
              PATIENCE,
              () -> "the kernel never knew of pod " + which,
              () -> knows(maps, content, which));
        }
      }
    }
    return ready + (System.nanoTime() - begun) / 1e9;
  }

  private static boolean knows(NodeMaps maps, KubernetesContent content, int pod) {
    String address = KubernetesObjects.address(pod, content.generation(pod));
    return maps.identity(address) == content.identityOf(pod).number();
  }

  private static void idle(KubernetesNode node, Consumer<Result> told) {
    pause(5);
    double requests = requests(node);
    double processor = node.processorSeconds();
    pause(IDLE_SECONDS);
    told.accept(
        Result.atMost(
            "Kubernetes: requests of an idle agent",
            (requests(node) - requests) / IDLE_SECONDS,
            "1/s",
            1,
            "mean of " + IDLE_SECONDS + " s"));
    told.accept(
        Result.plain(
            "Kubernetes: processor of an idle agent",
            (node.processorSeconds() - processor) / IDLE_SECONDS * 100,
            "%",
            "of one processor"));
  }

  private static void pause(int seconds) {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException(LabException.Code.TIMEOUT, "interrupted", e);
    }
  }

  /** What the kernel holds is what follows from the documents, services included. */
  private static void verified(KubernetesNode node, Consumer<Result> told) {
    var said = new AtomicReference<>(node.verify());
    Await.until(
        PATIENCE,
        () -> "the kernel differs from the documents: " + said.get().output(),
        () -> {
          said.set(node.verify());
          return said.get().status() == 0;
        });
    told.accept(
        Result.plain(
            "Kubernetes: differences found by verify", 0, "", said.get().output().strip()));
  }
}
