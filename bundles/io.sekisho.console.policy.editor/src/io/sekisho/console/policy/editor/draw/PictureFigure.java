package io.sekisho.console.policy.editor.draw;

import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Theme;
import io.sekisho.policy.Direction;
import java.util.List;
import java.util.Optional;
import org.eclipse.draw2d.Figure;
import org.eclipse.draw2d.Graphics;
import org.eclipse.draw2d.geometry.Dimension;
import org.eclipse.draw2d.geometry.Rectangle;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Device;

/** The whole picture: titles, lines, boxes. */
public final class PictureFigure extends Figure {
  private final Look look;
  private final Device device;
  private Optional<Shown> shown = Optional.empty();

  /**
   * What is to be seen.
   *
   * @param plan where everything stands
   * @param marks what is wrong
   * @param stale whether the plan is that of an earlier text
   * @param selected what is selected
   * @param focused whether the keyboard is in the picture
   * @param hovered over what the pointer is
   * @param drop the side that a drop would go to
   */
  public record Shown(
      Plan plan,
      Marks marks,
      boolean stale,
      Optional<ElementId> selected,
      boolean focused,
      Optional<ElementId> hovered,
      Optional<Direction> drop) {}

  /** An empty picture. */
  public PictureFigure(Look look, Device device) {
    this.look = look;
    this.device = device;
    setOpaque(true);
    setBackgroundColor(look.theme().ground());
  }

  /** Shows something else. */
  public void show(Shown next) {
    shown = Optional.of(next);
    removeAll();
    Brush brush = new Brush(look, next.stale());
    next.plan().wires().forEach(w -> add(new WireFigure(w, brush, device)));
    for (Element element : next.plan().elements()) {
      ElementFigure.State state =
          new ElementFigure.State(
              next.selected().filter(element.id()::equals).isPresent(),
              next.focused(),
              next.hovered().filter(element.id()::equals).isPresent(),
              next.marks().of().getOrDefault(element.id(), List.of()));
      add(new ElementFigure(element, brush, state));
    }
    setPreferredSize(new Dimension(next.plan().width(), next.plan().height()));
    revalidate();
    repaint();
  }

  @Override
  protected void paintFigure(Graphics g) {
    super.paintFigure(g);
    shown.ifPresent(s -> paint(g, s));
  }

  private void paint(Graphics g, Shown s) {
    Theme theme = look.theme();
    Brush brush = new Brush(look, s.stale());
    g.setAntialias(SWT.ON);
    s.drop()
        .ifPresent(
            side -> {
              int half = s.plan().width() / 2;
              g.setBackgroundColor(theme.tint(theme.accent(), theme.ground()));
              int height = Math.max(getBounds().height, s.plan().height());
              g.fillRectangle(new Rectangle(side == Direction.INGRESS ? 0 : half, 0, half, height));
            });
    for (Plan.Title title : s.plan().titles()) {
      brush.text(
          g,
          title.text(),
          look.fonts().bold(),
          brush.ink(theme.text()),
          title.x(),
          12,
          title.width());
      brush.text(
          g,
          title.note(),
          look.fonts().small(),
          brush.ink(theme.faint()),
          title.x(),
          31,
          title.width());
    }
  }
}
