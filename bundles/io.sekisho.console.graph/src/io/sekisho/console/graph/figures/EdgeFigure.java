package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.layout.Box;
import io.sekisho.console.graph.layout.Route;
import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.Look;
import io.sekisho.console.ui.Theme;
import org.eclipse.draw2d.Graphics;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.Device;
import org.eclipse.swt.graphics.Path;

/** One edge: colour, line and width say verdict and rate. */
final class EdgeFigure implements Drawn {
  private static final int HALO = 6;
  private static final int SPREAD = 14;
  private final Device device;
  private GraphEdge edge;
  private Route route;
  private Box bounds = Box.NOWHERE;
  private EdgeShape shape;

  EdgeFigure(Device device) {
    this.device = device;
  }

  GraphEdge edge() {
    return edge;
  }

  Route route() {
    return route;
  }

  /** Takes the data and the way of the moment; paths are made again only where they differ. */
  void show(GraphEdge next, Route way) {
    boolean same =
        edge != null
            && way == route
            && edge.look() == next.look()
            && edge.width() == next.width()
            && (next.look() != Look.MIXED
                || Math.abs(edge.droppedShare() - next.droppedShare()) < 0.02);
    edge = next;
    if (!same) {
      route = way;
      dispose();
      bounds = way.bounds().grown(SPREAD);
    }
  }

  @Override
  public Box bounds() {
    return bounds;
  }

  /** Pixels from a point to the line; far more than any reach if the point lies outside. */
  double distance(double x, double y) {
    return bounds.holds(x, y) ? route.distance(x, y) : Double.MAX_VALUE;
  }

  void dispose() {
    if (shape != null) {
      shape.dispose();
      shape = null;
    }
  }

  @Override
  public void draw(Graphics g, Seen seen) {
    if (shape == null) {
      shape = new EdgeShape(device, edge, route);
    }
    Theme theme = seen.theme();
    boolean faded = seen.faded(edge.id());
    g.setLineJoin(SWT.JOIN_ROUND);
    if (seen.marked(edge.id())) {
      halo(g, seen);
    }
    Color line = seen.ink(colour(theme, seen), faded);
    Color drop = seen.ink(theme.dropped(), faded);
    for (EdgeShape.Stroke s : shape.strokes) {
      g.setForegroundColor(s.role() == EdgeShape.Role.DROP ? drop : line);
      g.setLineWidth(s.width());
      if (s.dash().length == 0) {
        g.setLineStyle(SWT.LINE_SOLID);
        g.setLineCap(SWT.CAP_FLAT);
      } else {
        g.setLineDash(s.dash());
        g.setLineCap(edge.look() == Look.AUDITED ? SWT.CAP_ROUND : SWT.CAP_FLAT);
      }
      g.drawPath(s.path());
    }
    g.setLineStyle(SWT.LINE_SOLID);
    for (EdgeShape.Head h : shape.heads) {
      g.setBackgroundColor(h.role() == EdgeShape.Role.DROP ? drop : line);
      g.fillPath(h.path());
    }
    crosses(g, drop);
  }

  private void halo(Graphics g, Seen seen) {
    Theme theme = seen.theme();
    double strength = seen.isSelected(edge.id()) ? 0.28 : 0.16;
    g.setLineStyle(SWT.LINE_SOLID);
    g.setLineCap(SWT.CAP_ROUND);
    g.setLineWidth(edge.width() + HALO);
    g.setForegroundColor(Theme.mix(theme.accent(), theme.panel(), strength));
    g.drawPath(shape.spine);
  }

  private void crosses(Graphics g, Color drop) {
    if (!shape.crosses.isEmpty()) {
      g.setLineCap(SWT.CAP_ROUND);
      g.setForegroundColor(drop);
      g.setLineWidth(2);
      for (Path cross : shape.crosses) {
        g.drawPath(cross);
      }
    }
    g.setLineCap(SWT.CAP_FLAT);
  }

  private Color colour(Theme theme, Seen seen) {
    Color full =
        switch (edge.look()) {
          case FORWARDED, MIXED -> theme.forwarded();
          case DROPPED -> theme.dropped();
          case AUDITED -> theme.audit();
          case STALE -> Theme.mix(theme.unknown(), theme.ground(), 0.55);
        };
    boolean pale = edge.bundle() && edge.look() != Look.DROPPED && !seen.marked(edge.id());
    return pale ? Theme.mix(full, theme.ground(), 0.45) : full;
  }
}
