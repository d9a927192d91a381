package io.sekisho.console.graph.layout;

import java.util.Arrays;
import java.util.List;

/**
 * The way of an edge: a polyline from the opener's border to the server's, in pixels at 100 %. The
 * array holds x0 y0 x1 y1 … and is never changed; equality is identity.
 */
public final class Route {
  private static final int SAMPLES = 24;
  private final float[] points;
  private final double length;

  /** Takes over the array, which has at least two points. */
  public Route(float... points) {
    if (points.length < 4 || points.length % 2 != 0) {
      throw new IllegalArgumentException("a route has two points or more: " + points.length / 2);
    }
    this.points = points;
    double sum = 0;
    for (int i = 2; i < points.length; i += 2) {
      sum += Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]);
    }
    length = sum;
  }

  /** A route through points of x and y. */
  public static Route through(List<double[]> points) {
    float[] result = new float[points.size() * 2];
    for (int i = 0; i < points.size(); i++) {
      result[2 * i] = (float) points.get(i)[0];
      result[2 * i + 1] = (float) points.get(i)[1];
    }
    return new Route(result);
  }

  /** A point of a route, with the unit direction there. */
  public record At(float x, float y, float dx, float dy) {}

  /** How many points. */
  public int size() {
    return points.length / 2;
  }

  public float x(int point) {
    return points[2 * point];
  }

  public float y(int point) {
    return points[2 * point + 1];
  }

  /** Pixels from end to end. */
  public double length() {
    return length;
  }

  /** The point at a distance from the start, at most the end. */
  public At at(double distance) {
    double left = Math.max(0, distance);
    int last = points.length - 2;
    for (int i = 2; i <= last; i += 2) {
      double dx = points[i] - points[i - 2];
      double dy = points[i + 1] - points[i - 1];
      double segment = Math.hypot(dx, dy);
      if (segment > 0 && left <= segment || i == last) {
        double share = segment == 0 ? 0 : Math.min(1, left / segment);
        double unit = segment == 0 ? 1 : segment;
        return new At(
            (float) (points[i - 2] + dx * share),
            (float) (points[i - 1] + dy * share),
            (float) (dx / unit),
            (float) (dy / unit));
      }
      left -= segment;
    }
    throw new AssertionError("unreachable: a route has two points");
  }

  /** The route without its last pixels; at least one pixel is left. */
  public Route shortened(double cut) {
    double keep = Math.max(1, length - cut);
    double sum = 0;
    for (int i = 2; i < points.length; i += 2) {
      sum += Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]);
      if (sum >= keep) {
        At end = at(keep);
        float[] result = Arrays.copyOf(points, i + 2);
        result[i] = end.x();
        result[i + 1] = end.y();
        return new Route(result);
      }
    }
    return this;
  }

  /** A parallel with mitred corners; a positive offset lies to the right of the direction. */
  public Route beside(double by) {
    float[] result = new float[points.length];
    int last = points.length - 2;
    for (int i = 0; i <= last; i += 2) {
      double[] before = normal(Math.max(2, i));
      double[] after = normal(Math.min(last, i + 2));
      double size = Math.max(0.3, 1 + before[0] * after[0] + before[1] * after[1]);
      result[i] = (float) (points[i] + (before[0] + after[0]) / size * by);
      result[i + 1] = (float) (points[i + 1] + (before[1] + after[1]) / size * by);
    }
    return new Route(result);
  }

  private double[] normal(int end) {
    double dx = points[end] - points[end - 2];
    double dy = points[end + 1] - points[end - 1];
    double size = Math.max(1e-6, Math.hypot(dx, dy));
    return new double[] {-dy / size, dx / size};
  }

  /** Pixels from a point to the nearest part of the route. */
  public double distance(double x, double y) {
    double best = Double.MAX_VALUE;
    for (int i = 2; i < points.length; i += 2) {
      double dx = points[i] - points[i - 2];
      double dy = points[i + 1] - points[i - 1];
      double size = dx * dx + dy * dy;
      double along = (x - points[i - 2]) * dx + (y - points[i - 1]) * dy;
      double t = size == 0 ? 0 : Math.clamp(along / size, 0, 1);
      best = Math.min(best, Math.hypot(points[i - 2] + t * dx - x, points[i - 1] + t * dy - y));
    }
    return best;
  }

  /** The smallest box that holds all points. */
  public Box bounds() {
    float left = points[0];
    float right = left;
    float top = points[1];
    float bottom = top;
    for (int i = 2; i < points.length; i += 2) {
      left = Math.min(left, points[i]);
      right = Math.max(right, points[i]);
      top = Math.min(top, points[i + 1]);
      bottom = Math.max(bottom, points[i + 1]);
    }
    return new Box(
        (int) Math.floor(left),
        (int) Math.floor(top),
        (int) Math.ceil(right - left) + 1,
        (int) Math.ceil(bottom - top) + 1);
  }

  /** Whether any part of it lies inside the box. */
  public boolean meets(Box box) {
    for (int i = 1; i < size(); i++) {
      if (segment(i).meets(box)) {
        return true;
      }
    }
    return false;
  }

  /** The box of the stretch that ends at a point, one pixel thick at least. */
  Box segment(int end) {
    int left = (int) Math.floor(Math.min(x(end), x(end - 1)));
    int top = (int) Math.floor(Math.min(y(end), y(end - 1)));
    return new Box(
        left,
        top,
        (int) Math.abs(x(end) - x(end - 1)) + 1,
        (int) Math.abs(y(end) - y(end - 1)) + 1);
  }

  /** The same elsewhere. */
  public Route moved(double dx, double dy) {
    float[] result = points.clone();
    for (int i = 0; i < result.length; i += 2) {
      result[i] += (float) dx;
      result[i + 1] += (float) dy;
    }
    return new Route(result);
  }

  /** The route a share of the way to another one: 0 is this, 1 the other. */
  public Route towards(Route other, double share) {
    float[] result = new float[2 * SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      At a = at(length * i / (SAMPLES - 1));
      At b = other.at(other.length * i / (SAMPLES - 1));
      result[2 * i] = (float) (a.x() + (b.x() - a.x()) * share);
      result[2 * i + 1] = (float) (a.y() + (b.y() - a.y()) * share);
    }
    return new Route(result);
  }
}
