package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.layout.Size;
import io.sekisho.console.graph.layout.TextMeasure;
import java.util.EnumMap;
import java.util.Map;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;

/**
 * Widths of letters, read once from the fonts on the UI thread and added up on any thread after: a
 * layout then needs no widget. Letters beyond Latin count as wide as the line is high.
 */
public final class FontMeasure implements TextMeasure {
  private static final int FIRST = 0x20;
  private static final int LAST = 0x17F;
  private static final String PROBE = "nnnnnnnnnn";

  private final Map<Face, double[]> widths = new EnumMap<>(Face.class);
  private final Map<Face, Integer> heights = new EnumMap<>(Face.class);

  /** Reads the fonts. */
  public FontMeasure(GC gc, TextPass texts) {
    for (Face face : Face.values()) {
      gc.setFont(texts.font(face, texts.base()));
      heights.put(face, gc.textExtent("Mg", SWT.DRAW_TRANSPARENT).y);
      double[] w = new double[LAST - FIRST + 1];
      for (int c = FIRST; c <= LAST; c++) {
        // ten at once, as one alone is rounded to whole pixels
        String ten = Character.toString(c).repeat(PROBE.length());
        w[c - FIRST] = gc.textExtent(ten, SWT.DRAW_TRANSPARENT).x / (double) PROBE.length();
      }
      widths.put(face, w);
    }
  }

  @Override
  public Size of(String text, Face face) {
    double[] w = widths.get(face);
    int height = heights.get(face);
    double sum = 0;
    for (int i = 0; i < text.length(); i++) {
      int c = text.charAt(i) - FIRST;
      sum += c >= 0 && c < w.length ? w[c] : text.charAt(i) == '…' ? height * 0.7 : height;
    }
    return new Size((int) Math.ceil(sum), height);
  }

  /** The text, shortened in its middle to a width: names differ at both ends. */
  String fit(String text, Face face, int most) {
    if (of(text, face).width() <= most) {
      return text;
    }
    for (int keep = text.length() - 1; keep > 2; keep--) {
      String shorter =
          text.substring(0, (keep + 1) / 2) + "…" + text.substring(text.length() - keep / 2);
      if (of(shorter, face).width() <= most) {
        return shorter;
      }
    }
    return "…";
  }
}
