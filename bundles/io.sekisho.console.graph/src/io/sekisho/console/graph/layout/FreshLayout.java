package io.sekisho.console.graph.layout;

import io.sekisho.console.graph.model.Budget;
import io.sekisho.console.graph.model.Folder;
import io.sekisho.console.graph.model.Folding;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.Grouping;
import io.sekisho.flow.ServiceGraph;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A layout from nothing. A small graph is laid out in one piece. If that would be too small to read
 * in the window, namespaces become tiles, and nodes fold until the picture fits at {@link
 * #READABLE}.
 */
final class FreshLayout {
  /** Least zoom at which all texts of a picture are drawn and can be read. */
  static final double READABLE = 0.56;

  /** Free pixels between the picture and the window's border. */
  static final int MARGIN = 24;

  private static final double ROOMY = 0.66;
  private static final int ONE_PIECE = 60;
  private static final int AREA_PER_NODE = 50_000;
  private static final int TRIES = 5;

  private final ServiceGraph graph;
  private final Folding folding;
  private final Size window;
  private final TextMeasure measure;
  private final Consumer<RuntimeException> onFailure;

  FreshLayout(
      ServiceGraph graph,
      Folding folding,
      Size window,
      TextMeasure measure,
      Consumer<RuntimeException> onFailure) {
    this.graph = graph;
    this.folding = folding;
    this.window = window;
    this.measure = measure;
    this.onFailure = onFailure;
  }

  /** What came out, and with which budget. */
  record Result(GraphModel model, Sizes sizes, Placement placement, Budget budget) {}

  Result run(BooleanSupplier cancelled) {
    GraphModel all = Folder.fold(graph, folding, Budget.MOST, Set.of());
    boolean tiles = folding.grouping() == Grouping.NAMESPACE && all.groups().size() > 1;
    if (all.nodes().size() <= ONE_PIECE) {
      Result whole = layOut(all, Budget.MOST, cancelled);
      if (zoom(whole) >= READABLE) {
        return whole;
      }
    }
    return search(tiles, cancelled);
  }

  /** The most nodes that can be read. */
  private Result search(boolean tiles, BooleanSupplier cancelled) {
    double area = window.width() * window.height() / (READABLE * READABLE);
    int total = graph.nodes().size();
    int nodes = Math.clamp((int) (area / AREA_PER_NODE), 4, Math.min(total, Budget.MOST.nodes()));
    Result best = null;
    int low = 0;
    int high = Integer.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      Budget budget = new Budget(nodes, Budget.MOST.edges(), tiles);
      Result r = layOut(Folder.fold(graph, folding, budget, Set.of()), budget, cancelled);
      double zoom = zoom(r);
      boolean fits = zoom >= READABLE;
      if (best == null || (fits ? nodes > low : low == 0)) {
        best = r;
      }
      if (fits) {
        low = Math.max(low, nodes);
        if (r.model.hidden().nodes() == 0 || zoom < ROOMY && i > 0) {
          break;
        }
      } else {
        high = Math.min(high, nodes);
      }
      int next = (int) Math.round(nodes * Math.pow(zoom / (READABLE + 0.03), 2));
      next = Math.clamp(next, low + 1, Math.max(low + 1, Math.min(high - 1, Budget.MOST.nodes())));
      if (next == nodes || next >= high || next < 1) {
        break;
      }
      nodes = next;
    }
    return best;
  }

  private Result layOut(GraphModel model, Budget budget, BooleanSupplier cancelled) {
    Sizes sizes = Sizes.of(model, measure);
    return new Result(model, sizes, place(model, sizes, budget, cancelled), budget);
  }

  /** A graph that ELK cannot digest must not cost the picture. */
  private Placement place(GraphModel model, Sizes sizes, Budget budget, BooleanSupplier cancelled) {
    try {
      return budget.bundled()
          ? TileLayout.run(model, sizes, (double) window.width() / window.height(), cancelled)
          : LayeredLayout.run(model, sizes, cancelled);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      onFailure.accept(e);
      return FallbackLayout.run(model, sizes);
    }
  }

  private double zoom(Result r) {
    return zoom(r.placement.extent(), window);
  }

  /** The zoom at which a picture fits in a window, at most 1. */
  static double zoom(Box extent, Size window) {
    double across = (window.width() - 2.0 * MARGIN) / Math.max(1, extent.width());
    double down = (window.height() - 2.0 * MARGIN) / Math.max(1, extent.height());
    return Math.min(1, Math.max(0.01, Math.min(across, down)));
  }
}
