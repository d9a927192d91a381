package io.sekisho.console.graph.layout;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * The lines on which routes may run: beside the borders of boxes and through the ports. A step goes
 * from one crossing to the next; it is closed by boxes and dearer on or across other routes.
 */
final class RouteGrid {
  /** Routes keep so far from boxes. */
  static final int CLEARANCE = 5;

  private static final int[] LANES = {10, 20};
  private static final double ON_OTHER_PER_PIXEL = 4;
  private static final double ACROSS_OTHER = 16;
  private static final int SAME_LINE = 6;

  final double[] xs;
  final double[] ys;

  /** Cost of the step right of [y][x], infinite where a box is in the way. */
  final double[][] level;

  /** Cost of the step below [y][x], infinite where a box is in the way. */
  final double[][] upright;

  RouteGrid(List<Box> boxes, Collection<Route> others, Box region, double[]... points) {
    TreeSet<Double> xLines = new TreeSet<>();
    TreeSet<Double> yLines = new TreeSet<>();
    for (Box b : boxes) {
      if (b.meets(region)) {
        for (int lane : LANES) {
          xLines.add((double) b.x() - lane);
          xLines.add((double) b.right() + lane);
          yLines.add((double) b.y() - lane);
          yLines.add((double) b.bottom() + lane);
        }
      }
    }
    xLines.removeIf(x -> x < region.x() || x > region.right());
    yLines.removeIf(y -> y < region.y() || y > region.bottom());
    for (double[] p : points) {
      xLines.add(p[0]);
      yLines.add(p[1]);
    }
    xs = xLines.stream().mapToDouble(d -> d).toArray();
    ys = yLines.stream().mapToDouble(d -> d).toArray();
    level = new double[ys.length][Math.max(0, xs.length - 1)];
    upright = new double[Math.max(0, ys.length - 1)][xs.length];
    lengths();
    for (Route r : others) {
      if (r.bounds().meets(region)) {
        for (int i = 1; i < r.size(); i++) {
          avoid(r.x(i - 1), r.y(i - 1), r.x(i), r.y(i));
        }
      }
    }
    boxes.forEach(this::close);
  }

  private void lengths() {
    for (double[] row : level) {
      for (int i = 0; i < row.length; i++) {
        row[i] = xs[i + 1] - xs[i];
      }
    }
    for (int j = 0; j < upright.length; j++) {
      Arrays.fill(upright[j], ys[j + 1] - ys[j]);
    }
  }

  int column(double x) {
    return Arrays.binarySearch(xs, x);
  }

  int row(double y) {
    return Arrays.binarySearch(ys, y);
  }

  private void close(Box box) {
    double left = box.x() - CLEARANCE;
    double right = box.right() + CLEARANCE;
    double top = box.y() - CLEARANCE;
    double bottom = box.bottom() + CLEARANCE;
    for (int j = above(ys, top); j < ys.length && ys[j] < bottom; j++) {
      for (int i = Math.max(0, above(xs, left) - 1); i < xs.length - 1 && xs[i] < right; i++) {
        level[j][i] = Double.POSITIVE_INFINITY;
      }
    }
    for (int i = above(xs, left); i < xs.length && xs[i] < right; i++) {
      for (int j = Math.max(0, above(ys, top) - 1); j < ys.length - 1 && ys[j] < bottom; j++) {
        upright[j][i] = Double.POSITIVE_INFINITY;
      }
    }
  }

  private void avoid(double x0, double y0, double x1, double y1) {
    double left = Math.min(x0, x1);
    double right = Math.max(x0, x1);
    double top = Math.min(y0, y1);
    double bottom = Math.max(y0, y1);
    if (right - left >= bottom - top) {
      for (int j = above(ys, top - SAME_LINE); j < ys.length && ys[j] < top + SAME_LINE; j++) {
        for (int i = Math.max(0, above(xs, left) - 1); i < xs.length - 1 && xs[i] < right; i++) {
          level[j][i] += shared(xs[i], xs[i + 1], left, right) * ON_OTHER_PER_PIXEL;
        }
      }
      int j = above(ys, top) - 1;
      for (int i = above(xs, left);
          j >= 0 && j < upright.length && i < xs.length && xs[i] < right;
          i++) {
        upright[j][i] += ACROSS_OTHER;
      }
    } else {
      for (int i = above(xs, left - SAME_LINE); i < xs.length && xs[i] < left + SAME_LINE; i++) {
        for (int j = Math.max(0, above(ys, top) - 1); j < ys.length - 1 && ys[j] < bottom; j++) {
          upright[j][i] += shared(ys[j], ys[j + 1], top, bottom) * ON_OTHER_PER_PIXEL;
        }
      }
      int i = above(xs, left) - 1;
      for (int j = above(ys, top);
          i >= 0 && i < xs.length - 1 && j < ys.length && ys[j] < bottom;
          j++) {
        level[j][i] += ACROSS_OTHER;
      }
    }
  }

  private static double shared(double a0, double a1, double b0, double b1) {
    return Math.max(0, Math.min(a1, b1) - Math.max(a0, b0));
  }

  /** Index of the first line beyond a place. */
  private static int above(double[] lines, double place) {
    int at = Arrays.binarySearch(lines, place);
    return at >= 0 ? at + 1 : -at - 1;
  }
}
