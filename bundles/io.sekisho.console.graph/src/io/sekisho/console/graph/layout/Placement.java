package io.sekisho.console.graph.layout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where everything stands; immutable, in pixels at 100 %.
 *
 * @param groups containers by name of the namespace
 * @param nodes boxes by id
 * @param routes by id of the edge
 * @param labels by id of the edge; an edge without one says its numbers on hover
 */
public record Placement(
    Map<String, Box> groups,
    Map<String, Box> nodes,
    Map<String, Route> routes,
    Map<String, Label> labels) {
  /** Nothing yet. */
  public static final Placement EMPTY = new Placement(Map.of(), Map.of(), Map.of(), Map.of());

  private static final int BESIDE = 14;
  private static final int BESIDE_STEP = 6;

  /** A node's box is 52 high; past the second one the eye would not find the edge. */
  private static final int BESIDE_MOST = 80;

  /** Keeps immutable copies. */
  public Placement {
    groups = Map.copyOf(groups);
    nodes = Map.copyOf(nodes);
    routes = Map.copyOf(routes);
    labels = Map.copyOf(labels);
  }

  /**
   * Where the label of an edge stands.
   *
   * @param brief whether there is room only for the short form
   */
  public record Label(Box box, boolean brief) {}

  /**
   * Near the middle of a route, for what must be read there: above or below it, so far away that it
   * covers no box of a node and no label, or else right above.
   */
  public Box beside(Route route, Size size) {
    Route.At middle = route.at(route.length() / 2);
    for (int away = BESIDE; away <= BESIDE_MOST; away += BESIDE_STEP) {
      for (int dy : new int[] {-away, away}) {
        Box box = Box.round(middle.x(), middle.y() + dy, size);
        if (nodes.values().stream().noneMatch(box::meets)
            && labels.values().stream().noneMatch(l -> l.box().meets(box))) {
          return box;
        }
      }
    }
    return Box.round(middle.x(), middle.y() - BESIDE, size);
  }

  /** The smallest box that holds everything. */
  public Box extent() {
    List<Box> all = new ArrayList<>(groups.values());
    all.addAll(nodes.values());
    routes.values().forEach(r -> all.add(r.bounds()));
    labels.values().forEach(l -> all.add(l.box()));
    return Box.around(all);
  }

  /** The same with other labels. */
  public Placement with(Map<String, Label> other) {
    return new Placement(groups, nodes, routes, other);
  }

  /** The picture a share of the way from another one: 0 is the other, 1 this. */
  public Placement glide(Placement from, double share) {
    Map<String, Route> between = new HashMap<>();
    routes.forEach(
        (id, route) -> {
          Route old = from.routes.get(id);
          between.put(id, old == null || old == route ? route : old.towards(route, share));
        });
    return new Placement(
        glide(from.groups, groups, share), glide(from.nodes, nodes, share), between, labels);
  }

  private static Map<String, Box> glide(Map<String, Box> from, Map<String, Box> to, double share) {
    Map<String, Box> between = new HashMap<>();
    to.forEach((id, box) -> between.put(id, from.getOrDefault(id, box).towards(box, share)));
    return between;
  }

  /**
   * How far the picture as a whole has slid since another one: the median of the boxes known in
   * both, as x and y. A camera that takes it back keeps most of the picture still.
   */
  public int[] slide(Placement from) {
    List<String> known = nodes.keySet().stream().filter(from.nodes::containsKey).toList();
    if (known.isEmpty()) {
      return new int[2];
    }
    int[] dx = known.stream().mapToInt(n -> nodes.get(n).x() - from.nodes.get(n).x()).toArray();
    int[] dy = known.stream().mapToInt(n -> nodes.get(n).y() - from.nodes.get(n).y()).toArray();
    java.util.Arrays.sort(dx);
    java.util.Arrays.sort(dy);
    return new int[] {dx[dx.length / 2], dy[dy.length / 2]};
  }

  /** Mean distance in pixels that boxes known in both have moved. */
  public double meanMove(Placement from) {
    return nodes.entrySet().stream()
        .filter(e -> from.nodes.containsKey(e.getKey()))
        .mapToDouble(
            e -> {
              Box old = from.nodes.get(e.getKey());
              return Math.hypot(e.getValue().x() - old.x(), e.getValue().y() - old.y());
            })
        .average()
        .orElse(0);
  }
}
