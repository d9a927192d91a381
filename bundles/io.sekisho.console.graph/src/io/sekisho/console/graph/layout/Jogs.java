package io.sekisho.console.graph.layout;

import java.util.List;

/**
 * Takes small steps out of level lines: a layered layout puts ports a pixel or two apart, and a
 * line that all but runs straight looks like a mistake.
 */
final class Jogs {
  private static final double SMALL = 4;

  private Jogs() {}

  /** Changes the points, of x and y, in place; ends move along their side by the step at most. */
  static void straighten(List<double[]> points) {
    for (int i = 1; i + 2 < points.size(); i++) {
      double[] a = points.get(i);
      double[] b = points.get(i + 1);
      double step = b[1] - a[1];
      boolean upright = a[0] == b[0] && step != 0 && Math.abs(step) <= SMALL;
      if (upright && points.get(i - 1)[1] == a[1] && points.get(i + 2)[1] == b[1]) {
        if (i + 2 == points.size() - 1) {
          points.get(i + 2)[1] = a[1];
          points.remove(i + 1);
          points.remove(i);
          return;
        }
        if (i == 1) {
          points.get(0)[1] = b[1];
          points.remove(2);
          points.remove(1);
          i = 0;
        }
      }
    }
  }
}
