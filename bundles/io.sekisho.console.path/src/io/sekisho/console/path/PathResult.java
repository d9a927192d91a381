package io.sekisho.console.path;

import io.sekisho.api.v1.TracePathResponse;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Paint;
import io.sekisho.console.ui.PingWords;
import io.sekisho.console.ui.Theme;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;

/** What came of the pings: the numbers, each sample, and where nothing came back, why. */
final class PathResult {
  private static final int NUMBER = 84;
  private static final int SAMPLE = 9;
  private static final int BAR = 5;
  private static final String OPEN_RULE = "io.sekisho.console.policy.openRule";

  private final Look look;
  private final Composite row;
  private String sentence = "";

  PathResult(Composite parent, Look look) {
    this.look = look;
    row = look.row(parent, look.theme().ground(), 1, 12, 2, 16);
  }

  /** The reason why nothing came back; empty when something did. */
  String sentence() {
    return sentence;
  }

  void clear() {
    for (Control child : row.getChildren()) {
      child.dispose();
    }
    sentence = "";
    row.layout(true);
    row.getParent().layout(true);
  }

  void show(TracePathResponse answer) {
    clear();
    List<Long> samples = answer.getSamplesNsList();
    numbers(answer, samples);
    strip(samples);
    if (answer.hasDrop()) {
      dropped(answer);
    } else if (answer.getPing().getAnswered() == 0) {
      card(look.theme().unknown(), Texts.silent_title, Texts.silent_text, look.theme().text());
    }
    ((GridLayout) row.getLayout()).numColumns = row.getChildren().length;
    row.layout(true);
    row.getParent().layout(true);
  }

  /** A number with its word. */
  private record Number(String value, String word, Color colour) {}

  private void numbers(TracePathResponse answer, List<Long> samples) {
    Theme theme = look.theme();
    double loss = PingWords.loss(answer.getPing());
    boolean lossy = loss > 0;
    List<Number> numbers =
        List.of(
            new Number(PingWords.median(answer.getPing()), Texts.number_median, theme.text()),
            new Number(extreme(answered(samples).min()), Texts.number_min, theme.text()),
            new Number(extreme(answered(samples).max()), Texts.number_max, theme.text()),
            new Number(
                Format.share(loss), Texts.number_loss, lossy ? theme.dropped() : theme.text()));
    Canvas canvas =
        look.canvas(
            row,
            numbers.size() * NUMBER,
            44,
            (gc, w, h) -> {
              for (int i = 0; i < numbers.size(); i++) {
                Number n = numbers.get(i);
                var font = i == 0 ? look.fonts().large() : look.fonts().normal();
                Paint.text(gc, n.value(), font, n.colour(), left(i), 14);
                Paint.text(gc, n.word(), look.fonts().small(), theme.faint(), left(i), 36);
              }
            });
    canvas.setToolTipText(PingWords.answered(answer.getPing()));
  }

  /** The first number is the large one. */
  private static int left(int i) {
    return i == 0 ? 0 : i * (NUMBER - 10) + 30;
  }

  private static LongStream answered(List<Long> samples) {
    return samples.stream().mapToLong(Long::longValue).filter(ns -> ns > 0);
  }

  private static String extreme(java.util.OptionalLong ns) {
    return ns.isPresent() ? Format.latency(ns.getAsLong()) : Format.NONE;
  }

  private void strip(List<Long> samples) {
    if (samples.isEmpty()) {
      return;
    }
    long top = answered(samples).max().orElse(1);
    Canvas canvas =
        look.canvas(
            row, samples.size() * SAMPLE + 4, 44, (gc, w, h) -> samples(gc, h, samples, top));
    StringBuilder all = new StringBuilder();
    samples.forEach(
        ns ->
            all.append(all.isEmpty() ? "" : ", ")
                .append(ns == 0 ? Texts.sample_none : Format.latency(ns)));
    canvas.setToolTipText(all.toString());
  }

  private void samples(GC gc, int h, List<Long> samples, long top) {
    Theme theme = look.theme();
    for (int i = 0; i < samples.size(); i++) {
      long ns = samples.get(i);
      int x = i * SAMPLE;
      if (ns == 0) {
        Paint.cross(gc, x + BAR / 2, h - 8, 3, 2, theme.dropped());
      } else {
        int height = Math.max(3, (int) Math.round((h - 10.0) * ns / top));
        gc.setBackground(Theme.mix(theme.forwarded(), theme.ground(), 0.7));
        gc.fillRectangle(x, h - 4 - height, BAR, height);
      }
    }
    gc.setForeground(theme.line());
    gc.setLineWidth(1);
    gc.drawLine(0, h - 3, samples.size() * SAMPLE, h - 3);
  }

  private void dropped(TracePathResponse answer) {
    var drop = answer.getDrop();
    String title = Texts.bind(Texts.drop_title, orUnknown(drop.getNode()));
    Composite card =
        card(look.theme().dropped(), title, PathWords.why(drop), look.theme().dropped());
    sentence = Texts.bind(Texts.drop_sentence, orUnknown(drop.getNode()), PathWords.why(drop));
    Optional<String> rule = PathWords.rule(drop);
    rule.ifPresent(
        r -> {
          Button open = new Button(card, SWT.PUSH);
          open.setText(Texts.action_open_rule);
          open.setEnabled(Commands.handled(OPEN_RULE));
          GridData data = new GridData(SWT.END, SWT.CENTER, false, true);
          open.setLayoutData(data);
          open.addListener(
              SWT.Selection,
              e ->
                  Commands.fire(
                      OPEN_RULE,
                      Map.of("rule", r, "line", String.valueOf(drop.getRule().getLine()))));
        });
    ((GridLayout) card.getLayout()).numColumns = rule.isPresent() ? 2 : 1;
  }

  private static String orUnknown(String node) {
    return node.isEmpty() ? Format.UNKNOWN : node;
  }

  private Composite card(Color bar, String title, String text, Color ink) {
    sentence = title + ". " + text;
    Composite card = look.row(row, look.theme().panel(), 1, 12, 4, 8);
    ((GridLayout) card.getLayout()).marginLeft = 4;
    card.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    card.addPaintListener(
        e -> {
          e.gc.setBackground(bar);
          e.gc.fillRectangle(0, 0, 4, card.getClientArea().height);
        });
    Composite words = look.box(card, look.theme().panel(), 1, 0, 0, 0);
    words.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    look.label(words, title, look.fonts().bold(), look.theme().text());
    look.wrapped(words, text, look.fonts().normal(), ink);
    return card;
  }
}
