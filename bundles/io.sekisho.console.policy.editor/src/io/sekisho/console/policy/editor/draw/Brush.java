package io.sekisho.console.policy.editor.draw;

import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Theme;
import org.eclipse.draw2d.FigureUtilities;
import org.eclipse.draw2d.Graphics;
import org.eclipse.draw2d.geometry.PointList;
import org.eclipse.draw2d.geometry.Rectangle;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.Font;

/**
 * Small strokes that the figures share.
 *
 * @param look theme and fonts
 * @param stale whether the picture is that of an earlier text: everything is faded
 */
record Brush(Look look, boolean stale) {
  private static final int POINT = 7;
  private static final int[] DASH = {4, 3};
  private static final int[] DOTS = {1, 4};
  private static final int[] DENY = {7, 4};

  Theme theme() {
    return look.theme();
  }

  /** A colour, faded where the picture is stale. */
  Color ink(Color colour) {
    return stale ? Theme.mix(colour, theme().ground(), 0.38) : colour;
  }

  Color of(Wire.Style style) {
    return ink(
        switch (style) {
          case ALLOW -> theme().forwarded();
          case DENY, REST_DENY -> theme().dropped();
          case AUDIT -> theme().audit();
          case PASS, REST -> theme().unknown();
        });
  }

  void line(Graphics g, Wire.Style style) {
    g.setForegroundColor(of(style));
    g.setLineCap(SWT.CAP_FLAT);
    boolean thick = style == Wire.Style.ALLOW || style == Wire.Style.DENY;
    g.setLineWidth(thick || style == Wire.Style.AUDIT ? 2 : 1);
    switch (style) {
      case DENY, REST_DENY -> g.setLineDash(DENY);
      case AUDIT -> {
        g.setLineCap(SWT.CAP_ROUND);
        g.setLineDash(DOTS);
      }
      case PASS -> g.setLineDash(DASH);
      case ALLOW, REST -> g.setLineStyle(SWT.LINE_SOLID);
    }
  }

  void frame(Graphics g, Rect r, int arc, boolean dashed) {
    if (dashed) {
      g.setLineDash(DASH);
    } else {
      g.setLineStyle(SWT.LINE_SOLID);
    }
    g.drawRoundRectangle(new Rectangle(r.x(), r.y(), r.width() - 1, r.height() - 1), arc, arc);
    g.setLineStyle(SWT.LINE_SOLID);
  }

  void fill(Graphics g, Rect r, int arc, Color colour) {
    g.setBackgroundColor(colour);
    g.fillRoundRectangle(new Rectangle(r.x(), r.y(), r.width(), r.height()), arc, arc);
  }

  /** A box whose left and right ends are points. */
  private static PointList pointed(Rect r) {
    PointList out = new PointList();
    int right = r.right() - 1;
    int bottom = r.bottom() - 1;
    out.addPoint(r.x(), r.middle());
    out.addPoint(r.x() + POINT, r.y());
    out.addPoint(right - POINT, r.y());
    out.addPoint(right, r.middle());
    out.addPoint(right - POINT, bottom);
    out.addPoint(r.x() + POINT, bottom);
    return out;
  }

  void fillPointed(Graphics g, Rect r, Color colour) {
    g.setBackgroundColor(colour);
    g.fillPolygon(pointed(r));
  }

  void framePointed(Graphics g, Rect r) {
    g.setLineStyle(SWT.LINE_SOLID);
    g.drawPolygon(pointed(r));
  }

  /** One line, shortened in its middle where there is no room; returns its width. */
  int text(Graphics g, String text, Font font, Color colour, int x, int y, int most) {
    g.setFont(font);
    g.setForegroundColor(colour);
    String fitted = fit(text, font, most);
    g.drawString(fitted, x, y);
    return FigureUtilities.getTextWidth(fitted, font);
  }

  static String fit(String text, Font font, int most) {
    if (FigureUtilities.getTextWidth(text, font) <= most) {
      return text;
    }
    for (int keep = text.length() - 1; keep > 2; keep--) {
      String shorter =
          text.substring(0, (keep + 1) / 2) + "…" + text.substring(text.length() - keep / 2);
      if (FigureUtilities.getTextWidth(shorter, font) <= most) {
        return shorter;
      }
    }
    return "…";
  }
}
