package io.sekisho.console.ui;

import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.Font;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.widgets.Control;

/** Small strokes of the brush on a {@link GC}; each takes its colours from the caller's theme. */
public final class Paint {
  private Paint() {}

  /** Width of a text in pixels. */
  public static int width(Control control, String text, Font font) {
    GC gc = new GC(control);
    gc.setFont(font);
    int width = gc.textExtent(text).x;
    gc.dispose();
    return width;
  }

  /** Draws text whose middle is at {@code middle}; returns the x behind it. */
  public static int text(GC gc, String text, Font font, Color colour, int x, int middle) {
    gc.setFont(font);
    gc.setForeground(colour);
    Point size = gc.textExtent(text);
    gc.drawText(text, x, middle - size.y / 2, SWT.DRAW_TRANSPARENT);
    return x + size.x;
  }

  /** Draws text that ends at {@code right}; returns the x before it. */
  public static int textBefore(GC gc, String text, Font font, Color colour, int right, int middle) {
    gc.setFont(font);
    int x = right - gc.textExtent(text).x;
    text(gc, text, font, colour, x, middle);
    return x;
  }

  /** Shortens in the middle until it fits: names differ at both ends. */
  public static String fit(GC gc, String text, int maxWidth) {
    if (gc.textExtent(text).x <= maxWidth) {
      return text;
    }
    for (int keep = text.length() - 1; keep > 2; keep--) {
      String shorter =
          text.substring(0, (keep + 1) / 2) + "…" + text.substring(text.length() - keep / 2);
      if (gc.textExtent(shorter).x <= maxWidth) {
        return shorter;
      }
    }
    return "…";
  }

  /** A small arrow down: something opens here. */
  public static void arrowDown(GC gc, int x, int middle, Color colour) {
    gc.setForeground(colour);
    gc.setLineWidth(1);
    gc.setLineStyle(SWT.LINE_SOLID);
    gc.drawPolyline(new int[] {x - 3, middle - 2, x, middle + 1, x + 3, middle - 2});
  }

  /** A cross of half width {@code r}. */
  public static void cross(GC gc, int x, int middle, int r, int lineWidth, Color colour) {
    gc.setForeground(colour);
    gc.setLineStyle(SWT.LINE_SOLID);
    gc.setLineWidth(lineWidth);
    gc.drawLine(x - r, middle - r, x + r, middle + r);
    gc.drawLine(x - r, middle + r, x + r, middle - r);
  }

  /** A filled disc of radius {@code r}. */
  public static void disc(GC gc, int x, int middle, int r, Color colour) {
    gc.setBackground(colour);
    gc.fillOval(x - r, middle - r, 2 * r, 2 * r);
  }

  /** A rounded rectangle without frame. */
  public static void round(GC gc, int x, int y, int width, int height, Color fill) {
    gc.setBackground(fill);
    gc.fillRoundRectangle(x, y, width, height, 8, 8);
  }
}
