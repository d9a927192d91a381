package io.sekisho.console.policy.editor.draw;

import org.eclipse.draw2d.Figure;
import org.eclipse.draw2d.Graphics;
import org.eclipse.draw2d.IFigure;
import org.eclipse.draw2d.StackLayout;
import org.eclipse.draw2d.geometry.Dimension;
import org.eclipse.draw2d.geometry.Rectangle;
import org.eclipse.draw2d.geometry.Translatable;

/**
 * A figure at another size. The graphics scales itself, so that fonts and lines are not rounded as
 * Draw2d's own scaled graphics does.
 */
public final class Zoomed extends Figure {
  private final IFigure inside;
  private double zoom = 1;

  /** At its own size. */
  public Zoomed(IFigure inside) {
    this.inside = inside;
    setLayoutManager(new StackLayout());
    add(inside);
  }

  /** How large: 1 for its own size. */
  public double zoom() {
    return zoom;
  }

  /** Shows it so large from now on. */
  public void zoom(double next) {
    zoom = next;
    revalidate();
    repaint();
  }

  @Override
  public Dimension getPreferredSize(int wide, int high) {
    Dimension own = inside.getPreferredSize(-1, -1);
    return new Dimension((int) Math.ceil(own.width * zoom), (int) Math.ceil(own.height * zoom));
  }

  @Override
  public Rectangle getClientArea(Rectangle out) {
    Rectangle area = super.getClientArea(out);
    area.x = (int) Math.floor(area.x / zoom);
    area.y = (int) Math.floor(area.y / zoom);
    area.width = (int) Math.ceil(area.width / zoom);
    area.height = (int) Math.ceil(area.height / zoom);
    return area;
  }

  @Override
  public boolean isCoordinateSystem() {
    return true;
  }

  @Override
  public void translateToParent(Translatable place) {
    place.performScale(zoom);
    super.translateToParent(place);
  }

  @Override
  public void translateFromParent(Translatable place) {
    super.translateFromParent(place);
    place.performScale(1 / zoom);
  }

  @Override
  protected void paintClientArea(Graphics g) {
    g.pushState();
    g.scale(zoom);
    g.pushState(); // children go back to the last state that was pushed
    paintChildren(g);
    g.popState();
    g.popState();
  }
}
