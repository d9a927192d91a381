package io.sekisho.console.graph.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What comes and goes between two pictures. Rates and health are no change of this kind: they are
 * drawn in place.
 *
 * @param addedNodes ids
 * @param removedNodes ids
 * @param addedEdges ids
 * @param removedEdges ids
 * @param groups whether containers come or go
 */
public record GraphChange(
    Set<String> addedNodes,
    Set<String> removedNodes,
    Set<String> addedEdges,
    Set<String> removedEdges,
    boolean groups) {

  /** From one picture to the next. */
  public static GraphChange between(GraphModel from, GraphModel to) {
    Set<String> nodesBefore = ids(from.nodes(), GraphNode::id);
    Set<String> nodesAfter = ids(to.nodes(), GraphNode::id);
    Set<String> edgesBefore = ids(from.edges(), GraphEdge::id);
    Set<String> edgesAfter = ids(to.edges(), GraphEdge::id);
    return new GraphChange(
        minus(nodesAfter, nodesBefore),
        minus(nodesBefore, nodesAfter),
        minus(edgesAfter, edgesBefore),
        minus(edgesBefore, edgesAfter),
        !ids(from.groups(), GraphGroup::name).equals(ids(to.groups(), GraphGroup::name)));
  }

  /** Whether only colours, widths and labels differ. */
  public boolean isEmpty() {
    return addedNodes.isEmpty()
        && removedNodes.isEmpty()
        && addedEdges.isEmpty()
        && removedEdges.isEmpty()
        && !groups;
  }

  private static <T> Set<String> ids(List<T> all, Function<T, String> id) {
    return all.stream().map(id).collect(Collectors.toSet());
  }

  private static Set<String> minus(Set<String> all, Set<String> without) {
    Set<String> rest = new HashSet<>(all);
    rest.removeAll(without);
    return rest;
  }
}
