package io.sekisho.console.graph.layout;

import java.util.Collection;

/** A rectangle of the picture, in pixels at 100 %; right and bottom are not part of it. */
public record Box(int x, int y, int width, int height) {
  /** Nothing yet. */
  public static final Box NOWHERE = new Box(0, 0, 0, 0);

  /** A box of a size round a point. */
  public static Box round(double x, double y, Size size) {
    return new Box(
        (int) Math.round(x - size.width() / 2.0),
        (int) Math.round(y - size.height() / 2.0),
        size.width(),
        size.height());
  }

  /** The smallest box that holds all of them; {@link #NOWHERE} for none. */
  public static Box around(Collection<Box> boxes) {
    return boxes.stream().reduce(Box::union).orElse(NOWHERE);
  }

  public int right() {
    return x + width;
  }

  public int bottom() {
    return y + height;
  }

  public double centreX() {
    return x + width / 2.0;
  }

  public double centreY() {
    return y + height / 2.0;
  }

  /** Whether they share an area. */
  public boolean meets(Box other) {
    return other.x < right() && x < other.right() && other.y < bottom() && y < other.bottom();
  }

  /** Whether the point lies inside. */
  public boolean holds(double px, double py) {
    return px >= x && px < right() && py >= y && py < bottom();
  }

  /** Whether all of the other lies inside. */
  public boolean holds(Box other) {
    return other.x >= x && other.y >= y && other.right() <= right() && other.bottom() <= bottom();
  }

  /** The smallest box that holds both. */
  public Box union(Box other) {
    int left = Math.min(x, other.x);
    int top = Math.min(y, other.y);
    return new Box(
        left,
        top,
        Math.max(right(), other.right()) - left,
        Math.max(bottom(), other.bottom()) - top);
  }

  /** Larger by so many pixels on every side. */
  public Box grown(int by) {
    return new Box(x - by, y - by, width + 2 * by, height + 2 * by);
  }

  /** The same elsewhere. */
  public Box moved(int dx, int dy) {
    return new Box(x + dx, y + dy, width, height);
  }

  /** The same size with another top left corner. */
  public Box at(int newX, int newY) {
    return new Box(newX, newY, width, height);
  }

  /** The box a share of the way to another: 0 is this, 1 the other. */
  public Box towards(Box other, double share) {
    return new Box(
        mix(x, other.x, share),
        mix(y, other.y, share),
        mix(width, other.width, share),
        mix(height, other.height, share));
  }

  private static int mix(int a, int b, double share) {
    return (int) Math.round(a + (b - a) * share);
  }
}
