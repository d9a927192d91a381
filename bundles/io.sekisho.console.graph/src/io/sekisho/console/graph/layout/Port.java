package io.sekisho.console.graph.layout;

/**
 * Where a route leaves or meets a box.
 *
 * @param x on the border
 * @param y on the border
 * @param side of the box
 */
record Port(double x, double y, Side side) {
  /** The sides of a box, with the step outwards. */
  enum Side {
    LEFT(-1, 0),
    RIGHT(1, 0),
    TOP(0, -1),
    BOTTOM(0, 1);

    final int dx;
    final int dy;

    Side(int dx, int dy) {
      this.dx = dx;
      this.dy = dy;
    }

    boolean level() {
      return dx != 0;
    }

    Side opposite() {
      return switch (this) {
        case LEFT -> RIGHT;
        case RIGHT -> LEFT;
        case TOP -> BOTTOM;
        case BOTTOM -> TOP;
      };
    }

    /** The middle of this side of a box, moved along it. */
    Port of(Box box, double along) {
      return switch (this) {
        case LEFT -> new Port(box.x(), box.centreY() + along, this);
        case RIGHT -> new Port(box.right(), box.centreY() + along, this);
        case TOP -> new Port(box.centreX() + along, box.y(), this);
        case BOTTOM -> new Port(box.centreX() + along, box.bottom(), this);
      };
    }

    /** Pixels of this side of a box. */
    int length(Box box) {
      return level() ? box.height() : box.width();
    }

    /** The side from which a route to the other box starts straight. */
    static Side towards(Box from, Box to) {
      if (to.x() >= from.right()) {
        return RIGHT;
      }
      if (from.x() >= to.right()) {
        return LEFT;
      }
      return to.centreY() >= from.centreY() ? BOTTOM : TOP;
    }
  }

  /** The point so many pixels outside of the box. */
  double[] out(double by) {
    return new double[] {x + side.dx * by, y + side.dy * by};
  }
}
