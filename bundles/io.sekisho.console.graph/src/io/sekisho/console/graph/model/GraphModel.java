package io.sekisho.console.graph.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is drawn: boxes, containers and lines of one moment; immutable.
 *
 * @param groups containers in order of name
 * @param nodes boxes
 * @param edges lines; each end is the id of a node or a container
 * @param homes for each workload's key, the id of the node that shows it
 * @param hidden what is left out
 */
public record GraphModel(
    List<GraphGroup> groups,
    List<GraphNode> nodes,
    List<GraphEdge> edges,
    Map<String, String> homes,
    Hidden hidden) {
  /** Nothing to draw. */
  public static final GraphModel EMPTY =
      new GraphModel(List.of(), List.of(), List.of(), Map.of(), new Hidden(0, 0, 0, 0));

  /** Keeps immutable copies. */
  public GraphModel {
    groups = List.copyOf(groups);
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
    homes = Map.copyOf(homes);
  }

  /**
   * What is left out of the picture.
   *
   * @param nodes workloads that stand in a folded node
   * @param edges lines beyond the budget, on no picture at all
   * @param ofNodes all workloads
   * @param ofEdges all connections
   */
  public record Hidden(int nodes, int edges, int ofNodes, int ofEdges) {}

  /** Nodes by id. */
  public Map<String, GraphNode> byId() {
    return nodes.stream().collect(Collectors.toMap(GraphNode::id, Function.identity()));
  }

  /** The node of an id. */
  public Optional<GraphNode> node(String id) {
    return nodes.stream().filter(n -> n.id().equals(id)).findFirst();
  }

  /** The edge of an id. */
  public Optional<GraphEdge> edge(String id) {
    return edges.stream().filter(e -> e.id().equals(id)).findFirst();
  }

  /** The edge that shows a connection, alone or among others. */
  public Optional<GraphEdge> edgeOfConnection(String key) {
    return edges.stream().filter(e -> e.members().contains(key)).findFirst();
  }
}
