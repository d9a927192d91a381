package io.sekisho.bench;

import io.sekisho.bench.Exchange.Kind;
import io.sekisho.lab.AgentClient;
import io.sekisho.lab.Await;
import io.sekisho.lab.ClusterNetwork;
import io.sekisho.lab.Lab;
import io.sekisho.lab.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Packets from pod to pod, with conntrack and policy on, against the kernel's routing on the same
 * wires: over VXLAN and by native routing, IPv4 and IPv6, on a node and between two.
 */
final class PathBenchmark implements Benchmark {
  private static final int MILLIS = 300;

  /** What a stream must keep of the kernel's. */
  private static final double STREAM_GOAL = 0.95;

  private static final String POLICY =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: bench, namespace: bench}
      spec:
        endpointSelector: {}
        ingress:
          - fromEndpoints: [{matchLabels: {app: client}}]
            toPorts: [{ports: [{port: "7", protocol: ANY}, {port: "8", protocol: TCP}]}]
        egress:
          - toEndpoints: [{matchLabels: {app: server}}]
            toPorts: [{ports: [{port: "7", protocol: ANY}, {port: "8", protocol: TCP}]}]
      """;

  private final int rounds;
  private final String only;

  /**
   * Not run yet.
   *
   * @param only what the name of a comparison must contain, empty for all: "native", "IPv6, CRR"
   */
  PathBenchmark(int rounds, String only) {
    this.rounds = rounds;
    this.only = only;
  }

  @Override
  public String name() {
    return "path";
  }

  /** A way from a client's namespace to a server's address. */
  private record Way(String client, String address) {}

  /** Two ways of the same kind. */
  private record Pair(String where, Way ours, Way theirs) {}

  @Override
  public void run(Consumer<Result> told) {
    for (String routing : List.of("vxlan", "native")) {
      boolean wanted =
          pairNames(routing).stream()
              .anyMatch(
                  name -> List.of(Kind.values()).stream().anyMatch(kind -> wanted(name, kind)));
      if (wanted) {
        over(routing, told);
      }
    }
  }

  private boolean wanted(String where, Kind kind) {
    return name(where, kind).contains(only);
  }

  private static String name(String where, Kind kind) {
    return where + ", " + kind;
  }

  /** On one node both ways are the same, so they are measured once. */
  private static List<String> pairNames(String routing) {
    String far = routing.equals("vxlan") ? "VXLAN" : "native";
    List<String> names = new ArrayList<>();
    for (String family : List.of("IPv4", "IPv6")) {
      if (routing.equals("vxlan")) {
        names.add("same node, " + family);
      }
      names.add(far + ", " + family);
    }
    return names;
  }

  private void over(String routing, Consumer<Result> told) {
    List<Process> servers = new ArrayList<>();
    try (LabOfBench own =
            new LabOfBench(2, ClusterNetwork.USUAL.withRouting(routing).withProbes(0));
        KernelNetwork kernel = new KernelNetwork(routing.equals("vxlan"))) {
      Lab lab = own.lab();
      Pod client = lab.addPod("bench", "client", "n1", Map.of("app", "client"));
      Pod near = lab.addPod("bench", "near", "n1", Map.of("app", "server"));
      Pod far = lab.addPod("bench", "far", "n2", Map.of("app", "server"));
      try (AgentClient agent = lab.client("n1")) {
        agent.push("bench", List.of(POLICY), List.of());
      }
      String ours = lab.names().pod("bench", "client");
      String theirs = KernelNetwork.PODS.get(0);
      servers.add(Exchange.serve(lab.names().pod("bench", "near")));
      servers.add(Exchange.serve(lab.names().pod("bench", "far")));
      servers.add(Exchange.serve(KernelNetwork.PODS.get(1)));
      servers.add(Exchange.serve(KernelNetwork.PODS.get(2)));
      Exchange.prepareClient(ours);
      Exchange.prepareClient(theirs);
      for (String where : pairNames(routing)) {
        int family = where.contains("IPv4") ? 0 : 1;
        boolean same = where.startsWith("same");
        Pod server = same ? near : far;
        Pair pair =
            new Pair(
                where,
                new Way(ours, server.addresses().get(family)),
                new Way(theirs, KernelNetwork.address(same ? 1 : 2, family)));
        for (Kind kind : Kind.values()) {
          if (wanted(where, kind)) {
            compare(pair, kind).forEach(told);
          }
        }
      }
    } finally {
      servers.forEach(Process::destroyForcibly);
    }
  }

  private List<Result> compare(Pair pair, Kind kind) {
    warm(kind, pair.ours());
    warm(kind, pair.theirs());
    double[] our = new double[rounds];
    double[] their = new double[rounds];
    double[] ratios = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      // who is first changes, so that a drift of the machine favours nobody
      if (i % 2 == 0) {
        our[i] = ask(kind, pair.ours());
        their[i] = ask(kind, pair.theirs());
      } else {
        their[i] = ask(kind, pair.theirs());
        our[i] = ask(kind, pair.ours());
      }
      ratios[i] = our[i] / their[i];
    }
    String what = name(pair.where(), kind);
    return List.of(
        plain(what + ", Sekisho", kind, new Series(our)),
        plain(what + ", kernel", kind, new Series(their)),
        ratio(what + ", ratio", kind, new Series(ratios)));
  }

  private static double ask(Kind kind, Way way) {
    return Exchange.ask(kind, way.client(), way.address(), MILLIS);
  }

  private static Result plain(String name, Kind kind, Series values) {
    double median = values.median() * kind.scale;
    return Result.plain(name, median, kind.unit, values.spread(kind.scale, kind.unit));
  }

  private static Result ratio(String name, Kind kind, Series ratios) {
    String note = ratios.spread(1, "");
    return switch (kind) {
      case RR, CRR -> Result.atMost(name, ratios.median(), "", 1.0, note);
      case STREAM -> Result.atLeast(name, ratios.median(), "", STREAM_GOAL, note);
      case UDP -> Result.plain(name, ratios.median(), "", note);
    };
  }

  private static void warm(Kind kind, Way way) {
    Await.until(
        Duration.ofSeconds(10),
        () -> "no answer from " + way.address(),
        () -> Exchange.answers(kind, way.client(), way.address()));
  }
}
