package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.layout.TextMeasure.Face;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.draw2d.Graphics;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.Device;
import org.eclipse.swt.graphics.Font;
import org.eclipse.swt.graphics.FontData;
import org.eclipse.swt.graphics.GC;

/**
 * All texts of a frame, drawn after all shapes and without the zoom's transform: in a real font of
 * the zoomed size, in whole points (up from .6), so that letters are hinted and evenly spaced.
 */
public final class TextPass {
  private static final int LEAST_POINTS = 5;
  private static final int LEAST_TITLE = 8;
  private static final double NAMES_FROM = 0.34;

  private record Item(
      TextLine line, double x, double y, boolean centred, Color colour, boolean full) {}

  private final Device device;
  private final FontData base;
  private final Map<String, Font> fonts = new HashMap<>();
  private final List<Item> items = new ArrayList<>();
  private final FontMeasure measure;

  /** Reads the platform's font. */
  public TextPass(Device device) {
    this.device = device;
    base = device.getSystemFont().getFontData()[0];
    GC gc = new GC(device);
    measure = new FontMeasure(gc, this);
    gc.dispose();
  }

  /** Widths of texts, for any thread. */
  public FontMeasure measure() {
    return measure;
  }

  Device device() {
    return device;
  }

  /** Points of the platform's font. */
  int base() {
    return base.getHeight();
  }

  static int points(Face face, int base) {
    return face == Face.SMALL ? base - 1 : base;
  }

  Font font(Face face, int size) {
    return fonts.computeIfAbsent(
        face.name() + size,
        key ->
            new Font(
                device,
                base.getName(),
                points(face, size),
                face == Face.BOLD ? SWT.BOLD : SWT.NORMAL));
  }

  void add(TextLine line, double x, double middle, boolean centred, Color colour) {
    items.add(new Item(line, x, middle, centred, colour, false));
  }

  /** A text that does not shrink in the far view. */
  void addAtFullSize(TextLine line, double x, double middle, Color colour) {
    items.add(new Item(line, x, middle, true, colour, true));
  }

  /** Titles are legible at every zoom, names down to a third; other text goes when too small. */
  void draw(Graphics g, double zoom, int dx, int dy) {
    int size = (int) Math.floor(base() * zoom + 0.4);
    for (Item i : items) {
      Face face = i.line.face();
      boolean shown =
          size >= LEAST_POINTS
              || i.full
              || face == Face.BOLD
              || face == Face.NAME && zoom >= NAMES_FROM;
      if (shown) {
        int least = face == Face.BOLD && zoom < Seen.FAR ? LEAST_TITLE : LEAST_POINTS;
        i.line.drawAt(
            g,
            (int) Math.round(i.x * zoom) + dx,
            (int) Math.round(i.y * zoom) + dy,
            i.centred,
            i.colour,
            Math.max(size, i.full ? base() : least));
      }
    }
    items.clear();
  }

  /** Frees the fonts. */
  public void dispose() {
    fonts.values().forEach(Font::dispose);
    fonts.clear();
  }
}
