package io.sekisho.console.graph.layout;

import io.sekisho.console.graph.layout.Placement.Label;
import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Puts labels on finished routes. A label stays where the picture before had it if that still is
 * free; else trouble chooses first, then the busy, on the longest level stretch. What would cover a
 * box, a label or another line is left out, but trouble is always named: upright stretches and
 * crossed lines will do for it, in the short form at worst.
 */
final class LabelPlacement {
  private static final int AIR = 3;
  private static final int CROSS_FROM_END = 12;
  private static final double[] SHARES = {0.5, 0.35, 0.65, 0.25, 0.75, 0.12, 0.88};

  /** With more edges than this only trouble is labelled: the rest says its numbers on hover. */
  private static final int FEW = 60;

  private final Placement placement;
  private final Sizes sizes;
  private final Map<String, Label> before;
  private final List<Box> taken = new ArrayList<>();
  private final Map<String, Label> labels = new HashMap<>();

  private LabelPlacement(Placement placement, Sizes sizes, Map<String, Label> before) {
    this.placement = placement;
    this.sizes = sizes;
    this.before = before;
    taken.addAll(placement.nodes().values());
    placement
        .groups()
        .values()
        .forEach(g -> taken.add(new Box(g.x(), g.y(), g.width() / 2, Sizes.TITLE - AIR)));
  }

  /**
   * Labels for the routes of a placement.
   *
   * @param before labels of the picture before, by id of the edge
   */
  static Map<String, Label> place(
      GraphModel model, Placement placement, Sizes sizes, Map<String, Label> before) {
    LabelPlacement labels = new LabelPlacement(placement, sizes, before);
    boolean few = model.edges().size() <= FEW;
    List<GraphEdge> wanted =
        model.edges().stream()
            .filter(e -> placement.routes().containsKey(e.id()))
            .filter(e -> sizes.labels().containsKey(e.id()))
            .filter(e -> few || e.troubled())
            .sorted(
                Comparator.comparing(GraphEdge::troubled)
                    .thenComparingDouble(GraphEdge::rate)
                    .reversed())
            .toList();
    wanted.stream().filter(GraphEdge::troubled).forEach(labels::keepCrossFree);
    wanted.forEach(labels::place);
    return labels.labels;
  }

  private void keepCrossFree(GraphEdge e) {
    Route route = placement.routes().get(e.id());
    Route.At at = route.at(route.length() - CROSS_FROM_END);
    taken.add(Box.round(at.x(), at.y(), new Size(28, 20)));
  }

  private void place(GraphEdge edge) {
    Route route = placement.routes().get(edge.id());
    Size full = sizes.labels().get(edge.id());
    Optional<Label> label = stay(edge, route);
    if (label.isEmpty()) {
      label = level(edge.id(), full, route).map(b -> new Label(b, false));
    }
    if (label.isEmpty() && edge.troubled()) {
      Size brief = sizes.brief().get(edge.id());
      label =
          anyhow(full, route, b -> free(b, edge.id()))
              .map(b -> new Label(b, false))
              .or(() -> anyhow(brief, route, b -> free(b, edge.id())).map(b -> new Label(b, true)))
              .or(() -> anyhow(full, route, this::untaken).map(b -> new Label(b, false)))
              .or(() -> anyhow(brief, route, this::untaken).map(b -> new Label(b, true)))
              .or(() -> Optional.of(new Label(middle(brief, route), true)));
    }
    label.ifPresent(
        l -> {
          taken.add(l.box().grown(AIR));
          labels.put(edge.id(), l);
        });
  }

  /** Where it was, in its new size. */
  private Optional<Label> stay(GraphEdge edge, Route route) {
    Label old = before.get(edge.id());
    if (old == null || old.brief() && !edge.troubled()) {
      return Optional.empty();
    }
    Size size = (old.brief() ? sizes.brief() : sizes.labels()).get(edge.id());
    Box box = Box.round(old.box().centreX(), old.box().centreY(), size);
    boolean onRoute = route.distance(box.centreX(), box.centreY()) < 2;
    boolean free = edge.troubled() ? untaken(box) : free(box, edge.id());
    return onRoute && free ? Optional.of(new Label(box, old.brief())) : Optional.empty();
  }

  private Optional<Box> level(String id, Size size, Route route) {
    List<Integer> stretches = longestFirst(route);
    for (double share : SHARES) {
      for (int i : stretches) {
        double span = levelSpan(route, i);
        if (span < size.width() + 8) {
          break;
        }
        double x = route.x(i - 1) + (route.x(i) - route.x(i - 1)) * share;
        double ends = Math.min(Math.abs(x - route.x(i - 1)), Math.abs(x - route.x(i)));
        Box box = Box.round(x, route.y(i), size);
        if (ends >= size.width() / 2.0 + 2 && free(box, id)) {
          return Optional.of(box);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Box> anyhow(Size size, Route route, Predicate<Box> good) {
    for (double share : SHARES) {
      for (int i : longestFirst(route)) {
        double x = route.x(i - 1) + (route.x(i) - route.x(i - 1)) * share;
        double y = route.y(i - 1) + (route.y(i) - route.y(i - 1)) * share;
        Box box = Box.round(x, y, size);
        if (good.test(box)) {
          return Optional.of(box);
        }
      }
    }
    return Optional.empty();
  }

  private static Box middle(Size size, Route route) {
    Route.At at = route.at(route.length() / 2);
    return Box.round(at.x(), at.y(), size);
  }

  private static List<Integer> longestFirst(Route route) {
    return IntStream.range(1, route.size())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -levelSpan(route, i)))
        .toList();
  }

  /** Length of a level stretch, 0 for an upright one. */
  private static double levelSpan(Route route, int end) {
    boolean level = Math.abs(route.y(end) - route.y(end - 1)) <= 4;
    return level ? Math.abs(route.x(end) - route.x(end - 1)) : 0;
  }

  private boolean untaken(Box box) {
    return taken.stream().noneMatch(box::meets);
  }

  private boolean free(Box box, String own) {
    Box wide = box.grown(1);
    return untaken(box)
        && placement.routes().entrySet().stream()
            .noneMatch(e -> !e.getKey().equals(own) && e.getValue().meets(wide));
  }
}
