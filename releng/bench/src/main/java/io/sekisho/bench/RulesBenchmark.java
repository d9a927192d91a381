package io.sekisho.bench;

import io.sekisho.lab.AgentClient;
import io.sekisho.lab.Await;
import io.sekisho.lab.ClusterNetwork;
import io.sekisho.lab.Command;
import io.sekisho.lab.Lab;
import io.sekisho.lab.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * New connections between two pods of a node whose ingress has 10, 100 and 1,000 rules, of which
 * the last one matches: Sekisho, and the kernel's own netfilter with the same rules, once as a list
 * of rules as iptables has it, once as one rule with a set, as ipset has it. In turns, with ratios.
 */
final class RulesBenchmark implements Benchmark {
  private static final int[] SIZES = {10, 100, 1000};
  private static final int MILLIS = 400;
  private static final Exchange.Kind KIND = Exchange.Kind.CRR;

  private final int rounds;

  RulesBenchmark(int rounds) {
    this.rounds = rounds;
  }

  @Override
  public String name() {
    return "rules";
  }

  /** Who else may come in: addresses that nobody has. */
  private static String stranger(int number) {
    return "100.64." + (number >> 8) + "." + (number & 255);
  }

  private static String policy(int rules) {
    var out =
        new StringBuilder(
            """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: rules, namespace: bench}
            spec:
              endpointSelector: {matchLabels: {app: server}}
              ingress:
            """);
    for (int i = 1; i < rules; i++) {
      out.append(
          "    - {fromCIDR: [%s/32], toPorts: [{ports: [{port: \"%d\", protocol: TCP}]}]}%n"
              .formatted(stranger(i), Exchange.PORT));
    }
    return out.append(
            "    - {fromEndpoints: [{matchLabels: {app: client}}],"
                + " toPorts: [{ports: [{port: \"%d\", protocol: TCP}]}]}%n"
                    .formatted(Exchange.PORT))
        .toString();
  }

  /** What netfilter shall do on the way through the node, for nft -f. */
  private static String netfilter(int rules, boolean set) {
    String client = KernelNetwork.address(0, 0);
    String server = KernelNetwork.address(1, 0);
    var out =
        new StringBuilder("add table ip bench\ndelete table ip bench\n")
            .append("table ip bench {\n");
    if (set) {
      out.append("set allowed { type ipv4_addr . inet_service\nelements = {\n");
      for (int i = 1; i < rules; i++) {
        out.append("%s . %d,%n".formatted(stranger(i), Exchange.PORT));
      }
      out.append("%s . %d }%n}%n".formatted(client, Exchange.PORT));
    }
    out.append("chain forward { type filter hook forward priority 0; policy accept;\n")
        .append("ct state established,related accept\n");
    if (set) {
      out.append("ip daddr %s ip saddr . tcp dport @allowed accept%n".formatted(server));
    } else {
      for (int i = 1; i < rules; i++) {
        out.append(rule(server, stranger(i)));
      }
      out.append(rule(server, client));
    }
    return out.append("ip daddr %s drop%n}%n}%n".formatted(server)).toString();
  }

  private static String rule(String server, String from) {
    return "ip daddr %s ip saddr %s tcp dport %d accept%n".formatted(server, from, Exchange.PORT);
  }

  @Override
  public void run(Consumer<Result> told) {
    var servers = new ArrayList<Process>();
    try (LabOfBench own = new LabOfBench(1, ClusterNetwork.USUAL.withProbes(0));
        KernelNetwork kernel = new KernelNetwork(false)) {
      Lab lab = own.lab();
      lab.addPod("bench", "client", "n1", Map.of("app", "client"));
      Pod server = lab.addPod("bench", "server", "n1", Map.of("app", "server"));
      String ours = lab.names().pod("bench", "client");
      String theirs = kernel.pod(0);
      servers.add(Exchange.serve(lab.names().pod("bench", "server")));
      servers.add(Exchange.serve(kernel.pod(1)));
      Exchange.prepareClient(ours);
      Exchange.prepareClient(theirs);
      try (AgentClient agent = lab.client("n1")) {
        for (int rules : SIZES) {
          agent.push("rules", List.of(policy(rules)), List.of());
          var us = new Way(ours, server.addresses().get(0));
          var them = new Way(theirs, KernelNetwork.address(1, 0));
          compare(rules, us, them, kernel.node(0), told);
        }
      }
    } finally {
      servers.forEach(Process::destroyForcibly);
    }
  }

  private record Way(String client, String address) {
    double ask() {
      return Exchange.ask(KIND, client, address, MILLIS);
    }

    void warm() {
      Await.until(
          Duration.ofSeconds(10),
          () -> "no answer from " + address,
          () -> Exchange.answers(KIND, client, address));
    }
  }

  private void compare(int rules, Way us, Way them, String node, Consumer<Result> told) {
    us.warm();
    install(node, rules, false);
    them.warm();
    var our = new double[rounds];
    var list = new double[rounds];
    var set = new double[rounds];
    var toList = new double[rounds];
    var toSet = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      our[i] = us.ask();
      install(node, rules, i % 2 == 0);
      (i % 2 == 0 ? set : list)[i] = them.ask();
      install(node, rules, i % 2 != 0);
      (i % 2 != 0 ? set : list)[i] = them.ask();
      toList[i] = our[i] / list[i];
      toSet[i] = our[i] / set[i];
    }
    String what = rules + " rules, new connection";
    told.accept(plain(what + ", Sekisho", our));
    told.accept(plain(what + ", list of rules", list));
    told.accept(plain(what + ", rule with a set", set));
    told.accept(ratio(what + ", ratio to the list", toList));
    told.accept(ratio(what + ", ratio to the set", toSet));
  }

  private static Result plain(String name, double[] values) {
    var series = new Series(values);
    return Result.plain(
        name, series.median() * KIND.scale, KIND.unit, series.spread(KIND.scale, KIND.unit));
  }

  private static Result ratio(String name, double[] values) {
    var series = new Series(values);
    return Result.plain(name, series.median(), "", series.spread(1, ""));
  }

  private static void install(String node, int rules, boolean set) {
    new Command(List.of("nft", "-f", "-"), netfilter(rules, set), Map.of()).inside(node).run();
  }
}
