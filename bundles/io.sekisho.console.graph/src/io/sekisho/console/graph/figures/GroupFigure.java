package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.layout.Box;
import io.sekisho.console.graph.layout.Sizes;
import io.sekisho.console.graph.layout.TextMeasure.Face;
import io.sekisho.console.graph.model.GraphGroup;
import io.sekisho.console.graph.model.Wording;
import io.sekisho.console.ui.Theme;
import org.eclipse.draw2d.Graphics;
import org.eclipse.draw2d.geometry.Rectangle;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;

/** A namespace: a quiet tray with a title and a fold mark. */
final class GroupFigure implements Drawn {
  private static final int ARC = 16;
  private static final int MARK = 14;
  private final TextLine title;
  private final TextLine note;
  private GraphGroup group;
  private Box box = Box.NOWHERE;

  GroupFigure(TextPass texts) {
    title = new TextLine(texts, Face.BOLD);
    note = new TextLine(texts, Face.SMALL);
  }

  GraphGroup group() {
    return group;
  }

  void show(GraphGroup next, Box at) {
    group = next;
    box = at;
    title.set(next.name(), Math.max(60, at.width() - 2 * Sizes.GROUP_PAD - MARK));
    note.set(Wording.pods(next.pods()), 120);
  }

  void dispose() {
    title.dispose();
    note.dispose();
  }

  @Override
  public Box bounds() {
    return box;
  }

  /** Whether the point is on the title: there a click means the namespace, not the ground. */
  boolean onTitle(double x, double y) {
    return box.holds(x, y) && y < box.y() + Sizes.TITLE - 4;
  }

  /** Whether the point is on the mark that folds. */
  boolean onMark(double x, double y) {
    return onTitle(x, y) && x < box.x() + Sizes.GROUP_PAD + MARK;
  }

  @Override
  public void draw(Graphics g, Seen seen) {
    Theme theme = seen.theme();
    boolean faded = seen.faded(group.id());
    boolean selected = seen.isSelected(group.id());
    g.setLineStyle(SWT.LINE_SOLID);
    g.setLineWidth(selected ? 2 : 1);
    g.setBackgroundColor(theme.panel());
    boolean hovered = seen.hovered().equals(group.id());
    g.setForegroundColor(selected || hovered ? theme.accent() : theme.line());
    Rectangle r = new Rectangle(box.x(), box.y(), box.width() - 1, box.height() - 1);
    g.fillRoundRectangle(r, ARC, ARC);
    g.drawRoundRectangle(r, ARC, ARC);
    Color soft = faded ? Theme.mix(theme.faint(), theme.panel(), 0.6) : theme.faint();
    int y = box.y() + Sizes.GROUP_PAD;
    int middle = y + title.height() / 2;
    int left = box.x() + Sizes.GROUP_PAD;
    if (!seen.far()) {
      g.setLineWidth(1);
      g.setForegroundColor(soft);
      Glyphs.open(g, left, middle);
      note.draw(left + MARK + title.width() + 8, y + title.height() - note.height(), soft);
    }
    title.draw(seen.far() ? left : left + MARK, y, faded ? soft : theme.text());
  }
}
