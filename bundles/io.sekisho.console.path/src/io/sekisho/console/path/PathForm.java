package io.sekisho.console.path;

import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Menus;
import io.sekisho.console.ui.Paint;
import io.sekisho.console.ui.PathEnds;
import io.sekisho.console.ui.Press;
import io.sekisho.console.ui.Scope;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;

/** From where to where, by which family, how often: what is asked of the agent. */
final class PathForm {
  private static final List<Integer> COUNTS = List.of(5, 10, 20);
  private static final List<Integer> FAMILIES = List.of(0, 4, 6);

  /** What was typed and chosen; survives a change of the theme. */
  static final class Values {
    private String source = "";
    private String destination = "";
    private int count = COUNTS.getFirst();
    private int family;

    void ends(PathEnds ends) {
      source = ends.source();
      destination = ends.destination();
    }

    boolean complete() {
      return !source.isBlank() && !destination.isBlank();
    }

    TracePathRequest request() {
      return TracePathRequest.newBuilder()
          .setSource(source.strip())
          .setDestination(destination.strip())
          .setCount(count)
          .setFamily(family)
          .build();
    }
  }

  private final Look look;
  private final Values values;
  private final Text source;
  private final Text destination;
  private final Button measure;
  private final Button cancel;
  private final Label reason;
  private final Composite row;

  PathForm(
      Composite parent,
      Look look,
      Scope scope,
      Values values,
      Runnable onMeasure,
      Runnable onCancel) {
    this.look = look;
    this.values = values;
    row = look.row(parent, look.theme().ground(), 1, 12, 4, 8);
    word(Texts.form_from);
    source = EndpointNames.field(row, scope, Texts.form_from_hint);
    word(Texts.form_to);
    destination = EndpointNames.field(row, scope, Texts.form_to_hint);
    choice(FAMILIES, PathForm::family, values.family, next -> values.family = next);
    choice(COUNTS, n -> Texts.bind(Texts.form_count, n), values.count, next -> values.count = next);
    measure = button(Texts.action_measure, onMeasure);
    cancel = button(Texts.action_cancel, onCancel);
    ((GridLayout) row.getLayout()).numColumns = row.getChildren().length;
    reason = look.label(row, "", look.fonts().normal(), look.theme().audit());
    GridData below = new GridData(SWT.FILL, SWT.TOP, true, false);
    below.horizontalSpan = ((GridLayout) row.getLayout()).numColumns;
    below.exclude = true;
    reason.setLayoutData(below);
    take();
    source.addListener(SWT.Modify, e -> values.source = source.getText());
    destination.addListener(SWT.Modify, e -> values.destination = destination.getText());
    destination.addListener(SWT.DefaultSelection, e -> onMeasure.run());
  }

  private void word(String text) {
    look.label(row, text, look.fonts().normal(), look.theme().faint());
  }

  private Button button(String text, Runnable action) {
    Button button = new Button(row, SWT.PUSH);
    button.setText(text);
    button.addListener(SWT.Selection, e -> action.run());
    return button;
  }

  private static String family(int family) {
    return family == 0 ? Texts.form_any_family : "IPv" + family;
  }

  private void choice(
      List<Integer> all, IntFunction<String> words, int chosen, IntConsumer choose) {
    Control[] press = new Control[1];
    int[] now = {chosen};
    int widest =
        all.stream()
            .mapToInt(n -> Paint.width(row, words.apply(n), look.fonts().normal()))
            .max()
            .orElse(0);
    press[0] =
        new Press(
                row,
                look,
                widest + 28,
                24,
                words.apply(chosen),
                (gc, w, h) -> {
                  Paint.text(
                      gc,
                      words.apply(now[0]),
                      look.fonts().normal(),
                      look.theme().text(),
                      6,
                      h / 2);
                  Paint.arrowDown(gc, w - 11, h / 2, look.theme().faint());
                },
                () -> {
                  MenuManager menu = new MenuManager();
                  all.forEach(
                      n ->
                          menu.add(
                              Menus.checked(
                                  words.apply(n),
                                  n == now[0],
                                  () -> {
                                    now[0] = n;
                                    choose.accept(n);
                                    press[0].setToolTipText(words.apply(n));
                                    press[0].redraw();
                                  })));
                  Menus.open(menu, press[0]);
                })
            .control();
  }

  /** Shows the ends that someone has set. */
  void take() {
    if (!source.getText().equals(values.source)) {
      source.setText(values.source);
    }
    if (!destination.getText().equals(values.destination)) {
      destination.setText(values.destination);
    }
  }

  /** What can be pressed now, and why not. */
  void state(boolean running, Optional<String> forbidden) {
    measure.setEnabled(!running && forbidden.isEmpty());
    cancel.setEnabled(running);
    String text = forbidden.orElse("");
    measure.setToolTipText(text.isEmpty() ? null : text);
    if (!reason.getText().equals(text)) {
      reason.setText(text);
      reason.setVisible(!text.isEmpty());
      ((GridData) reason.getLayoutData()).exclude = text.isEmpty();
      row.getParent().layout(true, true);
    }
  }

  boolean measurable() {
    return measure.isEnabled();
  }

  /** Why nothing can be measured; empty if it can. */
  String reason() {
    return reason.getText();
  }

  /** Puts the cursor into the first field that is empty. */
  void focus() {
    (values.source.isBlank() ? source : destination).setFocus();
  }
}
