package io.sekisho.console.graph.figures;

import io.sekisho.console.graph.layout.Route;
import io.sekisho.console.graph.model.GraphEdge;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.swt.graphics.Device;
import org.eclipse.swt.graphics.Path;

/** The paths of one edge; made when its route, look or width changes, not when it is painted. */
final class EdgeShape {
  /** Whether a part says "let through" or "not". */
  enum Role {
    LINE,
    DROP
  }

  record Stroke(Path path, int width, int[] dash, Role role) {}

  record Head(Path path, Role role) {}

  private static final float RADIUS = 8;
  private static final int[] SOLID = {};
  private static final int[] DASHED = {6, 4};
  private static final int CROSS_FROM_END = 14;
  private static final int STOP_BEFORE_END = 20;
  private static final float CROSS = 4;
  private static final int LEAST_MIXED = 4;

  private final Device device;
  final List<Stroke> strokes = new ArrayList<>();
  final List<Head> heads = new ArrayList<>();
  final List<Path> crosses = new ArrayList<>();
  final Path spine;

  EdgeShape(Device device, GraphEdge edge, Route route) {
    this.device = device;
    spine = smooth(route);
    int width = edge.width();
    switch (edge.look()) {
      case FORWARDED, STALE -> single(route, width, SOLID);
      case AUDITED -> single(route, width, new int[] {1, width + 3});
      case DROPPED -> dropped(route, width);
      case MIXED -> mixed(edge.droppedShare(), route, Math.max(LEAST_MIXED, width));
    }
  }

  private void single(Route route, int width, int[] dash) {
    double head = headLength(width);
    strokes.add(new Stroke(smooth(route.shortened(head - 1)), width, dash, Role.LINE));
    heads.add(new Head(head(route, width), Role.LINE));
  }

  /** The line stops at the cross; what would have arrived is only hinted by a thin head. */
  private void dropped(Route route, int width) {
    strokes.add(new Stroke(smooth(route.shortened(STOP_BEFORE_END)), width, DASHED, Role.DROP));
    heads.add(new Head(head(route, 1), Role.DROP));
    crosses.add(cross(route, CROSS_FROM_END));
  }

  private void mixed(double share, Route route, int width) {
    int lost = Math.clamp(Math.round(width * share), 2, width - 2);
    int kept = width - lost;
    double gap = 2;
    Route left = route.beside(-(lost + gap) / 2);
    Route right = route.beside((kept + gap) / 2 + 0.5);
    strokes.add(new Stroke(smooth(left.shortened(headLength(kept) - 1)), kept, SOLID, Role.LINE));
    heads.add(new Head(head(left, kept), Role.LINE));
    strokes.add(new Stroke(smooth(right.shortened(STOP_BEFORE_END)), lost, DASHED, Role.DROP));
    crosses.add(cross(right, CROSS_FROM_END + 1));
  }

  private static double headLength(int width) {
    return 6 + width;
  }

  private Path head(Route route, int width) {
    Route.At tip = route.at(route.length());
    double length = headLength(width);
    double half = 3 + 0.75 * width;
    double x = tip.x() - tip.dx() * length;
    double y = tip.y() - tip.dy() * length;
    Path p = new Path(device);
    p.moveTo(tip.x(), tip.y());
    p.lineTo((float) (x - tip.dy() * half), (float) (y + tip.dx() * half));
    p.lineTo((float) (x + tip.dy() * half), (float) (y - tip.dx() * half));
    p.close();
    return p;
  }

  private Path cross(Route route, double fromEnd) {
    Route.At c = route.at(route.length() - fromEnd);
    Path p = new Path(device);
    p.moveTo(c.x() - CROSS, c.y() - CROSS);
    p.lineTo(c.x() + CROSS, c.y() + CROSS);
    p.moveTo(c.x() - CROSS, c.y() + CROSS);
    p.lineTo(c.x() + CROSS, c.y() - CROSS);
    return p;
  }

  /** The polyline with rounded corners. */
  private Path smooth(Route r) {
    Path p = new Path(device);
    p.moveTo(r.x(0), r.y(0));
    for (int i = 1; i < r.size() - 1; i++) {
      double before = Math.hypot(r.x(i) - r.x(i - 1), r.y(i) - r.y(i - 1));
      double after = Math.hypot(r.x(i + 1) - r.x(i), r.y(i + 1) - r.y(i));
      double radius = Math.min(RADIUS, Math.min(before, after) / 2);
      if (radius < 0.5) {
        p.lineTo(r.x(i), r.y(i));
        continue;
      }
      double in = radius / before;
      double out = radius / after;
      p.lineTo(
          (float) (r.x(i) + (r.x(i - 1) - r.x(i)) * in),
          (float) (r.y(i) + (r.y(i - 1) - r.y(i)) * in));
      p.quadTo(
          r.x(i),
          r.y(i),
          (float) (r.x(i) + (r.x(i + 1) - r.x(i)) * out),
          (float) (r.y(i) + (r.y(i + 1) - r.y(i)) * out));
    }
    p.lineTo(r.x(r.size() - 1), r.y(r.size() - 1));
    return p;
  }

  void dispose() {
    strokes.forEach(s -> s.path.dispose());
    heads.forEach(h -> h.path.dispose());
    crosses.forEach(Path::dispose);
    spine.dispose();
  }
}
