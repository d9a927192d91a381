package io.sekisho.console.core;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EndpointState;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.Party;
import io.sekisho.flow.ServiceGraph;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sums flows to a service graph over a span. Not safe for threads. */
final class TrafficTally {
  private final long spanNanos;
  private final ArrayDeque<FlowRecord> window = new ArrayDeque<>();

  TrafficTally(long spanNanos) {
    this.spanNanos = spanNanos;
  }

  void add(FlowRecord flow) {
    window.addLast(flow);
    while (window.size() > 200_000) {
      window.removeFirst();
    }
  }

  ServiceGraph snapshot(long nowNanos, ClusterInventory inventory) {
    while (!window.isEmpty() && window.getFirst().timeNanos() < nowNanos - spanNanos) {
      window.removeFirst();
    }
    Map<String, Party> parties = new TreeMap<>();
    Map<String, List<FlowRecord>> edges = new TreeMap<>();
    for (FlowRecord f : window) {
      parties.putIfAbsent(f.client().key(), f.client());
      parties.putIfAbsent(f.server().key(), f.server());
      edges
          .computeIfAbsent(f.client().key() + " > " + f.server().key(), k -> new ArrayList<>())
          .add(f);
    }
    return new ServiceGraph(
        parties.values().stream().map(p -> node(p, inventory)).toList(),
        edges.values().stream().map(l -> edge(l, nowNanos)).toList(),
        spanNanos);
  }

  private ServiceGraph.Node node(Party p, ClusterInventory inventory) {
    List<Endpoint> pods =
        inventory.endpoints().values().stream()
            .filter(e -> (e.getNamespace() + "/" + e.getWorkload()).equals(p.key()))
            .toList();
    int ready =
        (int) pods.stream().filter(e -> e.getState() == EndpointState.ENDPOINT_READY).count();
    Party whole = new Party(p.kind(), p.namespace(), p.workload(), "", "", p.identity());
    return new ServiceGraph.Node(whole, pods.size(), ready, 0);
  }

  private ServiceGraph.Edge edge(List<FlowRecord> flows, long nowNanos) {
    double seconds = spanNanos / 1e9;
    FlowRecord last =
        flows.stream().max(Comparator.comparingLong(FlowRecord::timeNanos)).orElseThrow();
    double forwarded = 0;
    double dropped = 0;
    double audited = 0;
    double bytes = 0;
    String rule = "";
    Map<String, double[]> ports = new TreeMap<>();
    for (FlowRecord f : flows) {
      double[] port =
          ports.computeIfAbsent(f.protocol() + " " + f.serverPort(), k -> new double[2]);
      switch (f.verdict()) {
        case FORWARDED -> {
          forwarded += f.opened() ? 1 : 0;
          port[0] += f.opened() ? 1 : 0;
        }
        case DROPPED -> {
          dropped++;
          port[1]++;
          rule = f.rule();
        }
        case AUDITED -> audited++;
        case UNKNOWN -> {}
      }
      bytes += Math.max(0, f.bytes());
    }
    List<ServiceGraph.Port> list =
        ports.entrySet().stream()
            .map(
                e -> {
                  String[] k = e.getKey().split(" ");
                  return new ServiceGraph.Port(
                      k[0],
                      Integer.parseInt(k[1]),
                      e.getValue()[0] / seconds,
                      e.getValue()[1] / seconds);
                })
            .toList();
    return new ServiceGraph.Edge(
        last.client().key(),
        last.server().key(),
        list,
        forwarded / seconds,
        dropped / seconds,
        audited / seconds,
        bytes / seconds,
        last.timeNanos(),
        last.timeNanos() < nowNanos - spanNanos / 3,
        rule);
  }
}
