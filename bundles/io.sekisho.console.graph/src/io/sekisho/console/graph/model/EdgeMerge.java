package io.sekisho.console.graph.model;

import io.sekisho.flow.ServiceGraph;
import io.sekisho.flow.ServiceGraph.Port;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts connections between the same two boxes into one edge, and keeps to the budget of edges. */
final class EdgeMerge {
  private static final Comparator<Port> PORTS =
      Comparator.comparingDouble(Port::droppedRate)
          .thenComparingDouble(Port::forwardedRate)
          .reversed();
  private final Map<String, String> homes;
  private final Map<String, String> groups;
  private final Budget budget;
  private int hidden;

  EdgeMerge(Map<String, String> homes, Map<String, String> groups, Budget budget) {
    this.homes = homes;
    this.groups = groups;
    this.budget = budget;
  }

  /** Edges beyond the budget after {@link #merge}. */
  int hidden() {
    return hidden;
  }

  List<GraphEdge> merge(List<ServiceGraph.Edge> connections) {
    Map<String, List<ServiceGraph.Edge>> parts = new LinkedHashMap<>();
    Map<String, String[]> ends = new LinkedHashMap<>();
    for (ServiceGraph.Edge e : connections) {
      if (!homes.containsKey(e.clientKey()) || !homes.containsKey(e.serverKey())) {
        continue;
      }
      boolean apart =
          budget.bundled() && !groups.get(e.clientKey()).equals(groups.get(e.serverKey()));
      String from = apart ? container(e.clientKey()) : homes.get(e.clientKey());
      String to = apart ? container(e.serverKey()) : homes.get(e.serverKey());
      boolean inside = from.equals(to) && !from.equals(e.clientKey());
      if (!inside) {
        String id = from + " > " + to;
        parts.computeIfAbsent(id, k -> new ArrayList<>()).add(e);
        ends.put(id, new String[] {from, to});
      }
    }
    List<GraphEdge> edges = new ArrayList<>();
    parts.forEach((id, list) -> edges.add(edge(id, ends.get(id), list)));
    return limit(edges);
  }

  private List<GraphEdge> limit(List<GraphEdge> edges) {
    hidden = Math.max(0, edges.size() - budget.edges());
    if (hidden == 0) {
      return edges;
    }
    List<GraphEdge> order = new ArrayList<>(edges);
    order.sort(
        Comparator.comparing(GraphEdge::troubled).thenComparingDouble(GraphEdge::rate).reversed());
    return List.copyOf(order.subList(0, budget.edges()));
  }

  /** With bundles, what leaves a namespace leaves its container as a whole. */
  private String container(String key) {
    String group = groups.get(key);
    return group.isEmpty() ? homes.get(key) : GraphNode.NAMESPACE + group;
  }

  private GraphEdge edge(String id, String[] ends, List<ServiceGraph.Edge> all) {
    boolean stale = all.stream().allMatch(ServiceGraph.Edge::stale);
    List<ServiceGraph.Edge> parts = stale ? all : all.stream().filter(e -> !e.stale()).toList();
    double bytes = parts.stream().mapToDouble(ServiceGraph.Edge::byteRate).sum();
    boolean known = parts.stream().allMatch(e -> e.byteRate() >= 0);
    boolean bundle =
        budget.bundled()
            && (ends[0].startsWith(GraphNode.NAMESPACE) || ends[1].startsWith(GraphNode.NAMESPACE));
    return new GraphEdge(
        id,
        ends[0],
        ends[1],
        ports(parts),
        parts.stream().mapToDouble(ServiceGraph.Edge::forwardedRate).sum(),
        parts.stream().mapToDouble(ServiceGraph.Edge::droppedRate).sum(),
        parts.stream().mapToDouble(ServiceGraph.Edge::auditedRate).sum(),
        known ? bytes : -1,
        stale,
        bundle,
        all.stream().map(ServiceGraph.Edge::key).toList());
  }

  private static List<Port> ports(List<ServiceGraph.Edge> parts) {
    Map<String, Port> merged = new LinkedHashMap<>();
    for (ServiceGraph.Edge e : parts) {
      for (Port p : e.ports()) {
        merged.merge(
            p.protocol() + p.port(),
            p,
            (a, b) ->
                new Port(
                    a.protocol(),
                    a.port(),
                    a.forwardedRate() + b.forwardedRate(),
                    a.droppedRate() + b.droppedRate()));
      }
    }
    return merged.values().stream().sorted(PORTS).toList();
  }
}
