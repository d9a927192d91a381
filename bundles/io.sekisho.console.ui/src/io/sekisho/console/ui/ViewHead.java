package io.sekisho.console.ui;

import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;

/** The upper line of a view: title, a note or a chip, and at the right what can be done. */
public final class ViewHead {
  private final Look look;
  private final Composite row;
  private final Composite left;
  private final Canvas note;
  private final Composite right;
  private String text = "";
  private boolean warning;
  private Optional<Press> chip = Optional.empty();
  private String chipText = "";

  /** Fills the first row of the parent's grid; without a title where a tab has it. */
  public ViewHead(Composite parent, Look look, Color background, String title) {
    this.look = look;
    row = look.row(parent, background, 4, 12, 4, 8);
    var label = look.label(row, title, look.fonts().bold(), look.theme().text());
    if (title.isEmpty()) {
      label.setLayoutData(hidden());
      label.setVisible(false);
    }
    left = look.box(row, background, 1, 0, 0, 0);
    left.setLayoutData(hidden());
    note =
        look.canvas(
            row,
            SWT.DEFAULT,
            24,
            (gc, w, h) -> {
              gc.setFont(look.fonts().small());
              int x = 0;
              if (warning) {
                Icons.CLOCK.draw(gc, 0, h / 2 - 8, look.theme().audit());
                x = 20;
              }
              Color colour = warning ? look.theme().text() : look.theme().faint();
              Paint.text(gc, Paint.fit(gc, text, w - x), look.fonts().small(), colour, x, h / 2);
            });
    ((GridData) note.getLayoutData()).verticalAlignment = SWT.CENTER;
    ((GridData) note.getLayoutData()).grabExcessVerticalSpace = false;
    right = look.box(row, background, 1, 0, 0, 4);
    right.setLayoutData(new GridData(SWT.END, SWT.CENTER, false, false));
  }

  private static GridData hidden() {
    GridData data = new GridData(SWT.BEGINNING, SWT.CENTER, false, false);
    data.exclude = true;
    return data;
  }

  /** Where buttons go: each child becomes a column. */
  public Composite right() {
    return right;
  }

  /** Call when all buttons are made. */
  public void done() {
    ((GridLayout) right.getLayout()).numColumns = Math.max(1, right.getChildren().length);
  }

  /** Says something small beside the title. */
  public void note(String next) {
    show(next, false);
  }

  /** Shows how far the view can be trusted; otherwise the given note. */
  public void state(ViewState state, String otherwise) {
    switch (state) {
      case ViewState.Partial p -> show(p.text(), true);
      case ViewState.Old o -> show(o.text(), true);
      case ViewState.Live l -> show(otherwise, false);
      case ViewState.Waiting w -> show("", false);
      case ViewState.Refused r -> show("", false);
    }
  }

  private void show(String next, boolean warn) {
    if (!text.equals(next) || warning != warn) {
      text = next;
      warning = warn;
      note.setToolTipText(warn ? next : null);
      note.redraw();
    }
  }

  /** What the note says. */
  public String note() {
    return text;
  }

  /** Says what narrows the view; the empty text takes the chip away. */
  public void chip(String next, Runnable widen) {
    if (chipText.equals(next)) {
      return;
    }
    chipText = next;
    chip.map(Press::control).ifPresent(Control::dispose);
    chip = next.isEmpty() ? Optional.empty() : Optional.of(Press.chip(left, look, next, widen));
    ((GridData) left.getLayoutData()).exclude = next.isEmpty();
    left.setVisible(!next.isEmpty());
    row.layout(true, true);
  }

  /** What the chip says; empty without one. */
  public String chip() {
    return chipText;
  }
}
