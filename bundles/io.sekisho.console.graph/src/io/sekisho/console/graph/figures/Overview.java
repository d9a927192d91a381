package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.layout.Box;
import io.sekisho.console.graph.layout.Placement;
import io.sekisho.console.ui.Theme;
import org.eclipse.draw2d.Graphics;
import org.eclipse.draw2d.geometry.Rectangle;
import org.eclipse.swt.SWT;

/** The map in the corner; there only while something lies outside of the window. */
public final class Overview {
  private static final int WIDTH = 168;
  private static final int HEIGHT = 108;
  private static final int PAD = 8;
  private static final int FROM_CORNER = 12;
  private Placement placement = Placement.EMPTY;
  private Box world = Box.NOWHERE;

  void show(Placement next) {
    placement = next;
    world = next.extent();
  }

  /** Where the map lies in a window, or {@link Box#NOWHERE} while everything is in sight. */
  Box place(Box seen, Rectangle window) {
    boolean all = seen.holds(world) || world.width() == 0;
    return all
        ? Box.NOWHERE
        : new Box(
            window.right() - WIDTH - FROM_CORNER,
            window.bottom() - HEIGHT - FROM_CORNER,
            WIDTH,
            HEIGHT);
  }

  private double scale() {
    return Math.min((WIDTH - 2.0 * PAD) / world.width(), (HEIGHT - 2.0 * PAD) / world.height());
  }

  /** The point of the world under a point of the map. */
  double[] world(Box map, int x, int y) {
    double scale = scale();
    return new double[] {
      world.centreX() + (x - map.centreX()) / scale, world.centreY() + (y - map.centreY()) / scale
    };
  }

  void draw(Graphics g, Theme theme, Box seen, Box map) {
    g.setBackgroundColor(theme.ground());
    g.fillRectangle(map.x(), map.y(), map.width(), map.height());
    g.setBackgroundColor(
        theme.dark() ? theme.line() : Theme.mix(theme.line(), theme.ground(), 0.5));
    placement.groups().values().forEach(b -> g.fillRectangle(mini(b, map)));
    g.setBackgroundColor(theme.unknown());
    placement.nodes().values().forEach(b -> g.fillRectangle(mini(b, map)));
    g.setLineStyle(SWT.LINE_SOLID);
    g.setLineWidth(2);
    g.setForegroundColor(theme.accent());
    Rectangle frame = mini(seen, map);
    frame.intersect(new Rectangle(map.x() + 1, map.y() + 1, map.width() - 2, map.height() - 2));
    g.drawRectangle(frame);
    g.setLineWidth(1);
    g.setForegroundColor(theme.line());
    g.drawRectangle(map.x(), map.y(), map.width(), map.height());
  }

  private Rectangle mini(Box b, Box map) {
    double scale = scale();
    return new Rectangle(
        (int) (map.centreX() + (b.x() - world.centreX()) * scale),
        (int) (map.centreY() + (b.y() - world.centreY()) * scale),
        Math.max(1, (int) (b.width() * scale)),
        Math.max(1, (int) (b.height() * scale)));
  }
}
