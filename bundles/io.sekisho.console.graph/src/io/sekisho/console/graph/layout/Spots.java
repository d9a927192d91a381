package io.sekisho.console.graph.layout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Places round a wanted one, nearest first. */
final class Spots {
  private static final int STEP = 12;
  private static final int REACH = 420;

  private Spots() {}

  /** Triples of x, y and the distance in pixels. */
  static List<double[]> near(double x, double y) {
    List<double[]> spots = new ArrayList<>();
    for (int dx = -REACH; dx <= REACH; dx += STEP) {
      for (int dy = -REACH; dy <= REACH; dy += STEP) {
        spots.add(new double[] {x + dx, y + dy, Math.hypot(dx, dy)});
      }
    }
    spots.sort(Comparator.comparingDouble(s -> s[2]));
    return spots;
  }
}
