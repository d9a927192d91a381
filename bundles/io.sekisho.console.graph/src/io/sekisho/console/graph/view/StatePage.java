package io.sekisho.console.graph.view;

import io.sekisho.console.ui.Look;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;

/** In place of a picture: why there is none, and what to do. */
final class StatePage {
  private final Composite page;
  private final Label title;
  private final Label text;

  StatePage(Composite parent, Look look) {
    page = new Composite(parent, SWT.NONE);
    page.setBackground(look.theme().ground());
    page.setLayout(new GridLayout());
    Composite middle = look.box(page, look.theme().ground(), 1, 0, 0, 8);
    middle.setLayoutData(new GridData(SWT.CENTER, SWT.CENTER, true, true));
    title = look.label(middle, "", look.fonts().bold(), look.theme().text());
    title.setLayoutData(new GridData(SWT.CENTER, SWT.TOP, true, false));
    text = look.label(middle, "", look.fonts().normal(), look.theme().faint());
    text.setLayoutData(new GridData(SWT.CENTER, SWT.TOP, true, false));
  }

  Composite control() {
    return page;
  }

  void show(State state) {
    title.setText(state.title());
    text.setText(state.text());
    page.layout(true, true);
  }

  /** Words of a state. */
  record State(String title, String text) {}
}
