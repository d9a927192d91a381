package io.sekisho.console.graph.layout;

import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphGroup;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.GraphNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A plain picture for graphs that the layered algorithm cannot digest: boxes in columns inside
 * their containers, containers side by side, edges with one bend. Never fails, is never pretty.
 */
final class FallbackLayout {
  private static final int GAP = 40;

  private FallbackLayout() {}

  static Placement run(GraphModel model, Sizes sizes) {
    Map<String, Box> groups = new HashMap<>();
    Map<String, Box> nodes = new HashMap<>();
    List<String> columns = new ArrayList<>();
    columns.add("");
    model.groups().stream().map(GraphGroup::name).forEach(columns::add);
    int x = 0;
    for (String group : columns) {
      List<GraphNode> inside = model.nodes().stream().filter(n -> n.group().equals(group)).toList();
      if (inside.isEmpty()) {
        continue;
      }
      boolean framed = !group.isEmpty();
      int left = framed ? x + Sizes.GROUP_PAD : x;
      grid(inside, sizes, left, framed ? Sizes.TITLE : 0, nodes);
      Box all = Box.around(inside.stream().map(n -> nodes.get(n.id())).toList());
      if (framed) {
        int least = sizes.titles().getOrDefault(group, 0);
        int width = Math.max(least, all.width() + 2 * Sizes.GROUP_PAD);
        groups.put(group, new Box(x, 0, width, all.bottom() + Sizes.GROUP_PAD));
        x += width + GAP;
      } else {
        x = all.right() + GAP;
      }
    }
    Map<String, Route> routes = new HashMap<>();
    Map<String, Ports.Pair> ports = Ports.share(model.edges(), id -> end(id, nodes, groups));
    for (GraphEdge e : model.edges()) {
      Ports.Pair pair = ports.get(e.id());
      routes.put(e.id(), Router.bend(pair.from(), pair.to()));
    }
    return new Placement(groups, nodes, routes, Map.of());
  }

  private static void grid(
      List<GraphNode> inside, Sizes sizes, int left, int top, Map<String, Box> nodes) {
    int perColumn = (int) Math.ceil(Math.sqrt(inside.size()));
    int x = left;
    int y = top;
    int widest = 0;
    for (int i = 0; i < inside.size(); i++) {
      if (i > 0 && i % perColumn == 0) {
        x += widest + GAP;
        y = top;
      }
      Size size = sizes.nodes().get(inside.get(i).id());
      nodes.put(inside.get(i).id(), new Box(x, y, size.width(), size.height()));
      widest = Math.max(widest, size.width());
      y += size.height() + GAP / 2;
    }
  }

  private static Box end(String id, Map<String, Box> nodes, Map<String, Box> groups) {
    Box node = nodes.get(id);
    return node != null ? node : groups.get(id.substring(GraphNode.NAMESPACE.length()));
  }
}
