package io.sekisho.console.ui;

import io.sekisho.console.core.Link;
import io.sekisho.console.core.TrafficHistory;
import java.util.Arrays;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;

/**
 * Live or paused, the last minutes as a sparkline with drops below and losses hatched, and the
 * numbers of the last seconds.
 */
public final class TimeBar {
  private static final int SLOTS = 150;
  private static final int AVERAGED_SECONDS = 5;

  private final Look look;
  private final Scope scope;
  private final Press play;
  private final Canvas line;
  private final Canvas numbers;
  private TrafficHistory history = TrafficHistory.EMPTY;
  private long lost;

  /** Fills a row of the parent's grid. */
  public TimeBar(Composite parent, Look look, Scope scope) {
    this.look = look;
    this.scope = scope;
    Composite row = look.row(parent, look.theme().panel(), 3, 12, 0, 12);
    ((org.eclipse.swt.layout.GridLayout) row.getLayout()).marginBottom = 8;
    Fonts fonts = look.fonts();
    int word =
        Math.max(
            Paint.width(row, Texts.time_off, fonts.bold()),
            Math.max(
                Paint.width(row, Texts.time_live, fonts.bold()),
                Paint.width(row, Texts.time_paused, fonts.bold())));
    play =
        new Press(
            row,
            look,
            word + 50,
            28,
            Texts.time_pause,
            (gc, w, h) -> paintPlay(gc, h),
            () -> scope.pause(!scope.paused()));
    line = look.canvas(row, SWT.DEFAULT, 30, this::paintLine);
    int width =
        Paint.width(row, "88,888", fonts.bold()) * 3
            + Paint.width(
                row,
                Texts.time_flows_unit + Texts.time_dropped_unit + Texts.time_lost_unit,
                fonts.normal())
            + 24;
    numbers = look.canvas(row, width, 28, this::paintNumbers);
    ((GridData) numbers.getLayoutData()).horizontalAlignment = SWT.END;
    show();
  }

  /** Takes the newest numbers of the scope. */
  public void show() {
    if (!scope.paused()) {
      history = scope.session().map(s -> s.history()).orElse(TrafficHistory.EMPTY);
      lost = scope.session().map(s -> s.flows().lost()).orElse(0L);
    }
    play.name(scope.paused() ? Texts.time_go_on : Texts.time_pause);
    play.control().redraw();
    line.redraw();
    numbers.setToolTipText(
        isLive() ? Texts.bind(Texts.time_lost_tip, Format.count(lost)) : Texts.time_off_tip);
    numbers.redraw();
  }

  /** Whether somebody tells what happens now; what is not told is unknown, not none. */
  private boolean isLive() {
    return scope.session().filter(s -> s.link() instanceof Link.Connected).isPresent();
  }

  private void paintPlay(GC gc, int h) {
    Theme t = look.theme();
    boolean paused = scope.paused();
    boolean live = isLive();
    Color colour = paused ? t.audit() : live ? t.forwarded() : t.unknown();
    (paused ? Icons.PLAY : Icons.PAUSE).draw(gc, 4, h / 2 - 8, t.text());
    if (!paused) {
      Paint.disc(gc, 32, h / 2, 3, colour);
    }
    Paint.text(
        gc,
        paused ? Texts.time_paused : live ? Texts.time_live : Texts.time_off,
        look.fonts().bold(),
        colour,
        paused ? 28 : 40,
        h / 2);
  }

  private void paintLine(GC gc, int w, int h) {
    Theme t = look.theme();
    double[] flows = Charts.condensed(history.flows(), SLOTS);
    double[] dropped = Charts.condensed(history.dropped(), SLOTS);
    double[] gone = Charts.condensed(history.lost(), SLOTS);
    int chart = w - 8;
    Charts.area(
        gc,
        flows,
        Charts.top(flows, 10) * 1.3,
        0,
        0,
        chart,
        20,
        Theme.mix(t.forwarded(), t.panel(), 0.7),
        Theme.mix(t.forwarded(), t.panel(), 0.18));
    Charts.hatch(gc, gone, 0, 0, chart, 20, t.unknown());
    Charts.bars(gc, dropped, Charts.top(dropped, 4), 0, 21, chart, 9, t.dropped());
    if (flows.length > 0) {
      gc.setForeground(t.accent());
      gc.setLineWidth(2);
      gc.drawLine(w - 6, 0, w - 6, h);
    }
  }

  private void paintNumbers(GC gc, int w, int h) {
    Theme t = look.theme();
    boolean known = history.flows().length > 0 && (isLive() || scope.paused());
    double dropped = known ? average(history.dropped()) : 0;
    int x = w - 4;
    x =
        pair(
            gc,
            Format.count(lost),
            Texts.time_lost_unit,
            lost > 0 ? t.audit() : t.text(),
            lost > 0,
            x,
            h);
    x =
        pair(
            gc,
            known ? Format.rateNumber(dropped) : Format.UNKNOWN,
            Texts.time_dropped_unit,
            dropped > 0 ? t.dropped() : t.text(),
            dropped > 0,
            x - 20,
            h);
    String flows = known ? Format.rateNumber(average(history.flows())) : Format.UNKNOWN;
    pair(gc, flows, Texts.time_flows_unit, t.text(), false, x - 20, h);
  }

  private int pair(
      GC gc, String number, String unit, Color colour, boolean alarm, int right, int h) {
    Color second = alarm ? colour : look.theme().faint();
    int x = Paint.textBefore(gc, unit, look.fonts().normal(), second, right, h / 2);
    return Paint.textBefore(gc, number, look.fonts().bold(), colour, x, h / 2);
  }

  private static double average(int[] perSecond) {
    int from = Math.max(0, perSecond.length - AVERAGED_SECONDS);
    return Arrays.stream(perSecond, from, perSecond.length).average().orElse(0);
  }
}
