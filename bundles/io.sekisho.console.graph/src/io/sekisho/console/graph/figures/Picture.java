package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.layout.Box;
import io.sekisho.console.graph.layout.Placement;
import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphGroup;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.GraphNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * All figures of a model at their places. A figure lives as long as its id is shown; an update
 * changes only what differs.
 */
public final class Picture {
  private static final double REACH = 6;
  private final TextPass texts;
  private final Seen seen;
  private final Map<String, GroupFigure> groups = new LinkedHashMap<>();
  private final Map<String, NodeFigure> nodes = new LinkedHashMap<>();
  private final Map<String, EdgeFigure> edges = new LinkedHashMap<>();
  private final Map<String, EdgeFigure> bundles = new LinkedHashMap<>();
  private final Map<String, LabelFigure> labels = new LinkedHashMap<>();
  private final Map<String, LabelFigure> marks = new LinkedHashMap<>();
  private Placement placement = Placement.EMPTY;

  /** An empty picture. */
  public Picture(TextPass texts, Seen seen) {
    this.texts = texts;
    this.seen = seen;
  }

  Placement placement() {
    return placement;
  }

  Collection<EdgeFigure> edges() {
    return edges.isEmpty() ? bundles.values() : edges.values();
  }

  /** Back to front. */
  List<Collection<? extends Drawn>> layers() {
    return List.of(
        bundles.values(),
        groups.values(),
        edges.values(),
        nodes.values(),
        labels.values(),
        marks.values());
  }

  /** Shows a model at its places. */
  public void show(GraphModel model, Placement p) {
    placement = p;
    keep(
        groups,
        model.groups(),
        GraphGroup::name,
        () -> new GroupFigure(texts),
        GroupFigure::dispose);
    model.groups().forEach(x -> groups.get(x.name()).show(x, p.groups().get(x.name())));
    keep(nodes, model.nodes(), GraphNode::id, () -> new NodeFigure(texts), NodeFigure::dispose);
    model.nodes().forEach(x -> nodes.get(x.id()).show(x, p.nodes().get(x.id())));
    List<GraphEdge> under = model.edges().stream().filter(GraphEdge::bundle).toList();
    List<GraphEdge> over = model.edges().stream().filter(e -> !e.bundle()).toList();
    edges(bundles, under, p);
    edges(edges, over, p);
    List<GraphEdge> labelled =
        model.edges().stream().filter(e -> p.labels().containsKey(e.id())).toList();
    keep(labels, labelled, GraphEdge::id, () -> new LabelFigure(texts), LabelFigure::dispose);
    for (GraphEdge e : labelled) {
      Placement.Label label = p.labels().get(e.id());
      Box box = label.box();
      boolean onPanel =
          p.groups().values().stream().anyMatch(b -> b.holds(box.centreX(), box.centreY()));
      labels.get(e.id()).show(e, label, onPanel);
    }
    mark();
  }

  private void edges(Map<String, EdgeFigure> figures, List<GraphEdge> wanted, Placement p) {
    keep(figures, wanted, GraphEdge::id, () -> new EdgeFigure(texts.device()), EdgeFigure::dispose);
    wanted.forEach(e -> figures.get(e.id()).show(e, p.routes().get(e.id())));
  }

  /** Figures of ids that are gone are disposed, new ones made; the order is the model's. */
  private static <T, F> void keep(
      Map<String, F> figures,
      List<T> wanted,
      java.util.function.Function<T, String> id,
      Supplier<F> make,
      Consumer<F> dispose) {
    Set<String> ids = wanted.stream().map(id).collect(Collectors.toSet());
    figures
        .entrySet()
        .removeIf(
            e -> {
              boolean gone = !ids.contains(e.getKey());
              if (gone) {
                dispose.accept(e.getValue());
              }
              return gone;
            });
    ids.forEach(i -> figures.computeIfAbsent(i, k -> make.get()));
  }

  /** What is selected or under the pointer says its numbers even where no label found room. */
  public void mark() {
    marks.values().forEach(LabelFigure::dispose);
    marks.clear();
    for (Map<String, EdgeFigure> layer : List.of(bundles, edges)) {
      layer.forEach(
          (id, f) -> {
            if (seen.marked(id)
                && (!labels.containsKey(id) || placement.labels().get(id).brief())) {
              LabelFigure label = new LabelFigure(texts);
              label.showNear(f.edge(), placement, f.route());
              marks.put(id, label);
            }
          });
    }
  }

  /** Id of what is at a point of the world: boxes before labels before lines before titles. */
  public Optional<String> at(double x, double y, double zoom) {
    return node(x, y)
        .or(() -> label(x, y))
        .or(() -> line(edges, x, y, zoom))
        .or(() -> title(x, y))
        .or(() -> line(bundles, x, y, zoom));
  }

  private Optional<String> node(double x, double y) {
    return nodes.values().stream()
        .filter(n -> n.box().holds(x, y))
        .map(n -> n.node().id())
        .findFirst();
  }

  private Optional<String> label(double x, double y) {
    return labels.values().stream()
        .filter(l -> l.bounds().holds(x, y) && !seen.far())
        .map(l -> l.edge().id())
        .findFirst();
  }

  private static Optional<String> line(
      Map<String, EdgeFigure> layer, double x, double y, double zoom) {
    double reach = Math.max(REACH, REACH / zoom);
    String best = "";
    double least = reach;
    for (EdgeFigure e : layer.values()) {
      double distance = e.distance(x, y);
      if (distance < least) {
        least = distance;
        best = e.edge().id();
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  private Optional<String> title(double x, double y) {
    return groups.values().stream()
        .filter(g -> g.onTitle(x, y))
        .map(g -> g.group().id())
        .findFirst();
  }

  /** Name of the namespace whose fold mark is at a point. */
  public Optional<String> foldMark(double x, double y) {
    return groups.values().stream()
        .filter(g -> g.onMark(x, y))
        .map(g -> g.group().name())
        .findFirst();
  }

  /** Ids of boxes that lie whole in a part of the world. */
  public Set<String> inside(Box part) {
    return nodes.values().stream()
        .filter(n -> part.holds(n.box()))
        .map(n -> n.node().id())
        .collect(Collectors.toSet());
  }

  /** Frees all paths and texts. */
  public void dispose() {
    show(GraphModel.EMPTY, Placement.EMPTY);
  }
}
