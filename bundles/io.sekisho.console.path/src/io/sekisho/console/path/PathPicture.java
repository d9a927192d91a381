package io.sekisho.console.path;

import io.sekisho.console.path.PathPlan.Group;
import io.sekisho.console.path.PathPlan.Reach;
import io.sekisho.console.path.PathPlan.Station;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Paint;
import io.sekisho.console.ui.Theme;
import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Control;

/** Draws a path: nodes as trays, stations as boxes, arrows with what was measured. */
final class PathPicture {
  private static final int ARC = 12;
  private static final int TRAY_ARC = 16;
  private static final int HEAD = 5;
  private static final int[] DASH = {4, 3};
  private static final int FIRST_LINE = 13;
  private static final int LINE = 17;

  private final Look look;
  private final PathPlan plan;
  private final PathLayout layout;

  PathPicture(Control on, Look look, PathPlan plan) {
    this.look = look;
    this.plan = plan;
    layout =
        PathLayout.of(
            plan,
            s ->
                Math.max(
                    Paint.width(on, s.name(), look.fonts().normal()),
                    Math.max(
                        Paint.width(on, PathWords.kind(s.hop()), look.fonts().small()),
                        Paint.width(on, s.address(), look.fonts().small()))),
            g -> titleWidth(on, g));
  }

  private int titleWidth(Control on, Group group) {
    int dropped = droppedIn(group) ? 24 + Paint.width(on, Texts.dropped_here, small()) : 0;
    return Paint.width(on, title(group), look.fonts().bold()) + dropped;
  }

  private org.eclipse.swt.graphics.Font small() {
    return look.fonts().small();
  }

  PathLayout layout() {
    return layout;
  }

  private static String title(Group group) {
    return group.outside() ? Texts.group_outside : group.node();
  }

  private boolean droppedIn(Group group) {
    return group.stations().stream().anyMatch(s -> s.number() == plan.dropStation());
  }

  /** Draws with the corner at the origin; a selected station has a rim. */
  void paint(GC gc, int selected, boolean focus) {
    for (int i = 0; i < plan.groups().size(); i++) {
      tray(gc, plan.groups().get(i), layout.boxes().get(i));
    }
    arrows(gc);
    for (Station station : plan.stations()) {
      station(gc, station, station.number() == selected, focus);
    }
  }

  private void tray(GC gc, Group group, Rectangle box) {
    Theme theme = look.theme();
    gc.setLineWidth(1);
    gc.setForeground(group.outside() ? rim(theme) : theme.line());
    gc.setBackground(group.outside() ? theme.ground() : theme.panel());
    gc.fillRoundRectangle(box.x, box.y, box.width - 1, box.height - 1, TRAY_ARC, TRAY_ARC);
    if (group.outside()) {
      gc.setLineDash(DASH);
    }
    gc.drawRoundRectangle(box.x, box.y, box.width - 1, box.height - 1, TRAY_ARC, TRAY_ARC);
    gc.setLineStyle(SWT.LINE_SOLID);
    int middle = box.y + PathLayout.TITLE / 2 + 1;
    int x =
        Paint.text(
            gc,
            title(group),
            look.fonts().bold(),
            theme.text(),
            box.x + PathLayout.PAD + 2,
            middle);
    if (droppedIn(group)) {
      Icons.DROPPED.draw(gc, x + 6, middle - 8, theme.dropped());
      Paint.text(gc, Texts.dropped_here, small(), theme.dropped(), x + 24, middle);
    }
  }

  private static Color rim(Theme theme) {
    return Theme.mix(theme.unknown(), theme.line(), 0.35);
  }

  private void station(GC gc, Station station, boolean selected, boolean focus) {
    Theme theme = look.theme();
    Rectangle r = layout.places().get(station.number());
    boolean beyond = plan.reach(station) == Reach.BEYOND_DROP;
    boolean outside = station.hop().getNode().isEmpty();
    boolean dropped = station.number() == plan.dropStation();
    gc.setLineWidth(1);
    gc.setBackground(
        theme.dark() && !outside ? Theme.mix(theme.line(), theme.panel(), 0.4) : theme.ground());
    gc.fillRoundRectangle(r.x, r.y, r.width - 1, r.height - 1, ARC, ARC);
    gc.setForeground(dropped ? theme.dropped() : selected ? theme.accent() : rim(theme));
    gc.setLineWidth(selected || dropped ? 2 : 1);
    if (outside) {
      gc.setLineDash(DASH);
    }
    gc.drawRoundRectangle(r.x, r.y, r.width - 1, r.height - 1, ARC, ARC);
    gc.setLineStyle(SWT.LINE_SOLID);
    gc.setLineWidth(1);
    if (selected && focus) {
      gc.setForeground(theme.accent());
      gc.drawRoundRectangle(r.x - 3, r.y - 3, r.width + 5, r.height + 5, ARC + 4, ARC + 4);
    }
    lines(gc, station, r, beyond ? theme.faint() : theme.text(), theme.faint());
  }

  private void lines(GC gc, Station station, Rectangle r, Color ink, Color soft) {
    List<String> lines = List.of(station.name(), PathWords.kind(station.hop()), station.address());
    int y = r.y + FIRST_LINE;
    for (int i = 0; i < lines.size(); i++) {
      var font = i == 0 ? look.fonts().normal() : small();
      gc.setFont(font);
      Paint.text(
          gc, Paint.fit(gc, lines.get(i), r.width - 12), font, i == 0 ? ink : soft, r.x + 8, y);
      y += i == 0 ? LINE : LINE - 1;
    }
  }

  private void arrows(GC gc) {
    List<Station> all = plan.stations();
    int group = 0;
    for (int i = 1; i < all.size(); i++) {
      Rectangle from = layout.places().get(i - 1);
      Rectangle to = layout.places().get(i);
      boolean crosses = plan.groups().get(group).stations().getLast().number() == i - 1;
      if (crosses) {
        group++;
      }
      Reach reach = plan.reach(all.get(i));
      arrow(gc, from.x + from.width + 2, to.x - 3, from.y + from.height / 2, reach, crosses);
      if (crosses) {
        label(gc, PathPlan.latency(plan.groups().get(group)), group, from.y + from.height / 2);
      }
    }
  }

  private void arrow(GC gc, int from, int to, int y, Reach reach, boolean crosses) {
    Theme theme = look.theme();
    Color colour =
        switch (reach) {
          case PASSED -> theme.forwarded();
          case BEYOND_DROP -> rim(theme);
          case UNKNOWN -> theme.unknown();
        };
    gc.setForeground(colour);
    gc.setBackground(colour);
    gc.setLineWidth(crosses && reach == Reach.PASSED ? 2 : 1);
    if (reach != Reach.PASSED) {
      gc.setLineDash(DASH);
    }
    gc.drawLine(from, y, to - HEAD, y);
    gc.setLineStyle(SWT.LINE_SOLID);
    gc.fillPolygon(new int[] {to, y, to - HEAD - 2, y - HEAD + 1, to - HEAD - 2, y + HEAD - 1});
  }

  /** Latency between two trays, above the arrow. */
  private void label(GC gc, String text, int group, int y) {
    if (text.isEmpty()) {
      return;
    }
    Rectangle before = layout.boxes().get(group - 1);
    int middle = before.x + before.width + PathLayout.FAR / 2;
    gc.setFont(small());
    int width = gc.textExtent(text).x;
    Paint.text(gc, text, small(), look.theme().text(), middle - width / 2, y - 11);
  }
}
