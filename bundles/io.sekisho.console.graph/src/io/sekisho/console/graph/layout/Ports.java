package io.sekisho.console.graph.layout;

import io.sekisho.console.graph.layout.Port.Side;
import io.sekisho.console.graph.model.GraphEdge;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Shares out the sides of boxes among the edges that end there. */
final class Ports {
  private static final int APART = 16;
  private static final int TIGHT = 7;
  private static final int CORNER = 8;

  private Ports() {}

  /** Both ends of an edge. */
  record Pair(Port from, Port to) {}

  /**
   * Ports for edges that are all new: on the sides that face the other end, in the order in which
   * the others stand, so that routes do not cross at the border.
   */
  static Map<String, Pair> share(Collection<GraphEdge> edges, Function<String, Box> boxes) {
    Map<String, List<End>> sides = new HashMap<>();
    for (GraphEdge e : edges) {
      Box from = boxes.apply(e.from());
      Box to = boxes.apply(e.to());
      Side leaving = Side.towards(from, to);
      Side arriving = Side.towards(to, from);
      end(sides, new End(e.id(), true, from, leaving, to));
      end(sides, new End(e.id(), false, to, arriving, from));
    }
    Map<String, Port> starts = new HashMap<>();
    Map<String, Port> ends = new HashMap<>();
    for (List<End> side : sides.values()) {
      side.sort(Comparator.comparingDouble(End::order).thenComparing(End::edge));
      int room = side.getFirst().side.length(side.getFirst().box) - 2 * CORNER;
      double gap = side.size() < 2 ? 0 : Math.min(APART, room / (side.size() - 1.0));
      for (int i = 0; i < side.size(); i++) {
        End end = side.get(i);
        double along = (i - (side.size() - 1) / 2.0) * gap;
        (end.start ? starts : ends).put(end.edge, end.side.of(end.box, along));
      }
    }
    Map<String, Pair> pairs = new HashMap<>();
    starts.forEach((id, port) -> pairs.put(id, new Pair(port, ends.get(id))));
    return pairs;
  }

  private static void end(Map<String, List<End>> sides, End end) {
    sides.computeIfAbsent(end.box + end.side.name(), k -> new ArrayList<>()).add(end);
  }

  private record End(String edge, boolean start, Box box, Side side, Box other) {
    double order() {
      return side.level() ? other.centreY() : other.centreX();
    }
  }

  /**
   * A port on a side of a box where others end already: as near to the wanted place as the others
   * allow.
   *
   * @param wanted coordinate along the side, in the picture
   */
  static Port free(Box box, Side side, double wanted, Collection<Route> others) {
    double start = side.level() ? box.y() : box.x();
    int length = side.length(box);
    List<Double> taken = taken(box, side, others);
    double best = start + length / 2.0;
    double bestCost = Double.MAX_VALUE;
    for (double at = start + CORNER; at <= start + length - CORNER; at += 2) {
      double cost = Math.abs(at - wanted);
      for (double t : taken) {
        double gap = Math.abs(t - at);
        cost += gap < TIGHT ? 1000 - 100 * gap : 0;
      }
      if (cost < bestCost) {
        bestCost = cost;
        best = at;
      }
    }
    return side.of(box, best - start - length / 2.0);
  }

  private static List<Double> taken(Box box, Side side, Collection<Route> others) {
    List<Double> taken = new ArrayList<>();
    for (Route r : others) {
      for (int i : new int[] {0, r.size() - 1}) {
        Port middle = side.of(box, 0);
        boolean here =
            side.level()
                ? Math.abs(r.x(i) - middle.x()) < 2 && box.grown(2).holds(r.x(i), r.y(i))
                : Math.abs(r.y(i) - middle.y()) < 2 && box.grown(2).holds(r.x(i), r.y(i));
        if (here) {
          taken.add((double) (side.level() ? r.y(i) : r.x(i)));
        }
      }
    }
    return taken;
  }
}
