package io.sekisho.console.graph.figures;

import org.eclipse.draw2d.Graphics;
import org.eclipse.draw2d.geometry.Rectangle;
import org.eclipse.swt.SWT;

/** Small marks drawn as lines: they take the theme's colours and are sharp at every zoom. */
final class Glyphs {
  private Glyphs() {}

  /** A chevron of 8 px, pointing down; {@code y} is its middle. */
  static void open(Graphics g, int x, int y) {
    g.drawPolyline(new int[] {x, y - 2, x + 4, y + 2, x + 8, y - 2});
  }

  /** A chevron pointing right; {@code y} is its middle. */
  static void closed(Graphics g, int x, int y) {
    g.drawPolyline(new int[] {x, y - 4, x + 4, y, x, y + 4});
  }

  /** A drawing pin of 7 x 10 px. */
  static void pin(Graphics g, int x, int y) {
    g.setLineWidth(1);
    g.setLineStyle(SWT.LINE_SOLID);
    g.fillRectangle(new Rectangle(x + 2, y, 4, 4));
    g.drawLine(x, y + 5, x + 7, y + 5);
    g.drawLine(x + 3, y + 5, x + 3, y + 9);
    g.drawLine(x + 4, y + 5, x + 4, y + 9);
  }
}
