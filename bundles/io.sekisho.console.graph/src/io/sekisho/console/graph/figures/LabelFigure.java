package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.layout.Box;
import io.sekisho.console.graph.layout.Placement;
import io.sekisho.console.graph.layout.Route;
import io.sekisho.console.graph.layout.Size;
import io.sekisho.console.graph.layout.TextMeasure.Face;
import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.Wording;
import io.sekisho.console.ui.Theme;
import org.eclipse.draw2d.Graphics;
import org.eclipse.draw2d.geometry.Rectangle;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;

/** Port and rate on an edge: framed for trouble and selection, else a patch of what lies below. */
final class LabelFigure implements Drawn {
  private static final int ARC = 6;
  private static final int MOST = 240;
  private final TextPass texts;
  private final TextLine text;
  private GraphEdge edge;
  private Box box = Box.NOWHERE;
  private boolean onPanel;

  LabelFigure(TextPass texts) {
    this.texts = texts;
    text = new TextLine(texts, Face.SMALL);
  }

  GraphEdge edge() {
    return edge;
  }

  /** Shows what the placement says; {@code onPanel} if it lies on a container. */
  void show(GraphEdge next, Placement.Label label, boolean panelBelow) {
    edge = next;
    box = label.box();
    onPanel = panelBelow;
    text.set(label.brief() ? Wording.briefLabel(next) : Wording.label(next), MOST);
  }

  /** Shows the whole label beside the edge's route, whatever lies there. */
  void showNear(GraphEdge next, Placement placement, Route route) {
    Size words = texts.measure().of(Wording.label(next), Face.SMALL);
    Size size = new Size(words.width() + 8, words.height() + 2);
    show(next, new Placement.Label(placement.beside(route, size), false), true);
  }

  void dispose() {
    text.dispose();
  }

  @Override
  public Box bounds() {
    return box;
  }

  @Override
  public void draw(Graphics g, Seen seen) {
    boolean marked = seen.marked(edge.id());
    if (seen.far() && !marked) {
      return;
    }
    Theme theme = seen.theme();
    boolean faded = seen.faded(edge.id());
    boolean alarm = edge.troubled() && !faded;
    boolean framed = marked || alarm;
    Box at = seen.far() ? scaled(1 / seen.zoom()) : box;
    g.setBackgroundColor(framed || !onPanel ? theme.ground() : theme.panel());
    Rectangle r = new Rectangle(at.x(), at.y(), at.width(), at.height());
    int arc = seen.far() ? (int) (ARC / seen.zoom()) : ARC;
    g.fillRoundRectangle(r, arc, arc);
    if (framed) {
      Color frame = Theme.mix(seen.ink(theme.dropped(), false), theme.ground(), 0.5);
      g.setLineStyle(SWT.LINE_SOLID);
      g.setLineWidth(seen.far() ? (int) Math.round(1 / seen.zoom()) : 1);
      g.setForegroundColor(marked ? theme.accent() : frame);
      g.drawRoundRectangle(new Rectangle(r.x, r.y, r.width - 1, r.height - 1), arc, arc);
    }
    Color ink = edge.troubled() ? theme.dropped() : marked ? theme.text() : theme.faint();
    if (seen.far()) {
      texts.addAtFullSize(text, at.centreX(), at.centreY(), seen.ink(ink, faded));
    } else {
      text.drawCentred(box.centreX(), box.centreY(), seen.ink(ink, faded));
    }
  }

  /** In the far view a marked label keeps the size that it has at 100 %. */
  private Box scaled(double by) {
    Size size = new Size((int) (box.width() * by), (int) (box.height() * by));
    return Box.round(box.centreX(), box.centreY(), size);
  }
}
