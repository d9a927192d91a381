package io.sekisho.console.ui;

import java.util.HashMap;
import java.util.Map;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.widgets.Display;

/**
 * A bar of 16 px that says how full something is; for tables, whose cells keep their own colours
 * only while nobody paints them by hand. The number stands beside it.
 */
public final class Gauge {
  private static final int STEPS = 12;
  private static final Map<String, Image> IMAGES = new HashMap<>();

  private Gauge() {}

  /** The image for a share of 0 to 1; kept for the display's life. UI thread only. */
  public static Image image(Display display, double share, Color colour) {
    if (IMAGES.isEmpty()) {
      display.disposeExec(
          () -> {
            IMAGES.values().forEach(Image::dispose);
            IMAGES.clear();
          });
    }
    int filled = filled(share);
    return IMAGES.computeIfAbsent(
        filled + colour.getRGB().toString(),
        k -> new Image(display, new Stamp(gc -> strokes(gc, filled), colour), 16, 16));
  }

  /** Steps that are filled: none only for nothing, all only when it is full. */
  static int filled(double share) {
    if (share <= 0) {
      return 0;
    }
    return share >= 1 ? STEPS : (int) Math.clamp(Math.round(share * STEPS), 1, STEPS - 1);
  }

  private static void strokes(GC gc, int filled) {
    Color black = gc.getDevice().getSystemColor(SWT.COLOR_BLACK);
    gc.setForeground(black);
    gc.setBackground(black);
    gc.setLineWidth(1);
    gc.drawRectangle(1, 5, STEPS + 1, 6);
    gc.fillRectangle(2, 6, filled, 5);
  }
}
