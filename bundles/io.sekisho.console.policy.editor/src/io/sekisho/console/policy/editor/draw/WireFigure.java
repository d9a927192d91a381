package io.sekisho.console.policy.editor.draw;

import org.eclipse.draw2d.Figure;
import org.eclipse.draw2d.Graphics;
import org.eclipse.draw2d.geometry.PointList;
import org.eclipse.draw2d.geometry.Rectangle;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Device;
import org.eclipse.swt.graphics.Path;

/** A line with its arrow; one that denies stops at a cross. */
final class WireFigure extends Figure {
  private static final int HEAD = 7;
  private static final int CROSS = 4;
  private static final int CORNER = 8;
  private final Wire wire;
  private final Brush brush;
  private final Device device;

  WireFigure(Wire wire, Brush brush, Device device) {
    this.wire = wire;
    this.brush = brush;
    this.device = device;
    int x = Math.min(wire.x1(), wire.x2());
    int y = Math.min(wire.y1(), wire.y2());
    setBounds(
        new Rectangle(
            x - 2,
            y - HEAD,
            Math.abs(wire.x1() - wire.x2()) + 4,
            Math.abs(wire.y1() - wire.y2()) + 2 * HEAD));
  }

  @Override
  protected void paintFigure(Graphics g) {
    g.setAntialias(SWT.ON);
    boolean drops = wire.style() == Wire.Style.DENY || wire.style() == Wire.Style.REST_DENY;
    boolean denies = drops && wire.head();
    int towards = Integer.signum(wire.x2() - wire.x1());
    int end = wire.head() ? wire.x2() - towards * HEAD : wire.x2();
    int stop = denies ? end - towards * 2 * CROSS : end;
    brush.line(g, wire.style());
    Path path = path(stop);
    g.drawPath(path);
    path.dispose();
    g.setLineStyle(SWT.LINE_SOLID);
    if (wire.head()) {
      g.setBackgroundColor(brush.of(wire.style()));
      PointList head = new PointList();
      head.addPoint(wire.x2(), wire.y2());
      head.addPoint(end - towards, wire.y2() - 4);
      head.addPoint(end - towards, wire.y2() + 4);
      g.fillPolygon(head);
    }
    if (denies) {
      int x = stop - towards;
      g.setLineCap(SWT.CAP_ROUND);
      g.setLineWidth(2);
      g.drawLine(x - CROSS, wire.y2() - CROSS, x + CROSS, wire.y2() + CROSS);
      g.drawLine(x - CROSS, wire.y2() + CROSS, x + CROSS, wire.y2() - CROSS);
    }
  }

  /** Level, or with one step whose corners are round. */
  private Path path(int stop) {
    Path path = new Path(device);
    path.moveTo(wire.x1(), wire.y1());
    int rise = wire.y2() - wire.y1();
    if (rise != 0) {
      int middle = (wire.x1() + wire.x2()) / 2;
      int across = Integer.signum(wire.x2() - wire.x1());
      int along = Integer.signum(rise);
      int r = Math.min(CORNER, Math.min(Math.abs(rise) / 2, Math.abs(wire.x2() - wire.x1()) / 2));
      path.lineTo(middle - across * r, wire.y1());
      path.quadTo(middle, wire.y1(), middle, wire.y1() + along * r);
      path.lineTo(middle, wire.y2() - along * r);
      path.quadTo(middle, wire.y2(), middle + across * r, wire.y2());
    }
    path.lineTo(stop, wire.y2());
    return path;
  }
}
