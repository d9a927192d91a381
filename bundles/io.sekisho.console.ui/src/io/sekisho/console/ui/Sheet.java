package io.sekisho.console.ui;

import io.sekisho.console.core.TrafficHistory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.layout.RowLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;

/**
 * The paper on which a page of details is written: titles, numbers, charts, cards, buttons from
 * above to below. What takes a supplier is drawn anew by {@link #redraw}.
 */
public final class Sheet {
  private static final int CHART_SLOTS = 75;

  /** Heights of rows in pixels. */
  private static final int PAIR = 20;

  private static final int FINDING = 44;

  private final Look look;
  private final Composite box;
  private final List<Canvas> live = new ArrayList<>();
  private final List<Runnable> lines = new ArrayList<>();

  /** A number with the word under it. */
  public record Number(Supplier<String> value, String word, Supplier<Color> colour) {}

  /** Empty paper. */
  public Sheet(Composite parent, Look look) {
    this.look = look;
    box = look.box(parent, look.theme().panel(), 1, 12, 4, 8);
  }

  /** Theme and fonts. */
  public Look look() {
    return look;
  }

  /** The widget. */
  public Composite box() {
    return box;
  }

  /** Draws the numbers and charts again. */
  public void redraw() {
    live.forEach(Canvas::redraw);
    lines.forEach(Runnable::run);
  }

  /** The name of what the page is about. */
  public void title(String text) {
    look.wrapped(box, text, look.fonts().large(), look.theme().text());
  }

  /** A paragraph. */
  public void text(String text) {
    look.wrapped(box, text, look.fonts().normal(), look.theme().text());
  }

  /** A paragraph of second rank. */
  public void faint(String text) {
    look.wrapped(box, text, look.fonts().normal(), look.theme().faint());
  }

  /** A line of second rank in small letters. */
  public void small(String text) {
    look.wrapped(box, text, look.fonts().small(), look.theme().faint());
  }

  /** Some room. */
  public void gap() {
    look.gap(box, 4);
  }

  /** A thin line with room round it. */
  public void rule() {
    gap();
    look.hairline(box);
    gap();
  }

  /** Numbers side by side. */
  public void numbers(Number... numbers) {
    live.add(
        sized(
            48,
            (gc, w, h) -> {
              int x = 0;
              for (Number n : numbers) {
                int end =
                    Paint.text(gc, n.value().get(), look.fonts().large(), n.colour().get(), x, 14);
                int word =
                    Paint.text(gc, n.word(), look.fonts().small(), look.theme().faint(), x, 38);
                x = Math.max(end, word) + 24;
              }
            }));
  }

  /** Flows above, drops below, losses hatched, with the hours at the ends. */
  public void chart(int height, Supplier<TrafficHistory> history) {
    live.add(sized(height, (gc, w, h) -> chart(gc, w, h, history.get())));
    live.add(
        sized(
            16,
            (gc, w, h) -> {
              TrafficHistory now = history.get();
              int length = now.flows().length;
              if (length > 0) {
                Color c = look.theme().faint();
                long begin = now.endSecond() - length;
                Paint.text(gc, Format.minute(begin), look.fonts().small(), c, 0, h / 2);
                Paint.textBefore(
                    gc, Format.minute(now.endSecond()), look.fonts().small(), c, w, h / 2);
              }
            }));
  }

  private void chart(GC gc, int w, int h, TrafficHistory history) {
    Theme t = look.theme();
    double[] all = Charts.condensed(history.flows(), CHART_SLOTS);
    double[] dropped = Charts.condensed(history.dropped(), CHART_SLOTS);
    double[] lost = Charts.condensed(history.lost(), CHART_SLOTS);
    double[] kept = new double[all.length];
    Arrays.setAll(kept, i -> Math.max(0, all[i] - dropped[i]));
    boolean both = Arrays.stream(kept).anyMatch(v -> v > 0);
    int split = both ? h * 2 / 3 : 2;
    if (both) {
      Charts.area(
          gc,
          kept,
          Charts.top(kept, 1) * 1.3,
          0,
          0,
          w - 1,
          split - 2,
          Theme.mix(t.forwarded(), t.panel(), 0.7),
          Theme.mix(t.forwarded(), t.panel(), 0.18));
    }
    Charts.hatch(gc, lost, 0, 0, w, h, t.unknown());
    Charts.bars(gc, dropped, Charts.top(dropped, 1) * 1.2, 0, split, w, h - split - 1, t.dropped());
    gc.setForeground(t.line());
    gc.setLineWidth(1);
    gc.drawLine(0, h - 1, w, h - 1);
  }

  private Canvas sized(int height, Look.Painter painter) {
    Canvas canvas = look.canvas(box, SWT.DEFAULT, height, painter);
    ((GridData) canvas.getLayoutData()).grabExcessVerticalSpace = false;
    ((GridData) canvas.getLayoutData()).verticalAlignment = SWT.TOP;
    return canvas;
  }

  /** Something that needs attention: a row on ground that can be clicked. */
  public void finding(Icons icon, Color colour, String what, Supplier<String> how, Runnable open) {
    press(
        FINDING,
        what,
        (gc, w, h) -> {
          Theme t = look.theme();
          Paint.round(gc, 0, 0, w, h, t.ground());
          icon.draw(gc, 8, 6, colour);
          gc.setFont(look.fonts().normal());
          String name = Paint.fit(gc, what, w - 36);
          Paint.text(gc, name, look.fonts().normal(), t.text(), 28, 14);
          Paint.text(gc, how.get(), look.fonts().small(), t.faint(), 28, 31);
        },
        open);
  }

  /** A card on ground with a bar of colour at its left: lines of text are added to it. */
  public Composite card(Color bar) {
    Composite card = look.row(box, look.theme().ground(), 1, 12, 10, 6);
    ((GridLayout) card.getLayout()).marginLeft = 4;
    card.addPaintListener(
        e -> {
          e.gc.setBackground(bar);
          e.gc.fillRectangle(0, 0, 4, card.getClientArea().height);
        });
    return card;
  }

  /** The first line of a card. */
  public void cardTitle(Composite card, String text) {
    look.wrapped(card, text, look.fonts().bold(), look.theme().text());
  }

  /** A line of a card. */
  public void cardLine(Composite card, String text, Color colour) {
    look.wrapped(card, text, look.fonts().normal(), colour);
  }

  /** The same of a text that changes. */
  public void cardLine(Composite card, Supplier<String> text, Color colour) {
    line(card, text, colour);
  }

  /** A paragraph that changes. */
  public void line(Supplier<String> text, Color colour) {
    line(box, text, colour);
  }

  private void line(Composite on, Supplier<String> text, Color colour) {
    Label line = look.wrapped(on, text.get(), look.fonts().normal(), colour);
    lines.add(
        () -> {
          String now = text.get();
          if (!now.equals(line.getText())) {
            line.setText(now);
          }
        });
  }

  /**
   * A line of a card that is opened by a click.
   *
   * @param name read aloud, and the tooltip
   */
  public void cardLink(Composite card, String text, String name, Runnable open) {
    Theme t = look.theme();
    Press press =
        new Press(
            card,
            look,
            SWT.DEFAULT,
            PAIR,
            name,
            (gc, w, h) -> {
              gc.setFont(look.fonts().normal());
              String fitting = Paint.fit(gc, text, w);
              Paint.text(gc, fitting, look.fonts().normal(), t.accent(), 0, h / 2);
            },
            open);
    ((GridData) press.control().getLayoutData()).grabExcessVerticalSpace = false;
  }

  /** Lines of a document on a card. */
  public void cardCode(Composite card, String text) {
    new Code(card, text, look.fonts().mono(), look.theme().text());
  }

  /** A row of native buttons, which goes on below where there is no room. */
  public Composite buttons() {
    Composite row = look.row(box, look.theme().panel(), 1, 0, 4, 8);
    RowLayout layout = new RowLayout(SWT.HORIZONTAL);
    layout.marginLeft = 0;
    layout.marginRight = 0;
    layout.marginTop = 4;
    layout.marginBottom = 4;
    layout.spacing = 8;
    row.setLayout(layout);
    return row;
  }

  /** A native button in such a row. */
  public Button button(Composite row, String text, boolean enabled, Runnable action) {
    Button button = new Button(row, SWT.PUSH);
    button.setText(text);
    button.setEnabled(enabled);
    button.addListener(SWT.Selection, e -> action.run());
    return button;
  }

  /** A name at the left, its value at the right. */
  public void pair(String name, Supplier<String> value) {
    Theme t = look.theme();
    live.add(sized(PAIR, (gc, w, h) -> pair(gc, w, h, name, t.faint(), value.get(), t.text())));
  }

  /** The same; a click opens what the value names. */
  public void link(String name, String value, Runnable open) {
    Theme t = look.theme();
    press(
        PAIR,
        name + ": " + value,
        (gc, w, h) -> pair(gc, w, h, name, t.faint(), value, t.accent()),
        open);
  }

  /** One of several things with a word about it; a click opens the thing. */
  public void item(String name, Supplier<String> about, Runnable open) {
    Theme t = look.theme();
    press(PAIR, name, (gc, w, h) -> pair(gc, w, h, name, t.accent(), about.get(), t.faint()), open);
  }

  private void pair(
      GC gc, int w, int h, String name, Color nameColour, String value, Color valueColour) {
    int x = Paint.text(gc, name, look.fonts().normal(), nameColour, 0, h / 2) + 12;
    gc.setFont(look.fonts().normal());
    String fitting = Paint.fit(gc, value, Math.max(20, w - x));
    Paint.textBefore(gc, fitting, look.fonts().normal(), valueColour, w, h / 2);
  }

  private void press(int height, String name, Look.Painter painter, Runnable open) {
    Press press = new Press(box, look, SWT.DEFAULT, height, name, painter, open);
    ((GridData) press.control().getLayoutData()).grabExcessVerticalSpace = false;
    live.add(press.control());
  }
}
