package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.layout.Box;
import io.sekisho.console.ui.Theme;
import java.util.Collection;
import org.eclipse.draw2d.Figure;
import org.eclipse.draw2d.Graphics;
import org.eclipse.draw2d.geometry.Rectangle;
import org.eclipse.swt.SWT;

/**
 * The whole canvas: paints the ground, then the world under the camera's transform, then all texts
 * without it, then the map. The GC scales itself: Draw2d's ScaledGraphics would round fonts and
 * coordinates.
 */
public final class Stage extends Figure {
  private final Picture picture;
  private final Seen seen;
  private final TextPass texts;
  private final Overview overview = new Overview();
  private Camera camera = Camera.START;
  private Box band = Box.NOWHERE;
  private Runnable painted = () -> {};
  private Runnable begin = () -> {};

  /** A stage that shows a picture. */
  public Stage(Picture picture, Seen seen, TextPass texts) {
    this.picture = picture;
    this.seen = seen;
    this.texts = texts;
    setOpaque(true);
  }

  /** Calls back after every frame that held at least one edge. */
  public void onPainted(Runnable listener) {
    painted = listener;
  }

  /** Calls back when a frame begins; for measuring. */
  public void onBegin(Runnable listener) {
    begin = listener;
  }

  /** What the window shows. */
  public Camera camera() {
    return camera;
  }

  /** Shows another part. */
  public void camera(Camera next) {
    camera = next;
  }

  /** The part of the world in sight. */
  public Box sees() {
    return camera.sees(getBounds().width, getBounds().height);
  }

  /** Where the map lies in the window, {@link Box#NOWHERE} while all is in sight. */
  public Box map() {
    return overview.place(sees(), getBounds());
  }

  /** The point of the world under a point of the map. */
  public double[] onMap(int x, int y) {
    return overview.world(map(), x, y);
  }

  /** The rubber band, in pixels of the window; {@link Box#NOWHERE} for none. */
  public void band(Box next) {
    band = next;
  }

  @Override
  public void paint(Graphics g) {
    begin.run();
    Theme theme = seen.theme();
    seen.zoom(camera.zoom());
    g.setBackgroundColor(theme.ground());
    g.fillRectangle(getBounds());
    g.pushState();
    g.setAntialias(SWT.ON);
    g.setTextAntialias(SWT.ON);
    int dx = (int) Math.round(camera.x());
    int dy = (int) Math.round(camera.y());
    g.translate((float) dx, (float) dy);
    g.scale(camera.zoom());
    world(g);
    g.popState();
    texts.draw(g, camera.zoom(), dx, dy);
    overview.show(picture.placement());
    Box map = map();
    if (map != Box.NOWHERE) {
      overview.draw(g, theme, sees(), map);
    }
    band(g, theme);
    if (!picture.edges().isEmpty()) {
      painted.run();
    }
  }

  private void world(Graphics g) {
    Rectangle clip = g.getClip(new Rectangle());
    Box visible = new Box(clip.x, clip.y, clip.width, clip.height);
    for (Collection<? extends Drawn> layer : picture.layers()) {
      for (Drawn d : layer) {
        if (d.bounds().meets(visible)) {
          d.draw(g, seen);
        }
      }
    }
  }

  private void band(Graphics g, Theme theme) {
    if (band != Box.NOWHERE) {
      g.setLineStyle(SWT.LINE_SOLID);
      g.setLineWidth(1);
      g.setForegroundColor(theme.accent());
      g.drawRectangle(band.x(), band.y(), band.width(), band.height());
    }
  }
}
