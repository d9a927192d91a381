package io.sekisho.console.policy.editor.draw;

import io.sekisho.console.policy.editor.model.Finding;
import io.sekisho.console.ui.Fonts;
import io.sekisho.console.ui.Theme;
import java.util.List;
import org.eclipse.draw2d.Figure;
import org.eclipse.draw2d.Graphics;
import org.eclipse.draw2d.geometry.Rectangle;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;

/** A box, a chip, or a place to add. */
final class ElementFigure extends Figure {
  private static final int ARC = 12;
  private static final int PAD = 10;
  private static final int MARK = 7;
  private final Element element;
  private final Brush brush;
  private final State state;

  /**
   * How it stands to the operator.
   *
   * @param selected whether it is selected
   * @param focused whether the keyboard is in the picture
   * @param hovered whether the pointer is over it, or would drop on it
   * @param findings what is wrong with it
   */
  record State(boolean selected, boolean focused, boolean hovered, List<Finding> findings) {}

  ElementFigure(Element element, Brush brush, State state) {
    this.element = element;
    this.brush = brush;
    this.state = state;
    Rect r = element.box();
    setBounds(new Rectangle(r.x() - 4, r.y() - MARK, r.width() + 4 + MARK, r.height() + MARK + 4));
  }

  @Override
  protected void paintFigure(Graphics g) {
    g.setAntialias(SWT.ON);
    g.setLineWidth(1);
    Theme theme = brush.theme();
    Rect r = element.box();
    int arc =
        switch (element.shape()) {
          case NODES -> 0;
          case SERVICE -> r.height();
          default -> ARC;
        };
    if (element.shape() != Element.Shape.REST && element.shape() != Element.Shape.ADD) {
      if (element.shape() == Element.Shape.ICMP) {
        brush.fillPointed(g, r, fill(theme));
      } else {
        brush.fill(g, r, arc, fill(theme));
      }
    }
    frame(g, theme, r, arc);
    switch (element.shape()) {
      case PORTS, ICMP -> chip(g, theme, r);
      case ADD -> add(g, theme, r);
      case PODS, OUTSIDE, NODES, SERVICE, REST -> lines(g, theme, r);
    }
    if (!state.findings().isEmpty()) {
      mark(g, theme, r);
    }
  }

  private Color fill(Theme theme) {
    boolean subject = element.id() instanceof ElementId.Subject;
    if (subject) {
      return theme.dark() ? Theme.mix(theme.line(), theme.panel(), 0.6) : theme.panel();
    }
    boolean plain = element.shape() == Element.Shape.OUTSIDE || !theme.dark();
    return plain || isChip() ? theme.ground() : Theme.mix(theme.line(), theme.panel(), 0.4);
  }

  private boolean isChip() {
    return element.shape() == Element.Shape.PORTS || element.shape() == Element.Shape.ICMP;
  }

  private void outline(Graphics g, Rect r, int arc, boolean dashed) {
    if (element.shape() == Element.Shape.ICMP) {
      brush.framePointed(g, r);
    } else {
      brush.frame(g, r, arc, dashed);
    }
  }

  private void frame(Graphics g, Theme theme, Rect r, int arc) {
    if (state.selected()) {
      g.setForegroundColor(theme.accent());
      g.setLineWidth(2);
      outline(g, new Rect(r.x(), r.y(), r.width() + 1, r.height() + 1), arc, false);
      g.setLineWidth(1);
      if (state.focused()) {
        g.setForegroundColor(theme.tint(theme.accent(), theme.ground()));
        g.setLineWidth(3);
        brush.frame(
            g, new Rect(r.x() - 3, r.y() - 3, r.width() + 7, r.height() + 7), arc + 6, false);
        g.setLineWidth(1);
      }
      return;
    }
    if (element.shape() == Element.Shape.REST) {
      return;
    }
    Color rim = Theme.mix(theme.unknown(), theme.line(), 0.35);
    Color drawn =
        state.hovered()
            ? theme.accent()
            : isChip() && element.tone() == Element.Tone.DENY ? theme.dropped() : rim;
    g.setForegroundColor(brush.ink(drawn));
    boolean dashed =
        element.shape() == Element.Shape.OUTSIDE || element.shape() == Element.Shape.ADD;
    outline(g, r, arc, dashed);
  }

  private void lines(Graphics g, Theme theme, Rect r) {
    Fonts fonts = brush.look().fonts();
    boolean subject = element.id() instanceof ElementId.Subject;
    boolean rest = element.shape() == Element.Shape.REST;
    int pad = element.shape() == Element.Shape.SERVICE ? 2 * PAD : PAD;
    int x = r.x() + pad;
    int most = r.width() - (rest ? pad : 2 * pad);
    int y = r.y() + (subject ? 10 : 4);
    List<String> lines = element.lines();
    for (int i = 0; i < lines.size() && y < r.bottom() - 12; i++) {
      boolean first = i == 0;
      var font = first ? (rest ? fonts.normal() : fonts.bold()) : fonts.small();
      Color colour = first && !rest ? theme.text() : tone(theme, i);
      brush.text(g, lines.get(i), font, brush.ink(colour), x, y, most);
      y += first ? 17 : 16;
      if (subject && i == 2) {
        y += 8;
      }
    }
  }

  private Color tone(Theme theme, int line) {
    boolean subject = element.id() instanceof ElementId.Subject;
    boolean last = subject ? line == 2 : line == 1;
    return last && element.tone() != Element.Tone.QUIET
        ? element.tone() == Element.Tone.DENY ? theme.dropped() : theme.audit()
        : theme.faint();
  }

  private void chip(Graphics g, Theme theme, Rect r) {
    Fonts fonts = brush.look().fonts();
    int y = r.y() + (r.height() - element.lines().size() * 16) / 2;
    boolean big = element.id() instanceof ElementId.Subject;
    for (int i = 0; i < element.lines().size(); i++) {
      boolean deny = i == 0 && element.tone() == Element.Tone.DENY;
      int margin = element.shape() == Element.Shape.ICMP ? 18 : 12;
      String text =
          Brush.fit(
              element.lines().get(i),
              big && i == 0 ? fonts.bold() : fonts.small(),
              r.width() - margin);
      int width =
          org.eclipse.draw2d.FigureUtilities.getTextWidth(
              text, big && i == 0 ? fonts.bold() : fonts.small());
      brush.text(
          g,
          text,
          big && i == 0 ? fonts.bold() : fonts.small(),
          brush.ink(deny ? theme.dropped() : theme.text()),
          r.x() + (r.width() - width) / 2,
          y,
          r.width());
      y += 16;
    }
  }

  private void add(Graphics g, Theme theme, Rect r) {
    brush.text(
        g,
        element.lines().getFirst(),
        brush.look().fonts().small(),
        brush.ink(state.hovered() || state.selected() ? theme.accent() : theme.faint()),
        r.x() + PAD,
        r.middle() - 8,
        r.width() - 2 * PAD);
  }

  /** A disc with a mark at the upper right corner: a cross for errors, a stroke for warnings. */
  private void mark(Graphics g, Theme theme, Rect r) {
    boolean error = state.findings().stream().anyMatch(Finding::error);
    int x = r.right() - MARK - 1;
    int y = r.y() - MARK + 2;
    g.setBackgroundColor(brush.ink(error ? theme.error() : theme.audit()));
    g.fillOval(new Rectangle(x - 1, y - 1, 2 * MARK, 2 * MARK));
    g.setForegroundColor(theme.ground());
    g.setLineWidth(2);
    g.setLineStyle(SWT.LINE_SOLID);
    if (error) {
      g.drawLine(x + 3, y + 3, x + 9, y + 9);
      g.drawLine(x + 9, y + 3, x + 3, y + 9);
    } else {
      g.drawLine(x + 6, y + 2, x + 6, y + 7);
      g.drawLine(x + 6, y + 10, x + 6, y + 10);
    }
    g.setLineWidth(1);
  }
}
