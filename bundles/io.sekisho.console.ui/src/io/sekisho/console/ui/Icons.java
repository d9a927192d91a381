package io.sekisho.console.ui;

import java.util.HashMap;
import java.util.Map;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.widgets.Display;

/**
 * Marks of 16 px, drawn by strokes in the colour that the theme gives, so that they are sharp at
 * every zoom and fit every theme.
 */
public enum Icons {
  FORWARDED {
    @Override
    void strokes(GC gc) {
      gc.drawLine(3, 8, 12, 8);
      gc.drawPolyline(new int[] {9, 5, 12, 8, 9, 11});
    }
  },
  DROPPED {
    @Override
    void strokes(GC gc) {
      gc.setLineWidth(2);
      gc.drawLine(4, 4, 11, 11);
      gc.drawLine(4, 11, 11, 4);
    }
  },
  AUDITED {
    @Override
    void strokes(GC gc) {
      for (int x = 2; x < 14; x += 5) {
        gc.fillOval(x, 7, 3, 3);
      }
    }
  },
  /** Good: a disc. */
  GOOD {
    @Override
    void strokes(GC gc) {
      gc.fillOval(4, 4, 8, 8);
    }
  },
  /** Something is wrong with it, it works: a disc in a ring. */
  DEGRADED {
    @Override
    void strokes(GC gc) {
      gc.fillOval(6, 6, 4, 4);
      gc.drawOval(3, 3, 10, 10);
    }
  },
  /** Not known or not connected: a ring. */
  UNKNOWN {
    @Override
    void strokes(GC gc) {
      gc.setLineWidth(2);
      gc.drawOval(4, 4, 7, 7);
    }
  },
  PAUSE {
    @Override
    void strokes(GC gc) {
      gc.fillRectangle(4, 3, 3, 10);
      gc.fillRectangle(10, 3, 3, 10);
    }
  },
  PLAY {
    @Override
    void strokes(GC gc) {
      gc.fillPolygon(new int[] {5, 3, 13, 8, 5, 13});
    }
  },
  EXPORT {
    @Override
    void strokes(GC gc) {
      gc.drawLine(8, 2, 8, 10);
      gc.drawPolyline(new int[] {5, 7, 8, 10, 11, 7});
      gc.drawLine(3, 13, 13, 13);
    }
  },
  COLUMNS {
    @Override
    void strokes(GC gc) {
      gc.drawRectangle(2, 3, 12, 10);
      gc.drawLine(6, 3, 6, 13);
      gc.drawLine(10, 3, 10, 13);
    }
  },
  FILTER {
    @Override
    void strokes(GC gc) {
      gc.drawPolyline(new int[] {2, 4, 14, 4});
      gc.drawPolyline(new int[] {4, 8, 12, 8});
      gc.drawPolyline(new int[] {6, 12, 10, 12});
    }
  },
  CLOCK {
    @Override
    void strokes(GC gc) {
      gc.drawOval(3, 3, 10, 10);
      gc.drawPolyline(new int[] {8, 5, 8, 8, 10, 10});
    }
  };

  private static final Map<String, Image> IMAGES = new HashMap<>();

  abstract void strokes(GC gc);

  /** Draws with the upper left corner at a place. */
  public void draw(GC gc, int x, int y, Color colour) {
    gc.setForeground(colour);
    gc.setBackground(colour);
    gc.setLineWidth(1);
    gc.setLineStyle(SWT.LINE_SOLID);
    gc.setLineCap(SWT.CAP_ROUND);
    try (Shift shift = new Shift(gc, x, y)) {
      strokes(shift.gc());
    }
  }

  /** Moves the origin, and back. */
  private record Shift(GC gc, int x, int y) implements AutoCloseable {
    Shift {
      move(gc, x, y);
    }

    private static void move(GC gc, int dx, int dy) {
      org.eclipse.swt.graphics.Transform t = new org.eclipse.swt.graphics.Transform(gc.getDevice());
      gc.getTransform(t);
      t.translate(dx, dy);
      gc.setTransform(t);
      t.dispose();
    }

    @Override
    public void close() {
      move(gc, -x, -y);
    }
  }

  private static Color black(GC gc) {
    return gc.getDevice().getSystemColor(SWT.COLOR_BLACK);
  }

  /** As an image with transparent ground, for tables and trees; kept for the display's life. */
  public Image image(Display display, Color colour) {
    if (IMAGES.isEmpty()) {
      display.disposeExec(
          () -> {
            IMAGES.values().forEach(Image::dispose);
            IMAGES.clear();
          });
    }
    return IMAGES.computeIfAbsent(
        name() + colour.getRGB(),
        k -> new Image(display, new Stamp(gc -> draw(gc, 0, 0, black(gc)), colour), 16, 16));
  }
}
