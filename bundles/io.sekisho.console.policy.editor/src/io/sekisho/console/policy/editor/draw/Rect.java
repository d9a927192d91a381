package io.sekisho.console.policy.editor.draw;

/** A box in pixels. */
public record Rect(int x, int y, int width, int height) {
  /** The x behind it. */
  public int right() {
    return x + width;
  }

  /** The y below it. */
  public int bottom() {
    return y + height;
  }

  /** Its middle. */
  public int middle() {
    return y + height / 2;
  }

  /** Whether a point is in it. */
  public boolean holds(int px, int py) {
    return px >= x && px < right() && py >= y && py < bottom();
  }

  /** Whether both have a point in common. */
  public boolean meets(Rect other) {
    return x < other.right() && other.x < right() && y < other.bottom() && other.y < bottom();
  }
}
