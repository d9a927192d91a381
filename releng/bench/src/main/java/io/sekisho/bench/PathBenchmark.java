package io.sekisho.bench;

import io.sekisho.bench.Exchange.Kind;
import io.sekisho.lab.AgentClient;
import io.sekisho.lab.Await;
import io.sekisho.lab.ClusterNetwork;
import io.sekisho.lab.Lab;
import io.sekisho.lab.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * Packets from pod to pod, with conntrack and policy on, against the kernel's routing on the same
 * wires, once bare, once with what it takes to do the same ({@link KernelPolicy}): over VXLAN and
 * by native routing, IPv4 and IPv6, on a node and between two.
 */
final class PathBenchmark implements Benchmark {
  private static final int MILLIS = 300;

  /** What a stream must keep of the kernel's. */
  private static final double STREAM_GOAL = 0.95;

  /**
   * Who is asked first, second and third in a round, by ordinals of {@link Side}: in six rounds
   * each takes each place, and follows each other one, equally often, so that a drift of the
   * machine favours nobody.
   */
  private static final List<List<Integer>> ORDERS =
      List.of(
          List.of(0, 1, 2),
          List.of(2, 1, 0),
          List.of(1, 2, 0),
          List.of(0, 2, 1),
          List.of(2, 0, 1),
          List.of(1, 0, 2));

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

  /** Who forwards. */
  private enum Side {
    OURS("Sekisho"),
    BARE("kernel"),
    SAME_FUNCTION("kernel, same function");

    private final String name;

    Side(String name) {
      this.name = name;
    }
  }

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
    boolean overlay = routing.equals("vxlan");
    try (LabOfBench own =
            new LabOfBench(2, ClusterNetwork.USUAL.withRouting(routing).withProbes(0));
        KernelNetwork bare = new KernelNetwork(overlay);
        KernelNetwork function = new KernelNetwork(overlay, "skbf")) {
      Lab lab = own.lab();
      Pod client = lab.addPod("bench", "client", "n1", Map.of("app", "client"));
      Pod near = lab.addPod("bench", "near", "n1", Map.of("app", "server"));
      Pod far = lab.addPod("bench", "far", "n2", Map.of("app", "server"));
      try (AgentClient agent = lab.client("n1")) {
        agent.push("bench", List.of(POLICY), List.of());
      }
      String ours = lab.names().pod("bench", "client");
      Await.until(
          Duration.ofSeconds(20),
          () -> "a ping passes our policy",
          () -> !Exchange.pings(ours, far.addresses().get(0)));
      List<String> clients = List.of(ours, bare.pod(0), function.pod(0));
      servers.add(Exchange.serve(lab.names().pod("bench", "near")));
      servers.add(Exchange.serve(lab.names().pod("bench", "far")));
      for (KernelNetwork kernel : List.of(bare, function)) {
        servers.add(Exchange.serve(kernel.pod(1)));
        servers.add(Exchange.serve(kernel.pod(2)));
      }
      clients.forEach(Exchange::prepareClient);
      KernelPolicy policy = new KernelPolicy(function, overlay);
      policy.check();
      for (String where : pairNames(routing)) {
        int family = where.contains("IPv4") ? 0 : 1;
        boolean same = where.startsWith("same");
        Pod server = same ? near : far;
        String theirs = KernelNetwork.address(same ? 1 : 2, family);
        Way sekisho = new Way(ours, server.addresses().get(family));
        Way forwarded = new Way(bare.pod(0), theirs);
        Way filtered = new Way(function.pod(0), theirs);
        for (Kind kind : Kind.values()) {
          if (wanted(where, kind)) {
            List.of(sekisho, forwarded, filtered).forEach(way -> await(kind, way));
            List<DoubleSupplier> sides =
                List.of(
                    () -> ask(kind, sekisho),
                    () -> ask(kind, forwarded),
                    () -> policy.during(() -> ask(kind, filtered)));
            compare(name(where, kind), sides, kind).forEach(told);
          }
        }
      }
    } finally {
      servers.forEach(Process::destroyForcibly);
    }
  }

  /** Asks the sides in turn, which are in the order of {@link Side}. */
  private List<Result> compare(String what, List<DoubleSupplier> sides, Kind kind) {
    double[][] values = new double[sides.size()][rounds];
    for (int i = 0; i < rounds; i++) {
      for (int side : ORDERS.get(i % ORDERS.size())) {
        values[side][i] = sides.get(side).getAsDouble();
      }
    }
    List<Result> results = new ArrayList<>();
    for (Side side : Side.values()) {
      results.add(plain(what + ", " + side.name, kind, new Series(values[side.ordinal()])));
    }
    double[] ours = values[Side.OURS.ordinal()];
    results.add(ratio(what + ", ratio", kind, ours, values[Side.BARE.ordinal()]));
    results.add(
        ratio(
            what + ", ratio to the same function",
            kind,
            ours,
            values[Side.SAME_FUNCTION.ordinal()]));
    return results;
  }

  private static void await(Kind kind, Way way) {
    Exchange.await(kind, way.client(), way.address());
  }

  private static double ask(Kind kind, Way way) {
    return Exchange.ask(kind, way.client(), way.address(), MILLIS);
  }

  private static Result plain(String name, Kind kind, Series values) {
    double median = values.median() * kind.scale;
    return Result.plain(name, median, kind.unit, values.spread(kind.scale, kind.unit));
  }

  private static Result ratio(String name, Kind kind, double[] ours, double[] theirs) {
    double[] values = new double[ours.length];
    Arrays.setAll(values, i -> ours[i] / theirs[i]);
    Series ratios = new Series(values);
    String note = ratios.spread(1, "");
    return switch (kind) {
      case RR, CRR -> Result.atMost(name, ratios.median(), "", 1.0, note);
      case STREAM -> Result.atLeast(name, ratios.median(), "", STREAM_GOAL, note);
      case UDP -> Result.plain(name, ratios.median(), "", note);
    };
  }
}
