package io.sekisho.console.graph.layout;

import java.util.List;

/** How hard a picture is to read: crossings and length of its routes. */
final class Quality {
  private static final double CROSSING = 60;

  private Quality() {}

  /** Pixels of all routes, a crossing counted as so many pixels more. */
  static double cost(Placement p) {
    List<Route> routes = List.copyOf(p.routes().values());
    double length = routes.stream().mapToDouble(Route::length).sum();
    return length + CROSSING * crossings(routes);
  }

  /** Pairs of stretches of different routes that cross at a right angle. */
  static int crossings(List<Route> routes) {
    int count = 0;
    for (int a = 0; a < routes.size(); a++) {
      for (int b = a + 1; b < routes.size(); b++) {
        if (routes.get(a).bounds().meets(routes.get(b).bounds())) {
          count += crossings(routes.get(a), routes.get(b));
        }
      }
    }
    return count;
  }

  private static int crossings(Route a, Route b) {
    int count = 0;
    for (int i = 1; i < a.size(); i++) {
      for (int j = 1; j < b.size(); j++) {
        if (level(a, i) != level(b, j) && a.segment(i).meets(b.segment(j))) {
          count++;
        }
      }
    }
    return count;
  }

  private static boolean level(Route r, int end) {
    return Math.abs(r.x(end) - r.x(end - 1)) >= Math.abs(r.y(end) - r.y(end - 1));
  }
}
