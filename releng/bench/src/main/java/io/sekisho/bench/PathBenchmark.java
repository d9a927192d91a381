package io.sekisho.bench;

import io.sekisho.bench.Exchange.Kind;
import io.sekisho.lab.AgentClient;
import io.sekisho.lab.Await;
import io.sekisho.lab.Lab;
import io.sekisho.lab.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Packets from pod to pod, with conntrack and policy on, against the kernel's routing. */
final class PathBenchmark implements Benchmark {
  private static final int MILLIS = 300;
  private static final String POLICY =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: bench, namespace: bench}
      spec:
        endpointSelector: {}
        ingress:
          - fromEndpoints: [{matchLabels: {app: client}}]
            toPorts: [{ports: [{port: "7", protocol: TCP}]}]
        egress:
          - toEndpoints: [{matchLabels: {app: server}}]
            toPorts: [{ports: [{port: "7", protocol: TCP}]}]
      """;

  private final int rounds;

  PathBenchmark(int rounds) {
    this.rounds = rounds;
  }

  @Override
  public String name() {
    return "path";
  }

  /** A way from a client's namespace to a server's address. */
  private record Way(String client, String address) {}

  @Override
  public List<Result> run() {
    List<Process> servers = new ArrayList<>();
    try (LabOfBench own = new LabOfBench(2);
        KernelNetwork kernel = new KernelNetwork()) {
      Lab lab = own.lab();
      Pod client = lab.addPod("bench", "client", "n1", Map.of("app", "client"));
      Pod near = lab.addPod("bench", "near", "n1", Map.of("app", "server"));
      Pod far = lab.addPod("bench", "far", "n2", Map.of("app", "server"));
      try (AgentClient agent = lab.client("n1")) {
        agent.push("bench", List.of(POLICY), List.of());
      }
      String ours = lab.names().pod("bench", "client");
      servers.add(Exchange.serve(lab.names().pod("bench", "near")));
      servers.add(Exchange.serve(lab.names().pod("bench", "far")));
      servers.add(Exchange.serve(KernelNetwork.PODS.get(1)));
      servers.add(Exchange.serve(KernelNetwork.PODS.get(2)));
      String theirs = KernelNetwork.PODS.get(0);
      Exchange.prepareClient(ours);
      Exchange.prepareClient(theirs);
      List<Result> results = new ArrayList<>();
      for (Kind kind : Kind.values()) {
        results.addAll(
            compare(
                "same node",
                kind,
                new Way(ours, near.addresses().get(0)),
                new Way(theirs, KernelNetwork.address(1))));
        results.addAll(
            compare(
                "cross node",
                kind,
                new Way(ours, far.addresses().get(0)),
                new Way(theirs, KernelNetwork.address(2))));
      }
      return results;
    } finally {
      servers.forEach(Process::destroyForcibly);
    }
  }

  private List<Result> compare(String where, Kind kind, Way ours, Way theirs) {
    warm(kind, ours);
    warm(kind, theirs);
    double[] our = new double[rounds];
    double[] their = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      // who is first changes, so that a drift of the machine favours nobody
      if (i % 2 == 0) {
        our[i] = Exchange.ask(kind, ours.client(), ours.address(), MILLIS);
        their[i] = Exchange.ask(kind, theirs.client(), theirs.address(), MILLIS);
      } else {
        their[i] = Exchange.ask(kind, theirs.client(), theirs.address(), MILLIS);
        our[i] = Exchange.ask(kind, ours.client(), ours.address(), MILLIS);
      }
    }
    double[] ratios = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      ratios[i] = our[i] / their[i];
    }
    String what = where + ", " + kind;
    Series ratio = new Series(ratios);
    return List.of(
        Result.plain(
            what + ", Sekisho",
            new Series(our).median() / 1000,
            "us",
            new Series(our).spread(1e-3, "us")),
        Result.plain(
            what + ", kernel",
            new Series(their).median() / 1000,
            "us",
            new Series(their).spread(1e-3, "us")),
        Result.atMost(what + ", ratio", ratio.median(), "", 1.0, ratio.spread(1, "")));
  }

  private static void warm(Kind kind, Way way) {
    Await.until(
        Duration.ofSeconds(10),
        () -> "no answer from " + way.address(),
        () -> Exchange.answers(kind, way.client(), way.address()));
  }
}
