package io.sekisho.console.graph.layout;

import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphGroup;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.GraphNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * For many namespaces: each is laid out alone, the tiles are packed in rows for the shape of the
 * window, what opens connections from outside stands left of them and what is only called right of
 * them, and bundled edges run in the streets between the tiles.
 */
final class TileLayout {
  private static final int STREET = 48;
  private static final int AIR = 20;
  private static final int NARROWEST = 320;
  private static final int WIDEST = 9000;
  private final GraphModel model;
  private final Sizes sizes;
  private final double aspect;
  private final Map<String, Box> groups = new HashMap<>();
  private final Map<String, Box> nodes = new HashMap<>();
  private final Map<String, Route> routes = new HashMap<>();

  private TileLayout(GraphModel model, Sizes sizes, double aspect) {
    this.model = model;
    this.sizes = sizes;
    this.aspect = aspect;
  }

  /**
   * Lays out without labels.
   *
   * @param aspect wanted width by height
   */
  static Placement run(GraphModel model, Sizes sizes, double aspect, BooleanSupplier cancelled) {
    return new TileLayout(model, sizes, aspect).run(cancelled);
  }

  private Placement run(BooleanSupplier cancelled) {
    Map<String, Tile> tiles = new LinkedHashMap<>();
    for (GraphGroup g : model.groups()) {
      tiles.put(g.id(), new Tile(LayeredLayout.run(only(g), sizes, cancelled)));
    }
    model.nodes().stream()
        .filter(n -> n.group().isEmpty() && !rim(n))
        .forEach(n -> tiles.put(n.id(), new Tile(alone(n))));
    List<GraphNode> openers = new ArrayList<>();
    List<GraphNode> servers = new ArrayList<>();
    Set<String> from = new HashSet<>();
    model.edges().forEach(e -> from.add(e.from()));
    model.nodes().stream()
        .filter(TileLayout::rim)
        .forEach(n -> (from.contains(n.id()) ? openers : servers).add(n));
    int left = openers.isEmpty() ? 0 : width(openers) + STREET;
    Box extent = pack(List.copyOf(tiles.values()), left);
    column(openers, 0, extent);
    column(servers, extent.right() + STREET, extent);
    bundles();
    return new Placement(groups, nodes, routes, Map.of());
  }

  private static boolean rim(GraphNode n) {
    return n.group().isEmpty() && (n.outside() || n.kind() == GraphNode.Kind.MORE);
  }

  private int width(List<GraphNode> column) {
    return column.stream().mapToInt(n -> sizes.nodes().get(n.id()).width()).max().orElse(0);
  }

  private GraphModel only(GraphGroup group) {
    List<GraphNode> inside =
        model.nodes().stream().filter(n -> n.group().equals(group.name())).toList();
    Set<String> ids = new HashSet<>();
    inside.forEach(n -> ids.add(n.id()));
    List<GraphEdge> edges =
        model.edges().stream().filter(e -> ids.contains(e.from()) && ids.contains(e.to())).toList();
    return new GraphModel(List.of(group), inside, edges, Map.of(), model.hidden());
  }

  private Placement alone(GraphNode n) {
    Size size = sizes.nodes().get(n.id());
    Box box = new Box(0, 0, size.width(), size.height());
    return new Placement(Map.of(), Map.of(n.id(), box), Map.of(), Map.of());
  }

  /** A part that is moved as a whole. */
  private record Tile(Placement inside, Box box) {
    Tile(Placement inside) {
      this(inside, inside.extent());
    }

    /** With some air, on a grid: a tile may grow a little without pushing the others. */
    int room(int pixels) {
      return (pixels + AIR - 1) / AIR * AIR;
    }
  }

  private Box pack(List<Tile> tiles, int left) {
    double best = Double.MAX_VALUE;
    int bestWidth = NARROWEST;
    for (int width = NARROWEST; width < WIDEST; width += 40) {
      Box r = rows(tiles, width, left, false);
      double cost = Math.max(r.right() / aspect, r.height());
      if (cost < best - 1) {
        best = cost;
        bestWidth = width;
      }
    }
    return rows(tiles, bestWidth, left, true);
  }

  /** Tiles left to right, row by row; keeps them if told, and says what room they take. */
  private Box rows(List<Tile> tiles, int width, int left, boolean keep) {
    int x = left;
    int y = 0;
    int height = 0;
    int right = left;
    for (Tile t : tiles) {
      int w = t.room(t.box.width());
      if (x > left && x + w > left + width) {
        x = left;
        y += height + STREET;
        height = 0;
      }
      if (keep) {
        keep(t.inside, x - t.box.x(), y - t.box.y());
      }
      right = Math.max(right, x + w);
      x += w + STREET;
      height = Math.max(height, t.room(t.box.height()));
    }
    return new Box(left, 0, right - left, y + height);
  }

  private void keep(Placement p, int dx, int dy) {
    p.groups().forEach((id, b) -> groups.put(id, b.moved(dx, dy)));
    p.nodes().forEach((id, b) -> nodes.put(id, b.moved(dx, dy)));
    p.routes().forEach((id, r) -> routes.put(id, r.moved(dx, dy)));
  }

  private void column(List<GraphNode> column, int x, Box beside) {
    int height = column.stream().mapToInt(n -> sizes.nodes().get(n.id()).height() + AIR).sum();
    int y = Math.max(0, (beside.height() - height) / 2);
    for (GraphNode n : column) {
      Size size = sizes.nodes().get(n.id());
      nodes.put(n.id(), new Box(x, y, size.width(), size.height()));
      y += size.height() + AIR;
    }
  }

  private void bundles() {
    List<Box> obstacles = new ArrayList<>(groups.values());
    model.nodes().stream()
        .filter(n -> n.group().isEmpty())
        .forEach(n -> obstacles.add(nodes.get(n.id())));
    Router router = new Router(obstacles, List.of());
    List<GraphEdge> rest =
        model.edges().stream()
            .filter(e -> !routes.containsKey(e.id()))
            .sorted(Comparator.comparing(GraphEdge::rate).reversed())
            .toList();
    Map<String, Ports.Pair> ports = Ports.share(rest, this::end);
    for (GraphEdge e : rest) {
      Ports.Pair pair = ports.get(e.id());
      routes.put(e.id(), router.add(pair.from(), pair.to()));
    }
  }

  private Box end(String id) {
    Box node = nodes.get(id);
    return node != null ? node : groups.get(id.substring(GraphNode.NAMESPACE.length()));
  }
}
