package io.sekisho.console.graph.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Finds one orthogonal way after the other round boxes, with few bends and crossings, beside other
 * routes rather than on them: A* over {@link RouteGrid}.
 */
final class Router {
  /** Routes run so far straight out of a box before they bend. */
  static final int STUB = 10;

  private static final double BEND = 30;
  private static final int NEAR = 160;
  private static final int FAR = 100_000;
  private static final int[] DX = {1, 0, -1, 0};
  private static final int[] DY = {0, 1, 0, -1};

  private final List<Box> boxes;
  private final List<Route> routes;

  Router(Collection<Box> boxes, Collection<Route> routes) {
    this.boxes = List.copyOf(boxes);
    this.routes = new ArrayList<>(routes);
  }

  /**
   * A way between two ports that the next ones will avoid; a plain bend if boxes close all ways.
   */
  Route add(Port from, Port to) {
    Route route =
        find(from, to, NEAR).or(() -> find(from, to, FAR)).orElseGet(() -> bend(from, to));
    routes.add(route);
    return route;
  }

  /** A way without regard to boxes, for while a box is dragged. */
  static Route bend(Port from, Port to) {
    double[] a = from.out(STUB);
    double[] b = to.out(STUB);
    List<double[]> points = new ArrayList<>();
    points.add(new double[] {from.x(), from.y()});
    if (from.side().level() == to.side().level()) {
      double mx = (a[0] + b[0]) / 2;
      double my = (a[1] + b[1]) / 2;
      boolean level = from.side().level();
      points.add(level ? new double[] {mx, from.y()} : new double[] {from.x(), my});
      points.add(level ? new double[] {mx, to.y()} : new double[] {to.x(), my});
    } else {
      points.add(
          from.side().level() ? new double[] {to.x(), from.y()} : new double[] {from.x(), to.y()});
    }
    points.add(new double[] {to.x(), to.y()});
    return Route.through(points);
  }

  private Optional<Route> find(Port from, Port to, int margin) {
    double[] a = from.out(STUB);
    double[] b = to.out(STUB);
    Box region =
        new Box(
                (int) Math.min(a[0], b[0]),
                (int) Math.min(a[1], b[1]),
                (int) Math.abs(a[0] - b[0]) + 1,
                (int) Math.abs(a[1] - b[1]) + 1)
            .grown(margin);
    RouteGrid grid = new RouteGrid(boxes, routes, region, a, b);
    int start = grid.row(a[1]) * grid.xs.length + grid.column(a[0]);
    int goal = grid.row(b[1]) * grid.xs.length + grid.column(b[0]);
    int[] way =
        new Search(grid, goal).run(start, heading(from.side()), heading(to.side().opposite()));
    return way.length == 0 ? Optional.empty() : Optional.of(route(from, grid, way, to));
  }

  private static int heading(Port.Side side) {
    return switch (side) {
      case RIGHT -> 0;
      case BOTTOM -> 1;
      case LEFT -> 2;
      case TOP -> 3;
    };
  }

  /** Only the points at which the way turns. */
  private static Route route(Port from, RouteGrid grid, int[] way, Port to) {
    List<double[]> all = new ArrayList<>();
    all.add(new double[] {from.x(), from.y()});
    for (int v : way) {
      all.add(new double[] {grid.xs[v % grid.xs.length], grid.ys[v / grid.xs.length]});
    }
    all.add(new double[] {to.x(), to.y()});
    List<double[]> turns = new ArrayList<>();
    turns.add(all.getFirst());
    for (int i = 1; i < all.size() - 1; i++) {
      double[] before = turns.getLast();
      double[] here = all.get(i);
      double[] after = all.get(i + 1);
      boolean straight =
          before[0] == here[0] && here[0] == after[0]
              || before[1] == here[1] && here[1] == after[1];
      if (!straight) {
        turns.add(here);
      }
    }
    turns.add(all.getLast());
    return Route.through(turns);
  }

  /** One search; a state is a crossing and the heading in which it was reached. */
  private static final class Search {
    private final RouteGrid grid;
    private final int width;
    private final int goal;
    private final double[] cost;
    private final int[] before;
    private final PriorityQueue<Step> open = new PriorityQueue<>();

    Search(RouteGrid grid, int goal) {
      this.grid = grid;
      this.goal = goal;
      width = grid.xs.length;
      cost = new double[width * grid.ys.length * 4];
      before = new int[cost.length];
      Arrays.fill(cost, Double.POSITIVE_INFINITY);
      Arrays.fill(before, -1);
    }

    private record Step(int state, double total) implements Comparable<Step> {
      @Override
      public int compareTo(Step other) {
        return Double.compare(total, other.total);
      }
    }

    /** Crossings from start to goal; none if there is no way. */
    int[] run(int start, int leaving, int arriving) {
      int first = start * 4 + leaving;
      cost[first] = 0;
      open.add(new Step(first, rest(start)));
      while (!open.isEmpty()) {
        Step step = open.poll();
        int vertex = step.state / 4;
        if (step.total > cost[step.state] + rest(vertex) + 1e-6) {
          continue;
        }
        if (vertex == goal) {
          // the goal in another heading than that of the port costs one bend more
          if (step.state % 4 == arriving) {
            return way(step.state);
          }
          better(
              step.state, goal * 4 + arriving, cost[step.state] + turn(step.state % 4, arriving));
        } else {
          expand(step.state);
        }
      }
      return new int[0];
    }

    private static double turn(int heading, int next) {
      return heading == next ? 0 : Math.floorMod(heading - next, 4) == 2 ? 4 * BEND : BEND;
    }

    private void expand(int state) {
      int vertex = state / 4;
      int x = vertex % width;
      int y = vertex / width;
      for (int heading = 0; heading < 4; heading++) {
        if (Math.floorMod(heading - state % 4, 4) == 2) {
          continue;
        }
        int nx = x + DX[heading];
        int ny = y + DY[heading];
        if (nx < 0 || ny < 0 || nx >= width || ny >= grid.ys.length) {
          continue;
        }
        double step =
            DX[heading] != 0 ? grid.level[y][Math.min(x, nx)] : grid.upright[Math.min(y, ny)][x];
        better(
            state, (ny * width + nx) * 4 + heading, cost[state] + step + turn(state % 4, heading));
      }
    }

    private void better(int from, int to, double total) {
      if (total < cost[to]) {
        cost[to] = total;
        before[to] = from;
        open.add(new Step(to, total + rest(to / 4)));
      }
    }

    private double rest(int vertex) {
      return Math.abs(grid.xs[vertex % width] - grid.xs[goal % width])
          + Math.abs(grid.ys[vertex / width] - grid.ys[goal / width]);
    }

    private int[] way(int last) {
      List<Integer> back = new ArrayList<>();
      for (int s = last; s >= 0; s = before[s]) {
        back.add(s / 4);
      }
      int[] way = new int[back.size()];
      for (int i = 0; i < way.length; i++) {
        way[i] = back.get(way.length - 1 - i);
      }
      return way;
    }
  }
}
