package io.sekisho.console.graph.model;

import io.sekisho.flow.Party;
import io.sekisho.flow.ServiceGraph;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Turns a service graph into a picture within a budget. What the operator folded becomes one node
 * per namespace; past the budget the least interesting workloads of each namespace become one node
 * that says how many they are and how many of them are in trouble.
 */
public final class Folder {
  /** At least this part of the room is left to what is in the cluster. */
  private static final double MOST_OUTSIDE = 0.34;

  private final ServiceGraph graph;
  private final Folding folding;
  private final Budget budget;
  private final Interest interest;
  private final Map<String, String> homes = new HashMap<>();
  private final Map<String, String> groups = new HashMap<>();
  private final Map<String, List<ServiceGraph.Node>> folded = new TreeMap<>();

  private Folder(ServiceGraph graph, Folding folding, Budget budget, Set<String> shown) {
    this.graph = graph;
    this.folding = folding;
    this.budget = budget;
    interest = new Interest(graph, shown);
  }

  /**
   * Folds.
   *
   * @param shown keys of workloads that the picture before showed on their own; they stay where the
   *     choice is close
   */
  public static GraphModel fold(
      ServiceGraph graph, Folding folding, Budget budget, Set<String> shown) {
    return new Folder(graph, folding, budget, shown).fold();
  }

  private GraphModel fold() {
    Set<String> kept = keep();
    List<GraphNode> nodes = new ArrayList<>();
    for (ServiceGraph.Node n : graph.nodes()) {
      String key = n.party().key();
      String group = group(n);
      groups.put(key, group);
      if (folding.isFolded(group) && !group.isEmpty()) {
        put(GraphNode.NAMESPACE + group, n);
      } else if (kept.contains(key)) {
        homes.put(key, key);
        nodes.add(single(n, group));
      } else {
        put(GraphNode.MORE + group, n);
      }
    }
    folded.forEach((id, members) -> nodes.add(several(id, members)));
    EdgeMerge edges = new EdgeMerge(homes, groups, budget);
    List<GraphEdge> lines = edges.merge(graph.edges());
    int hiddenNodes = folded.values().stream().mapToInt(List::size).sum();
    return new GraphModel(
        containers(nodes),
        nodes,
        lines,
        homes,
        new GraphModel.Hidden(
            hiddenNodes, edges.hidden(), graph.nodes().size(), graph.edges().size()));
  }

  private void put(String id, ServiceGraph.Node n) {
    homes.put(n.party().key(), id);
    folded.computeIfAbsent(id, k -> new ArrayList<>()).add(n);
  }

  /** Keys of workloads that stand on their own. */
  private Set<String> keep() {
    Map<String, List<String>> opened = new LinkedHashMap<>();
    Map<String, List<String>> others = new LinkedHashMap<>();
    Set<String> closed = new HashSet<>();
    for (ServiceGraph.Node n : graph.nodes()) {
      String group = group(n);
      if (!group.isEmpty() && folding.isFolded(group)) {
        closed.add(group);
      } else {
        (folding.opened().contains(group) ? opened : others)
            .computeIfAbsent(group, g -> new ArrayList<>())
            .add(n.party().key());
      }
    }
    Set<String> kept = new HashSet<>();
    // opened by hand goes beyond the window's budget, but never beyond the hard cap
    int most = Budget.MOST.nodes() - closed.size() - others.size();
    keep(opened, most, kept);
    keep(others, budget.nodes() - closed.size() - kept.size(), kept);
    return kept;
  }

  private void keep(Map<String, List<String>> byGroup, int room, Set<String> kept) {
    if (byGroup.values().stream().mapToInt(List::size).sum() <= room) {
      byGroup.values().forEach(kept::addAll);
      return;
    }
    choose(byGroup, Math.max(0, room - byGroup.size()), kept);
    byGroup.values().forEach(keys -> keepLast(keys, kept));
  }

  private void choose(Map<String, List<String>> byGroup, int room, Set<String> kept) {
    List<String> order = new ArrayList<>();
    byGroup.values().forEach(order::addAll);
    order.sort(Comparator.comparingDouble(interest::of).reversed().thenComparing(k -> k));
    Set<String> outside = new HashSet<>(byGroup.getOrDefault("", List.of()));
    int mostOutside = outside.size() == order.size() ? room : (int) (room * MOST_OUTSIDE) + 1;
    int taken = 0;
    for (String key : order) {
      if (taken == room) {
        return;
      }
      if (!outside.contains(key) || mostOutside-- > 0) {
        kept.add(key);
        taken++;
      }
    }
  }

  /** A node for one that is left out would take the same room as the one itself. */
  private static void keepLast(List<String> keys, Set<String> kept) {
    List<String> out = keys.stream().filter(k -> !kept.contains(k)).toList();
    if (out.size() == 1) {
      kept.addAll(out);
    }
  }

  private String group(ServiceGraph.Node n) {
    boolean inside = n.party().kind() == Party.Kind.WORKLOAD && folding.grouping() != Grouping.NONE;
    return inside ? n.party().namespace() : "";
  }

  private List<GraphGroup> containers(List<GraphNode> nodes) {
    Map<String, Integer> pods = new TreeMap<>();
    nodes.stream()
        .filter(n -> !n.group().isEmpty())
        .forEach(n -> pods.merge(n.group(), n.pods(), Integer::sum));
    return pods.entrySet().stream().map(e -> new GraphGroup(e.getKey(), e.getValue())).toList();
  }

  private GraphNode single(ServiceGraph.Node n, String group) {
    Party p = n.party();
    GraphNode.Kind kind =
        switch (p.kind()) {
          case WORKLOAD -> GraphNode.Kind.WORKLOAD;
          case OUTSIDE -> GraphNode.Kind.OUTSIDE;
          case NODE -> GraphNode.Kind.HOST;
          case UNKNOWN -> GraphNode.Kind.UNKNOWN;
        };
    int troubled = interest.troubled(p.key()) ? 1 : 0;
    return new GraphNode(p.key(), kind, p.workload(), group, n.pods(), n.ready(), 1, troubled);
  }

  private GraphNode several(String id, List<ServiceGraph.Node> members) {
    boolean whole = id.startsWith(GraphNode.NAMESPACE);
    String group = id.substring((whole ? GraphNode.NAMESPACE : GraphNode.MORE).length());
    int pods = members.stream().mapToInt(ServiceGraph.Node::pods).sum();
    int ready = members.stream().mapToInt(ServiceGraph.Node::ready).sum();
    int troubled = (int) members.stream().filter(n -> interest.troubled(n.party().key())).count();
    return new GraphNode(
        id,
        whole ? GraphNode.Kind.NAMESPACE : GraphNode.Kind.MORE,
        group,
        whole ? "" : group,
        pods,
        ready,
        members.size(),
        troubled);
  }
}
