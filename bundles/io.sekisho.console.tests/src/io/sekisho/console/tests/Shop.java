package io.sekisho.console.tests;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EndpointState;
import io.sekisho.api.v1.Node;
import io.sekisho.console.core.ClusterInventory;
import io.sekisho.console.core.FlowBuffer;
import io.sekisho.console.core.TrafficHistory;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import io.sekisho.flow.Party;
import io.sekisho.flow.Party.Kind;
import io.sekisho.flow.ServiceGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A made-up shop on three nodes: the same for the same time. Catalog-v2 may not reach the database
 * on every pod, a scanner from outside is denied, a backup is audited.
 */
public final class Shop {
  /** The span that {@link #traffic} speaks of. */
  public static final long SPAN_SECONDS = 300;

  private static final long SECOND = 1_000_000_000L;

  /** Workload, namespace, pods, ready pods. */
  record Work(String namespace, String name, int pods, int ready) {}

  /** Who calls whom, and how often per second. */
  record Call(
      String from,
      String to,
      String protocol,
      int port,
      double forwarded,
      double dropped,
      double audited,
      String rule) {}

  static final List<Work> WORKLOADS =
      List.of(
          new Work("shop", "frontend", 4, 4),
          new Work("shop", "cart", 3, 3),
          new Work("shop", "payment", 3, 2),
          new Work("shop", "catalog-v1", 3, 3),
          new Work("shop", "catalog-v2", 1, 1),
          new Work("shop", "database", 3, 3),
          new Work("ops", "backup", 1, 1),
          new Work("ops", "log-shipper", 1, 1),
          new Work("ops", "monitoring", 2, 2),
          new Work("kube-system", "dns", 2, 2));

  static final List<String> OUTSIDE = List.of("world", "203.0.113.40/32", "198.51.100.7/32");

  static final List<Call> CALLS =
      List.of(
          new Call("/world", "shop/frontend", "TCP", 443, 220, 0, 0, "shop/frontend-in:1"),
          new Call("shop/frontend", "shop/catalog-v1", "TCP", 9000, 120, 0, 0, "shop/catalog-in:1"),
          new Call("shop/frontend", "shop/catalog-v2", "TCP", 9000, 36, 0, 0, "shop/catalog-in:1"),
          new Call("shop/frontend", "shop/cart", "TCP", 8080, 90, 0, 0, "shop/cart-in:1"),
          new Call("shop/cart", "shop/payment", "TCP", 8443, 12, 0, 0, "shop/payment-in:1"),
          new Call("shop/cart", "shop/database", "TCP", 5432, 44, 0, 0, "shop/database-in:2"),
          new Call("shop/catalog-v1", "shop/database", "TCP", 5432, 95, 0, 0, "shop/database-in:1"),
          new Call("shop/catalog-v2", "shop/database", "TCP", 5432, 11, 4.2, 0, "default deny"),
          new Call("shop/payment", "shop/database", "TCP", 5432, 9, 0, 0, "shop/database-in:3"),
          new Call("shop/payment", "/198.51.100.7/32", "TCP", 443, 11, 0, 0, "shop/payment-out:1"),
          new Call("/203.0.113.40/32", "shop/payment", "TCP", 8443, 0, 1.6, 0, "shop/deny-world:1"),
          new Call("/203.0.113.40/32", "shop/frontend", "TCP", 22, 0, 1.4, 0, "shop/deny-world:1"),
          new Call("ops/backup", "shop/database", "TCP", 5432, 0, 0, 2, "shop/database-in:4"),
          new Call("ops/log-shipper", "shop/database", "TCP", 5432, 0.2, 0, 0, ""),
          new Call("ops/monitoring", "shop/frontend", "TCP", 9090, 0.4, 0, 0, "ops/scrape:1"),
          new Call("ops/monitoring", "shop/payment", "TCP", 9090, 0.4, 0, 0, "ops/scrape:1"),
          new Call("shop/frontend", "kube-system/dns", "UDP", 53, 58, 0, 0, "shop/dns-out:1"),
          new Call("shop/payment", "kube-system/dns", "UDP", 53, 9, 0, 0, "shop/dns-out:1"));

  private Shop() {}

  /** Three nodes, one degraded, and the pods on them. */
  public static ClusterInventory inventory() {
    Map<String, Node> nodes = new TreeMap<>();
    for (int i = 1; i <= 3; i++) {
      nodes.put("n" + i, ShopNodes.node(i));
    }
    Map<String, Endpoint> endpoints = new HashMap<>();
    int id = 1;
    for (Work work : WORKLOADS) {
      for (int pod = 0; pod < work.pods(); pod++) {
        Endpoint endpoint = endpoint(work, pod, id++);
        endpoints.put(endpoint.getNode() + "/" + endpoint.getId(), endpoint);
      }
    }
    return new ClusterInventory(true, nodes, endpoints, Map.of());
  }

  private static Endpoint endpoint(Work work, int pod, int id) {
    boolean ready = pod < work.ready();
    return Endpoint.newBuilder()
        .setId(id)
        .setNode("n" + (id % 3 + 1))
        .setNamespace(work.namespace())
        .setPod(work.name() + "-" + pod)
        .setWorkload(work.name())
        .setIdentity(1000 + WORKLOADS.indexOf(work))
        .addLabels("k8s:app=" + work.name())
        .addLabels("k8s:io.kubernetes.pod.namespace=" + work.namespace())
        .addAddresses("10.244." + (id % 3 + 1) + "." + id)
        .setState(ready ? EndpointState.ENDPOINT_READY : EndpointState.ENDPOINT_FAILED)
        .setMessage(ready ? "" : "the datapath has no room for its policy")
        .setIngressEnforced(work.namespace().equals("shop"))
        .setRealizedRevision(42)
        .build();
  }

  static Party party(String key) {
    String namespace = key.substring(0, key.indexOf('/'));
    String name = key.substring(key.indexOf('/') + 1);
    if (namespace.isEmpty()) {
      String address = name.equals("world") ? "" : name.substring(0, name.indexOf('/'));
      return new Party(Kind.OUTSIDE, "", name, "", address, 2);
    }
    List<String> keys = WORKLOADS.stream().map(w -> w.namespace() + "/" + w.name()).toList();
    return new Party(Kind.WORKLOAD, namespace, name, "", "", 1000 + keys.indexOf(key));
  }

  /** Who talks to whom in the last five minutes. */
  public static ServiceGraph traffic(long endSecond) {
    List<ServiceGraph.Node> nodes = new ArrayList<>();
    for (Work w : WORKLOADS) {
      nodes.add(
          new ServiceGraph.Node(
              party(w.namespace() + "/" + w.name()),
              w.pods(),
              w.ready(),
              incoming(w.namespace() + "/" + w.name())));
    }
    for (String o : OUTSIDE) {
      nodes.add(new ServiceGraph.Node(party("/" + o), 0, 0, incoming("/" + o)));
    }
    List<ServiceGraph.Edge> edges = CALLS.stream().map(c -> edge(c, endSecond * SECOND)).toList();
    return new ServiceGraph(nodes, edges, SPAN_SECONDS * SECOND);
  }

  private static double incoming(String key) {
    return CALLS.stream().filter(c -> c.to().equals(key)).mapToDouble(Call::forwarded).sum();
  }

  private static ServiceGraph.Edge edge(Call c, long nowNanos) {
    boolean stale = c.from().equals("ops/log-shipper");
    return new ServiceGraph.Edge(
        c.from(),
        c.to(),
        List.of(new ServiceGraph.Port(c.protocol(), c.port(), c.forwarded(), c.dropped())),
        c.forwarded(),
        c.dropped(),
        c.audited(),
        c.forwarded() * 4_000,
        stale ? nowNanos - 150 * SECOND : nowNanos,
        stale,
        c.dropped() > 0 ? c.rule() : "");
  }

  /** The newest flows before a time, 1.2 ms apart. */
  public static FlowBuffer flows(long endSecond, int count) {
    Random random = new Random(endSecond);
    List<FlowRecord> newestFirst = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      newestFirst.add(flow(random, endSecond * SECOND - i * 1_200_000L));
    }
    return new FlowBuffer(newestFirst, endSecond, 0);
  }

  /** One flow of a call, picked by rate. */
  static FlowRecord flow(Random random, long timeNanos) {
    Call call = pick(random);
    double all = call.forwarded() + call.dropped() + call.audited();
    double at = random.nextDouble() * all;
    FlowVerdict verdict =
        at < call.dropped()
            ? FlowVerdict.DROPPED
            : at < call.dropped() + call.audited() ? FlowVerdict.AUDITED : FlowVerdict.FORWARDED;
    boolean dropped = verdict == FlowVerdict.DROPPED;
    boolean split = call.forwarded() > 0 && call.dropped() > 0;
    return new FlowRecord(
        timeNanos,
        verdict,
        dropped ? "POLICY_DENIED" : "",
        pod(call.from(), random),
        pod(call.to(), random),
        call.protocol(),
        32768 + random.nextInt(28000),
        call.port(),
        false,
        !dropped,
        false,
        split && !dropped ? "shop/database-in:1" : call.rule(),
        12,
        call.rule().contains("/") ? "CiliumNetworkPolicy" : "",
        1 + random.nextInt(20),
        dropped ? 60 : 60 + random.nextInt(40_000),
        "n" + (1 + random.nextInt(3)),
        2,
        -1);
  }

  private static Party pod(String key, Random random) {
    Party p = party(key);
    if (p.kind() != Kind.WORKLOAD) {
      return p;
    }
    int number = random.nextInt(2);
    return new Party(
        p.kind(),
        p.namespace(),
        p.workload(),
        p.workload() + "-" + number,
        "10.244.1." + (10 + number),
        p.identity());
  }

  private static Call pick(Random random) {
    double all = 0;
    for (Call c : CALLS) {
      all += c.forwarded() + c.dropped() + c.audited();
    }
    double at = random.nextDouble() * all;
    for (Call c : CALLS) {
      at -= c.forwarded() + c.dropped() + c.audited();
      if (at < 0) {
        return c;
      }
    }
    return CALLS.getLast();
  }

  /** Five minutes of about 1,200 flows per second. */
  public static TrafficHistory history(long endSecond) {
    int n = (int) SPAN_SECONDS;
    int[] flows = new int[n];
    int[] dropped = new int[n];
    for (int i = 0; i < n; i++) {
      Random random = new Random(endSecond - n + i);
      flows[i] = 1_150 + random.nextInt(110);
      dropped[i] = random.nextInt(5) == 0 || i > n - 25 ? 4 + random.nextInt(5) : 0;
    }
    return new TrafficHistory(endSecond, flows, dropped, new int[n]);
  }
}
