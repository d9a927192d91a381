package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.layout.Box;
import io.sekisho.console.graph.layout.Sizes;
import io.sekisho.console.graph.layout.TextMeasure.Face;
import io.sekisho.console.graph.model.GraphNode;
import io.sekisho.console.graph.model.Wording;
import io.sekisho.console.ui.Theme;
import org.eclipse.draw2d.Graphics;
import org.eclipse.draw2d.geometry.Rectangle;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;

/** One box: a workload, something outside, a cluster node, or several in one. */
final class NodeFigure implements Drawn {
  private static final int[] DASH = {4, 3};
  private static final int ARC = 12;
  private static final int SHEET = 4;
  private static final int BAR = 2;
  private final TextLine name;
  private final TextLine note;
  private GraphNode node;
  private Box box = Box.NOWHERE;

  NodeFigure(TextPass texts) {
    name = new TextLine(texts, Face.NAME);
    note = new TextLine(texts, Face.SMALL);
  }

  GraphNode node() {
    return node;
  }

  Box box() {
    return box;
  }

  void show(GraphNode next, Box at) {
    node = next;
    box = at;
    int most = at.width() - 2 * Sizes.NODE_PAD + 2;
    name.set(Wording.name(next), most);
    note.set(Wording.note(next), most);
  }

  void dispose() {
    name.dispose();
    note.dispose();
  }

  @Override
  public Box bounds() {
    return box.grown(SHEET + 1);
  }

  @Override
  public void draw(Graphics g, Seen seen) {
    Theme theme = seen.theme();
    boolean faded = seen.faded(node.id());
    Rectangle r = new Rectangle(box.x(), box.y(), box.width() - 1, box.height() - 1);
    int arc = node.kind() == GraphNode.Kind.HOST ? 0 : ARC;
    g.setLineWidth(1);
    g.setLineStyle(SWT.LINE_SOLID);
    g.setBackgroundColor(fill(theme, faded));
    if (node.folded() && !faded) {
      g.setForegroundColor(theme.line());
      Rectangle sheet = new Rectangle(r.x + SHEET, r.y + SHEET, r.width - 2 * SHEET, r.height);
      g.fillRoundRectangle(sheet, arc, arc);
      g.drawRoundRectangle(sheet, arc, arc);
    }
    g.fillRoundRectangle(r, arc, arc);
    if (node.outside()) {
      g.setLineDash(DASH);
    }
    if (seen.isSelected(node.id())) {
      g.setLineWidth(2);
      g.setForegroundColor(theme.accent());
    } else {
      boolean hovered = seen.hovered().equals(node.id());
      Color rim = hovered ? theme.accent() : Theme.mix(theme.unknown(), theme.line(), 0.35);
      g.setForegroundColor(faded ? theme.line() : rim);
    }
    g.drawRoundRectangle(r, arc, arc);
    g.setLineStyle(SWT.LINE_SOLID);
    texts(seen, faded);
    if (!seen.far()) {
      bar(g, seen, faded);
      if (seen.pinned(node.id())) {
        g.setForegroundColor(seen.ink(theme.faint(), faded));
        g.setBackgroundColor(seen.ink(theme.faint(), faded));
        Glyphs.pin(g, box.right() - 14, box.y() + 6);
      }
    }
  }

  private Color fill(Theme theme, boolean faded) {
    if (node.outside() || !theme.dark()) {
      return theme.ground();
    }
    return Theme.mix(theme.line(), theme.panel(), faded ? 0.1 : 0.4);
  }

  private void texts(Seen seen, boolean faded) {
    Theme theme = seen.theme();
    boolean alarming = Wording.alarming(node);
    Color ink = seen.ink(theme.text(), faded);
    Color alarm = seen.ink(theme.error(), faded);
    if (seen.far()) {
      name.drawCentred(box.centreX(), box.centreY(), alarming ? alarm : ink);
      return;
    }
    int top = box.y() + (node.pods() > 0 ? 7 : 6);
    name.draw(box.x() + Sizes.NODE_PAD, top, ink);
    Color soft = seen.ink(theme.faint(), faded);
    note.draw(box.x() + Sizes.NODE_PAD, top + name.height(), alarming ? alarm : soft);
  }

  /** Health: quiet while all is well, else the missing part in the colour of errors. */
  private void bar(Graphics g, Seen seen, boolean faded) {
    if (node.pods() == 0) {
      return;
    }
    Theme theme = seen.theme();
    int width = box.width() - 2 * Sizes.NODE_PAD;
    int x = box.x() + Sizes.NODE_PAD;
    int y = box.bottom() - 8;
    boolean sick = node.sick();
    int well = sick ? (int) Math.round((width - 2.0) * node.ready() / node.pods()) : width;
    Color under = theme.dark() ? theme.panel() : theme.ground();
    Color healthy = seen.ink(theme.forwarded(), false);
    g.setBackgroundColor(Theme.mix(healthy, under, faded ? 0.15 : 0.5));
    g.fillRectangle(x, y, well, BAR);
    if (sick) {
      g.setBackgroundColor(seen.ink(theme.error(), faded));
      int gap = well > 0 ? 2 : 0;
      g.fillRectangle(x + well + gap, y, width - well - gap, BAR);
    }
  }
}
