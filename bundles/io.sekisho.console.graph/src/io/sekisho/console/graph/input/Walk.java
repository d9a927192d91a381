package io.sekisho.console.graph.input;

import io.sekisho.console.graph.layout.Box;
import io.sekisho.console.graph.layout.Placement;
import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.GraphNode;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where an arrow key leads: along an edge to its end, from a box to the edge or box that lies most
 * in that direction. Plain logic.
 */
public final class Walk {
  private final GraphModel model;
  private final Map<String, Box> nodes;
  private final Placement placement;

  /** Walks in a picture. */
  public Walk(GraphModel model, Placement placement) {
    this.model = model;
    this.placement = placement;
    nodes = placement.nodes();
  }

  /** Directions of the arrow keys. */
  public enum Way {
    LEFT(-1, 0),
    RIGHT(1, 0),
    UP(0, -1),
    DOWN(0, 1);

    private final int dx;
    private final int dy;

    Way(int dx, int dy) {
      this.dx = dx;
      this.dy = dy;
    }
  }

  /** The id to select next, coming from one; empty if nothing lies there. */
  public Optional<String> from(String id, Way way) {
    Optional<GraphEdge> edge = model.edge(id);
    if (edge.isPresent()) {
      return alongEdge(edge.get(), way);
    }
    if (!nodes.containsKey(id)) {
      return first();
    }
    Optional<String> next = way.dx != 0 ? edgeOf(id, way) : Optional.empty();
    return next.or(() -> nearest(id, way));
  }

  /** Where a walk begins: trouble first, then the box left above. */
  public Optional<String> first() {
    return model.edges().stream()
        .filter(GraphEdge::troubled)
        .max(Comparator.comparingDouble(GraphEdge::rate))
        .map(GraphEdge::id)
        .or(
            () ->
                model.nodes().stream()
                    .min(
                        Comparator.comparingInt(n -> nodes.get(n.id()).x() + nodes.get(n.id()).y()))
                    .map(GraphNode::id));
  }

  /** Left and right go to the ends, up and down to the next edge of the same box. */
  private Optional<String> alongEdge(GraphEdge e, Way way) {
    if (way.dx != 0) {
      boolean forward = x(e.to(), false, e) >= x(e.from(), true, e);
      String end = (way.dx > 0) == forward ? e.to() : e.from();
      return Optional.of(end);
    }
    var route = placement.routes().get(e.id());
    double y = route.at(route.length() / 2).y();
    return model.edges().stream()
        .filter(o -> o != e && (o.from().equals(e.from()) || o.to().equals(e.to())))
        .filter(o -> (middle(o) - y) * way.dy > 0)
        .min(Comparator.comparingDouble(o -> Math.abs(middle(o) - y)))
        .map(GraphEdge::id);
  }

  private double middle(GraphEdge e) {
    var route = placement.routes().get(e.id());
    return route.at(route.length() / 2).y();
  }

  private double x(String end, boolean start, GraphEdge e) {
    var route = placement.routes().get(e.id());
    return route.x(start ? 0 : route.size() - 1);
  }

  private Optional<String> edgeOf(String id, Way way) {
    Box box = nodes.get(id);
    return model.edges().stream()
        .filter(e -> e.from().equals(id) || e.to().equals(id))
        .filter(
            e -> {
              double there = e.from().equals(id) ? x(e.to(), false, e) : x(e.from(), true, e);
              return (there - box.centreX()) * way.dx > box.width() / 2.0 - 1;
            })
        .max(Comparator.comparing(GraphEdge::troubled).thenComparingDouble(GraphEdge::rate))
        .map(GraphEdge::id);
  }

  private Optional<String> nearest(String id, Way way) {
    Box from = nodes.get(id);
    Stream<Map.Entry<String, Box>> ahead =
        nodes.entrySet().stream()
            .filter(e -> !e.getKey().equals(id))
            .filter(e -> ahead(from, e.getValue(), way) > 0);
    return ahead
        .min(Comparator.comparingDouble(e -> cost(from, e.getValue(), way)))
        .map(Map.Entry::getKey);
  }

  private static double ahead(Box from, Box to, Way way) {
    return (to.centreX() - from.centreX()) * way.dx + (to.centreY() - from.centreY()) * way.dy;
  }

  /** What lies aside counts double. */
  private static double cost(Box from, Box to, Way way) {
    double aside =
        Math.abs(to.centreX() - from.centreX()) * Math.abs(way.dy)
            + Math.abs(to.centreY() - from.centreY()) * Math.abs(way.dx);
    return ahead(from, to, way) + 2 * aside;
  }
}
