package io.sekisho.console.graph.layout;

import io.sekisho.console.graph.layout.Port.Side;
import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.GraphNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Changes a finished placement in few places: old boxes stay where they are, a new box gets a free
 * spot near its neighbours, and only edges of what is new or moved are routed. Mutable, one thread.
 */
final class Arrangement {
  private static final int APART = 14;
  private static final int GROUPS_APART = 12;

  private final GraphModel model;
  private final Sizes sizes;
  private final Map<String, GraphNode> byId;
  private final Map<String, Box> groups;
  private final Map<String, Box> nodes;
  private final Map<String, Route> routes;

  Arrangement(GraphModel model, Sizes sizes, Placement start) {
    this.model = model;
    this.sizes = sizes;
    byId = model.byId();
    groups = new HashMap<>(start.groups());
    nodes = new HashMap<>(start.nodes());
    routes = new HashMap<>(start.routes());
    groups.keySet().removeIf(g -> model.groups().stream().noneMatch(m -> m.name().equals(g)));
    nodes.keySet().retainAll(byId.keySet());
    routes.keySet().removeIf(id -> model.edge(id).isEmpty());
  }

  Placement placement() {
    return new Placement(groups, nodes, routes, Map.of());
  }

  /** Gives a new node a free spot near its neighbours; false if there is none near enough. */
  boolean insert(String id) {
    GraphNode node = byId.get(id);
    Size size = sizes.nodes().get(id);
    double[] wanted = wanted(node, size);
    Box best = Box.NOWHERE;
    double bestCost = Double.MAX_VALUE;
    for (double[] at : Spots.near(wanted[0], wanted[1])) {
      Box box = Box.round(at[0], at[1], size);
      double cost = at[2] + growth(node, box);
      if (cost < bestCost && free(node, box)) {
        best = box;
        bestCost = cost;
      }
    }
    if (bestCost == Double.MAX_VALUE) {
      return false;
    }
    put(node, best);
    return true;
  }

  /** Moves a node to a place and its container's border with it. */
  void move(String id, int x, int y) {
    put(byId.get(id), nodes.get(id).at(x, y));
  }

  /** Takes boxes and routes off, so that they are in nobody's way. */
  void forget(Collection<String> nodeIds, Collection<String> edgeIds) {
    nodes.keySet().removeAll(Set.copyOf(nodeIds));
    routes.keySet().removeAll(Set.copyOf(edgeIds));
  }

  /** Gives a node a known place, whatever stands there. */
  void putBack(String id, Box box) {
    put(byId.get(id), box);
  }

  /** Moves a node aside that was let go on others: to the nearest spot that is nobody's. */
  void settle(String id) {
    GraphNode node = byId.get(id);
    Box box = nodes.get(id);
    Size size = new Size(box.width(), box.height());
    for (double[] at : Spots.near(box.centreX(), box.centreY())) {
      Box spot = Box.round(at[0], at[1], size);
      if (alone(node, spot)) {
        put(node, spot);
        return;
      }
    }
  }

  /** Whether no other box is near; a container may grow over free ground only. */
  private boolean alone(GraphNode node, Box box) {
    Box wide = box.grown(GROUPS_APART);
    boolean nodesApart =
        nodes.entrySet().stream()
            .allMatch(e -> e.getKey().equals(node.id()) || !e.getValue().meets(wide));
    if (node.group().isEmpty()) {
      return nodesApart && groups.values().stream().noneMatch(wide::meets);
    }
    Box frame = frame(node, box);
    return nodesApart && roomFor(node.group(), frame);
  }

  private void put(GraphNode node, Box box) {
    nodes.put(node.id(), box);
    if (!node.group().isEmpty()) {
      groups.put(node.group(), frame(node, box));
    }
  }

  /** The container's box when the node stands there too. */
  private Box frame(GraphNode node, Box box) {
    Box room = box.grown(Sizes.GROUP_PAD);
    int title = Sizes.TITLE - Sizes.GROUP_PAD;
    Box withTitle = new Box(room.x(), room.y() - title, room.width(), room.height() + title);
    Box group = groups.get(node.group());
    return group == null ? withTitle : group.union(withTitle);
  }

  private double growth(GraphNode node, Box box) {
    if (node.group().isEmpty()) {
      return 0;
    }
    Box before = groups.get(node.group());
    Box after = frame(node, box);
    return 2.0 * (after.width() - before.width() + after.height() - before.height());
  }

  private boolean free(GraphNode node, Box box) {
    Box wide = box.grown(APART);
    for (Map.Entry<String, Box> e : nodes.entrySet()) {
      if (!e.getKey().equals(node.id()) && e.getValue().meets(wide)) {
        return false;
      }
    }
    if (routes.values().stream().anyMatch(r -> r.meets(box.grown(RouteGrid.CLEARANCE)))) {
      return false;
    }
    if (node.group().isEmpty()) {
      return groups.values().stream().noneMatch(wide::meets);
    }
    Box frame = frame(node, box);
    return frame.equals(groups.get(node.group())) || roomFor(node.group(), frame);
  }

  private boolean roomFor(String group, Box frame) {
    Box wide = frame.grown(GROUPS_APART);
    boolean apart =
        groups.entrySet().stream()
            .allMatch(e -> e.getKey().equals(group) || !e.getValue().meets(wide));
    return apart
        && nodes.entrySet().stream()
            .allMatch(e -> byId.get(e.getKey()).group().equals(group) || !e.getValue().meets(wide));
  }

  /** Right of who calls it, left of whom it calls; else at the foot of its container. */
  private double[] wanted(GraphNode node, Size size) {
    double x = 0;
    double y = 0;
    int known = 0;
    for (GraphEdge e : model.edges()) {
      boolean in = e.to().equals(node.id());
      Box other = nodes.get(in ? e.from() : e.to());
      if ((in || e.from().equals(node.id())) && other != null) {
        double step = other.width() / 2.0 + 40 + size.width() / 2.0;
        x += other.centreX() + (in ? step : -step);
        y += other.centreY();
        known++;
      }
    }
    if (known > 0) {
      return new double[] {x / known, y / known};
    }
    Box home = groups.getOrDefault(node.group(), Box.around(nodes.values()));
    return new double[] {home.centreX(), home.bottom() - size.height() / 2.0 - Sizes.GROUP_PAD};
  }

  /** Ids of edges that end at the nodes, or at the containers of those whose border moved. */
  Set<String> edgesOf(Collection<String> ids) {
    Set<String> ends = new HashSet<>(ids);
    Set<String> edges = new HashSet<>();
    model.edges().stream()
        .filter(e -> ends.contains(e.from()) || ends.contains(e.to()))
        .forEach(e -> edges.add(e.id()));
    return edges;
  }

  /** Ids of edges that are not the node's own and run where it stands. */
  Set<String> routesUnder(String id) {
    Box box = nodes.get(id).grown(RouteGrid.CLEARANCE);
    Set<String> under = new HashSet<>();
    routes.forEach(
        (edge, route) -> {
          if (route.meets(box)) {
            under.add(edge);
          }
        });
    under.removeIf(
        edge -> {
          GraphEdge e = model.edge(edge).orElseThrow();
          return e.bundle() || e.from().equals(id) || e.to().equals(id);
        });
    return under;
  }

  /** Routes edges round all boxes, avoiding the routes that stay. */
  void route(Collection<String> ids) {
    routes.keySet().removeAll(Set.copyOf(ids));
    Router alone = new Router(nodes.values(), routes.values());
    Router under = new Router(streets(), routes.values());
    for (String id : List.copyOf(ids)) {
      GraphEdge e = model.edge(id).orElseThrow();
      Ports.Pair ports = ports(e);
      routes.put(id, (e.bundle() ? under : alone).add(ports.from(), ports.to()));
    }
  }

  /** Edges of a node while it is dragged: one bend, round nothing. */
  void routeRoughly(Collection<String> ids) {
    routes.keySet().removeAll(Set.copyOf(ids));
    for (String id : ids) {
      Ports.Pair ports = ports(model.edge(id).orElseThrow());
      routes.put(id, Router.bend(ports.from(), ports.to()));
    }
  }

  /** What bundles run between. */
  private List<Box> streets() {
    List<Box> boxes = new ArrayList<>(groups.values());
    nodes.forEach(
        (id, box) -> {
          if (byId.get(id).group().isEmpty()) {
            boxes.add(box);
          }
        });
    return boxes;
  }

  private Ports.Pair ports(GraphEdge e) {
    Box from = box(e.from());
    Box to = box(e.to());
    Side leaving = Side.towards(from, to);
    Side arriving = Side.towards(to, from);
    return new Ports.Pair(
        Ports.free(from, leaving, along(leaving, to), routes.values()),
        Ports.free(to, arriving, along(arriving, from), routes.values()));
  }

  private static double along(Side side, Box other) {
    return side.level() ? other.centreY() : other.centreX();
  }

  private Box box(String id) {
    Box node = nodes.get(id);
    return node != null ? node : groups.get(id.substring(GraphNode.NAMESPACE.length()));
  }
}
