package io.sekisho.console.policy;

import io.sekisho.api.v1.ExpectationResult;
import io.sekisho.api.v1.ExpectationResult.State;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Look;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;

/** Expectations that a push would break; each must be overridden by its own check box. */
final class ExpectationList {
  private final Look look;
  private final Composite box;
  private final Runnable changed;
  private final Map<String, Button> checks = new LinkedHashMap<>();
  private boolean known;

  /** Calls back when what is overridden has changed. */
  ExpectationList(Composite parent, Look look, Runnable changed) {
    this.look = look;
    this.changed = changed;
    box = look.row(parent, look.theme().ground(), 1, 0, 0, 4);
    sentence(Texts.expectations_asking);
  }

  private void sentence(String words) {
    look.wrapped(box, words, look.fonts().normal(), look.theme().faint());
  }

  private void clear() {
    for (Control child : box.getChildren()) {
      child.dispose();
    }
    checks.clear();
  }

  /** The agent could not say. */
  void failed(String why) {
    clear();
    sentence(Texts.bind(Texts.expectations_failed, why));
    known = true;
    arrived();
  }

  /** What became of every expectation. */
  void show(List<ExpectationResult> results) {
    List<String> before = overridden();
    clear();
    known = true;
    List<ExpectationResult> broken =
        results.stream().filter(r -> r.getState() == State.BROKEN).toList();
    long old = results.stream().filter(r -> r.getState() == State.BROKEN_BEFORE).count();
    if (broken.isEmpty()) {
      sentence(
          results.isEmpty()
              ? Texts.expectations_none
              : Texts.bind(
                  Texts.expectations_hold,
                  Format.counted(results.size() - old, Texts.expectation)));
    }
    for (ExpectationResult result : broken) {
      put(result, before.contains(result.getName()));
    }
    if (old > 0) {
      sentence(Texts.bind(Texts.expectations_old, Format.counted(old, Texts.expectation)));
    }
    arrived();
  }

  private void put(ExpectationResult result, boolean checked) {
    String because =
        result.getReason().isEmpty()
            ? ""
            : "\n" + Texts.bind(Texts.expectation_reason, result.getReason());
    Label words =
        look.wrapped(
            box,
            Texts.bind(
                    Texts.expectation_broken,
                    result.getName(),
                    result.getCounterExample().getText())
                + because,
            look.fonts().normal(),
            look.theme().text());
    words.setToolTipText(result.getCounterExample().getText());
    Button check = new Button(box, SWT.CHECK);
    check.setText(Texts.bind(Texts.expectation_override, result.getName()));
    check.setBackground(look.theme().ground());
    check.setForeground(look.theme().text());
    check.setSelection(checked);
    check.addListener(SWT.Selection, e -> changed.run());
    checks.put(result.getName(), check);
  }

  private void arrived() {
    box.requestLayout();
    changed.run();
  }

  /** Names of those that the operator lets break. */
  List<String> overridden() {
    return checks.entrySet().stream()
        .filter(e -> !e.getValue().isDisposed() && e.getValue().getSelection())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether it is known what breaks, and the operator lets all of it break. */
  boolean settled() {
    return known && overridden().size() == checks.size();
  }
}
