package io.sekisho.console.policy.editor.draw;

import io.sekisho.policy.Direction;

/**
 * A line of the picture, level or with one step, in the direction of who opens the connection.
 *
 * @param element what it belongs to
 * @param x1 where it begins
 * @param y1 where it begins
 * @param x2 where it ends
 * @param y2 where it ends
 * @param style what becomes of the traffic
 * @param head whether an arrow stands at its end
 */
public record Wire(ElementId element, int x1, int y1, int x2, int y2, Style style, boolean head) {
  /** How a line looks. */
  public enum Style {
    ALLOW,
    /** Dashed, with a cross before the arrow. */
    DENY,
    /** The next tier decides: thin and grey. */
    PASS,
    /** Not in force: dotted. */
    AUDIT,
    /** What no rule says, and passes: thin. */
    REST,
    /** What no rule says, and is dropped: as a deny, thin. */
    REST_DENY
  }

  /** The same from the other end, for traffic that goes out. */
  static Wire towards(
      Direction direction,
      ElementId id,
      int x1,
      int y1,
      int x2,
      int y2,
      Style style,
      boolean head) {
    return direction == Direction.INGRESS
        ? new Wire(id, x1, y1, x2, y2, style, head)
        : new Wire(id, x2, y2, x1, y1, style, head);
  }
}
