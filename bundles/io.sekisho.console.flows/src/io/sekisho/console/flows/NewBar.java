package io.sekisho.console.flows;

import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Paint;
import io.sekisho.console.ui.Press;
import io.sekisho.console.ui.Theme;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;

/** Says how many rows have come while the table stood still; a click joins them. */
final class NewBar {
  private final Press press;
  private int count;

  NewBar(Composite parent, Look look, Runnable join) {
    press =
        new Press(
            parent,
            look,
            SWT.DEFAULT,
            24,
            Texts.bind(Texts.bar_new, 0),
            (gc, w, h) -> {
              Theme t = look.theme();
              gc.setBackground(t.tint(t.accent(), t.ground()));
              gc.fillRectangle(0, 0, w, h);
              String words = Texts.bind(Texts.bar_new, Format.count(count));
              gc.setFont(look.fonts().normal());
              int x = (w - gc.textExtent(words).x) / 2;
              Paint.text(gc, words, look.fonts().normal(), t.text(), x, h / 2);
            },
            join);
    GridData data = (GridData) press.control().getLayoutData();
    data.grabExcessVerticalSpace = false;
    data.exclude = true;
    press.control().setVisible(false);
  }

  int count() {
    return count;
  }

  void count(int next) {
    if (next == count) {
      return;
    }
    boolean appears = (count == 0) != (next == 0);
    count = next;
    press.name(Texts.bind(Texts.bar_new, Format.count(count)));
    if (appears) {
      ((GridData) press.control().getLayoutData()).exclude = next == 0;
      press.control().setVisible(next > 0);
      press.control().getParent().layout(true);
    }
    press.control().redraw();
  }
}
