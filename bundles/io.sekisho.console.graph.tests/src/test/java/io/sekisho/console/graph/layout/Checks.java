package io.sekisho.console.graph.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphNode;
import io.sekisho.flow.ServiceGraph;
import java.util.List;
import java.util.Map;

/** What holds for every scene. */
final class Checks {
  private Checks() {}

  /** All has a place, boxes do not overlap, containers hold theirs, routes end at their boxes. */
  static void sound(Scene s) {
    Placement p = s.placement();
    assertEquals(s.model().nodes().size(), p.nodes().size());
    assertEquals(s.model().groups().size(), p.groups().size());
    List<GraphNode> nodes = s.model().nodes();
    for (int i = 0; i < nodes.size(); i++) {
      Box box = p.nodes().get(nodes.get(i).id());
      for (int j = i + 1; j < nodes.size(); j++) {
        Box other = p.nodes().get(nodes.get(j).id());
        assertFalse(box.meets(other), nodes.get(i).id() + " on " + nodes.get(j).id());
      }
      String group = nodes.get(i).group();
      for (Map.Entry<String, Box> g : p.groups().entrySet()) {
        boolean own = g.getKey().equals(group);
        String what = nodes.get(i).id() + " and " + g.getKey();
        assertTrue(own ? g.getValue().holds(box) : !g.getValue().meets(box), what);
      }
    }
    List<Box> groups = List.copyOf(p.groups().values());
    for (int i = 0; i < groups.size(); i++) {
      for (int j = i + 1; j < groups.size(); j++) {
        assertFalse(groups.get(i).meets(groups.get(j)));
      }
    }
    routed(s);
  }

  /** Each edge has a route from border to border, along the axes. */
  static void routed(Scene s) {
    assertEquals(s.model().edges().size(), s.placement().routes().size());
    for (GraphEdge e : s.model().edges()) {
      Route r = s.placement().routes().get(e.id());
      assertNotNull(r, e.id());
      onBorder(box(s, e.from()), r.x(0), r.y(0), e.id());
      onBorder(box(s, e.to()), r.x(r.size() - 1), r.y(r.size() - 1), e.id());
      for (int i = 1; i < r.size(); i++) {
        double dx = Math.abs(r.x(i) - r.x(i - 1));
        double dy = Math.abs(r.y(i) - r.y(i - 1));
        assertTrue(dx < 0.01 || dy < 0.01, e.id() + " slants by " + dx + ", " + dy);
      }
    }
  }

  private static Box box(Scene s, String id) {
    Box node = s.placement().nodes().get(id);
    return node != null ? node : s.placement().groups().get(id.substring("ns:".length()));
  }

  private static void onBorder(Box b, double x, double y, String what) {
    boolean near = b.grown(2).holds(x, y);
    boolean inside = b.grown(-3).holds(x, y);
    assertTrue(near && !inside, what + " ends at " + x + "," + y + ", box " + b);
  }

  /** The same graph with twice the rates. */
  static ServiceGraph busier(ServiceGraph g) {
    List<ServiceGraph.Edge> edges =
        g.edges().stream()
            .map(
                e ->
                    new ServiceGraph.Edge(
                        e.clientKey(),
                        e.serverKey(),
                        e.ports(),
                        e.forwardedRate() * 2,
                        e.droppedRate() * 2,
                        e.auditedRate() * 2,
                        e.byteRate(),
                        e.lastSeenNanos(),
                        e.stale(),
                        e.dropRule()))
            .toList();
    return new ServiceGraph(g.nodes(), edges, g.spanNanos());
  }
}
