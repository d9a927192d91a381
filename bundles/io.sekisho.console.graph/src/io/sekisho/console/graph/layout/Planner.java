package io.sekisho.console.graph.layout;

import io.sekisho.console.graph.layout.Placement.Label;
import io.sekisho.console.graph.model.Folder;
import io.sekisho.console.graph.model.Folding;
import io.sekisho.console.graph.model.GraphChange;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.GraphNode;
import io.sekisho.flow.Party;
import io.sekisho.flow.ServiceGraph;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Makes scenes: folds, lays out, routes and labels. Live data keeps the picture; a few boxes more
 * or less keep the others where they are; all else is laid out anew. Runs on a worker and holds no
 * state.
 */
public final class Planner {
  private static final double MANY_NEW = 0.15;
  private static final int FEW_NEW = 2;
  private static final double POOR = 1.6;

  /** After so many new nodes the picture is compared with a fresh one. */
  private static final int COMPARE_EVERY = 4;

  private final TextMeasure measure;
  private final Consumer<RuntimeException> onFailure;

  /**
   * Ready to plan.
   *
   * @param onFailure hears why a layout failed before a plainer one takes its place; any thread
   */
  public Planner(TextMeasure measure, Consumer<RuntimeException> onFailure) {
    this.measure = measure;
    this.onFailure = onFailure;
  }

  /**
   * What to plan.
   *
   * @param window pixels that the picture should fit in
   * @param before the scene on screen, if any
   * @param anew whether all is to be laid out again
   */
  public record Request(
      ServiceGraph graph,
      Folding folding,
      Size window,
      Pins pins,
      Optional<Scene> before,
      boolean anew) {}

  /**
   * Plans a scene.
   *
   * @throws CancellationException if it is no longer wanted
   */
  public Scene plan(Request request, BooleanSupplier cancelled) {
    Optional<Scene> kept =
        request.anew
            ? Optional.empty()
            : request
                .before
                .filter(s -> s.folding().equals(request.folding) && !s.model().nodes().isEmpty())
                .flatMap(s -> update(request, s, cancelled));
    return kept.orElseGet(() -> fresh(request, cancelled));
  }

  private Optional<Scene> update(Request request, Scene before, BooleanSupplier cancelled) {
    Set<String> shown =
        before.model().nodes().stream().map(GraphNode::id).collect(Collectors.toSet());
    GraphModel model = Folder.fold(request.graph, request.folding, before.budget(), shown);
    Sizes sizes = Sizes.of(model, measure);
    GraphChange change = GraphChange.between(before.model(), model);
    if (change.isEmpty()) {
      return Optional.of(scene(request, model, sizes, before.placement(), before, before.grown()));
    }
    int most = Math.max(FEW_NEW, (int) (before.model().nodes().size() * MANY_NEW));
    if (change.addedNodes().size() > most || !sameGroups(before.model(), model)) {
      return Optional.empty();
    }
    Arrangement arrangement = new Arrangement(model, sizes, before.placement());
    for (String id : change.addedNodes()) {
      if (!arrangement.insert(id)) {
        return Optional.empty();
      }
    }
    arrangement.route(change.addedEdges());
    Placement kept = arrangement.placement();
    int grown = before.grown() + change.addedNodes().size();
    if (grown / COMPARE_EVERY > before.grown() / COMPARE_EVERY) {
      Scene anew = fresh(request, cancelled);
      if (poor(kept, anew.placement(), request.window)) {
        return Optional.of(anew);
      }
    }
    return Optional.of(scene(request, model, sizes, kept, before, grown));
  }

  /** Whether a fresh picture is much shorter, less crossed, or can be read from farther away. */
  private static boolean poor(Placement kept, Placement anew, Size window) {
    double zoom = FreshLayout.zoom(kept.extent(), window);
    return Quality.cost(kept) > POOR * Quality.cost(anew)
        || zoom < FreshLayout.READABLE && zoom < FreshLayout.zoom(anew.extent(), window);
  }

  /** Whether no container is new; one that is gone leaves a gap. */
  private static boolean sameGroups(GraphModel before, GraphModel after) {
    return before.groups().stream()
        .map(g -> g.name())
        .collect(Collectors.toSet())
        .containsAll(after.groups().stream().map(g -> g.name()).toList());
  }

  private Scene scene(
      Request request, GraphModel model, Sizes sizes, Placement p, Scene before, int grown) {
    Map<String, Label> labels = LabelPlacement.place(model, p, sizes, before.placement().labels());
    return new Scene(
        request.graph,
        request.folding,
        model,
        sizes,
        p.with(labels),
        before.budget(),
        false,
        grown);
  }

  private Scene fresh(Request request, BooleanSupplier cancelled) {
    FreshLayout.Result result =
        new FreshLayout(request.graph, request.folding, request.window, measure, onFailure)
            .run(cancelled);
    Placement p = pinned(result.model(), result.sizes(), result.placement(), request.pins);
    Map<String, Label> labels = LabelPlacement.place(result.model(), p, result.sizes(), Map.of());
    return new Scene(
        request.graph,
        request.folding,
        result.model(),
        result.sizes(),
        p.with(labels),
        result.budget(),
        true,
        0);
  }

  /** Pinned nodes go where the operator wants them; who stood there finds a place nearby. */
  private static Placement pinned(GraphModel model, Sizes sizes, Placement p, Pins pins) {
    Map<String, Box> wanted = new HashMap<>();
    for (GraphNode n : model.nodes()) {
      Box corner = n.group().isEmpty() ? Box.NOWHERE : p.groups().get(n.group());
      pins.of(n.id())
          .ifPresent(
              place ->
                  wanted.put(
                      n.id(),
                      p.nodes().get(n.id()).at(corner.x() + place.x(), corner.y() + place.y())));
    }
    if (wanted.isEmpty()) {
      return p;
    }
    Set<String> pushed =
        p.nodes().entrySet().stream()
            .filter(e -> !wanted.containsKey(e.getKey()))
            .filter(e -> wanted.values().stream().anyMatch(b -> b.grown(8).meets(e.getValue())))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    Set<String> moved = new HashSet<>(wanted.keySet());
    moved.addAll(pushed);
    Arrangement arrangement = new Arrangement(model, sizes, p);
    Set<String> edges = arrangement.edgesOf(moved);
    arrangement.forget(pushed, edges);
    wanted.forEach((id, box) -> arrangement.move(id, box.x(), box.y()));
    pushed.forEach(
        id -> {
          if (!arrangement.insert(id)) {
            arrangement.putBack(id, p.nodes().get(id));
          }
        });
    arrangement.route(edges);
    return arrangement.placement();
  }

  /** The scene with one node elsewhere; while it is dragged its edges are drawn roughly. */
  public static Scene moved(Scene scene, String id, int x, int y, boolean dragging) {
    Arrangement arrangement = new Arrangement(scene.model(), scene.sizes(), scene.placement());
    arrangement.move(id, x, y);
    Set<String> edges = arrangement.edgesOf(Set.of(id));
    Map<String, Label> labels = new HashMap<>(scene.placement().labels());
    if (dragging) {
      arrangement.routeRoughly(edges);
      labels.keySet().removeAll(edges);
      return scene.at(arrangement.placement().with(labels));
    }
    arrangement.settle(id);
    edges.addAll(arrangement.routesUnder(id));
    arrangement.route(edges);
    Placement p = arrangement.placement();
    return scene.at(p.with(LabelPlacement.place(scene.model(), p, scene.sizes(), labels)));
  }

  /** Loads the layout's classes by a small picture, so that the first real one is quick. */
  public void warm() {
    Party a = new Party(Party.Kind.WORKLOAD, "a", "a", "", "", 0);
    Party b = new Party(Party.Kind.WORKLOAD, "b", "b", "", "", 0);
    ServiceGraph.Edge edge =
        new ServiceGraph.Edge(a.key(), b.key(), List.of(), 1, 0, 0, 0, 0, false, "");
    ServiceGraph graph =
        new ServiceGraph(
            List.of(new ServiceGraph.Node(a, 1, 1, 0), new ServiceGraph.Node(b, 1, 1, 0)),
            List.of(edge),
            1);
    Size window = new Size(800, 600);
    plan(new Request(graph, Folding.START, window, Pins.NONE, Optional.empty(), true), () -> false);
  }
}
