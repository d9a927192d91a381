package io.sekisho.console.path;

import io.sekisho.console.path.PathPlan.Group;
import io.sekisho.console.path.PathPlan.Station;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.eclipse.swt.graphics.Rectangle;

/**
 * Where everything of a path stands, in pixels from the upper left corner: nodes side by side, in
 * each its stations from left to right.
 *
 * @param boxes one for each group
 * @param places one for each station, in order
 * @param width of all
 * @param height of all
 */
record PathLayout(List<Rectangle> boxes, List<Rectangle> places, int width, int height) {
  static final int TITLE = 22;
  static final int STATION = 56;
  static final int PAD = 8;

  /** Room of an arrow inside a node, and of one between nodes, which has words. */
  static final int NEAR = 16;

  static final int FAR = 66;
  private static final int MARGIN = 12;
  private static final int MARGIN_Y = 4;
  private static final int NARROWEST = 68;
  private static final int WIDEST = 190;
  private static final int TEXT_PAD = 8;

  /**
   * Lays out.
   *
   * @param text width of a station's longest line
   * @param title width of a group's title
   */
  static PathLayout of(PathPlan plan, ToIntFunction<Station> text, ToIntFunction<Group> title) {
    List<Rectangle> boxes = new ArrayList<>();
    List<Rectangle> places = new ArrayList<>();
    int x = MARGIN;
    for (Group group : plan.groups()) {
      int left = x;
      x += PAD;
      for (Station station : group.stations()) {
        int width = Math.clamp(text.applyAsInt(station) + 2L * TEXT_PAD, NARROWEST, WIDEST);
        places.add(new Rectangle(x, MARGIN_Y + TITLE, width, STATION));
        x += width + NEAR;
      }
      x = Math.max(x - NEAR + PAD, left + title.applyAsInt(group) + 2 * PAD);
      boxes.add(new Rectangle(left, MARGIN_Y, x - left, TITLE + STATION + PAD));
      x += FAR;
    }
    int width = plan.groups().isEmpty() ? 0 : x - FAR + MARGIN;
    return new PathLayout(
        List.copyOf(boxes), List.copyOf(places), width, 2 * MARGIN_Y + TITLE + STATION + PAD);
  }

  /** The station at a point, -1 for none. */
  int at(int x, int y) {
    for (int i = 0; i < places.size(); i++) {
      if (places.get(i).contains(x, y)) {
        return i;
      }
    }
    return -1;
  }
}
