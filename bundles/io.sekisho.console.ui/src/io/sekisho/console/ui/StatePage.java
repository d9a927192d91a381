package io.sekisho.console.ui;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Link;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StackLayout;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;

/** A place that shows either contents, or a sentence about why there are none. */
public final class StatePage {
  private final Composite stack;
  private final StackLayout layout = new StackLayout();
  private final Composite contents;
  private final Composite page;
  private final Label sentence;
  private final Button retry;
  private Optional<ClusterSession> session = Optional.empty();

  /** Fills its cell in the parent's grid. */
  public StatePage(Composite parent, Look look, Color background) {
    stack = new Composite(parent, SWT.NONE);
    stack.setBackground(background);
    stack.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    stack.setLayout(layout);
    contents = look.box(stack, background, 1, 0, 0, 0);
    page = look.box(stack, background, 1, 24, 24, 8);
    sentence = look.wrapped(page, "", look.fonts().normal(), look.theme().faint());
    sentence.setAlignment(SWT.CENTER);
    sentence.setLayoutData(new GridData(SWT.FILL, SWT.END, true, true));
    retry = new Button(page, SWT.PUSH);
    retry.setText(Texts.action_retry);
    retry.setLayoutData(new GridData(SWT.CENTER, SWT.TOP, true, true));
    retry.addListener(SWT.Selection, e -> session.ifPresent(ClusterSession::retry));
    retry.setVisible(false);
    layout.topControl = contents;
  }

  /** Where the contents go; a grid of one column without margins. */
  public Composite contents() {
    return contents;
  }

  /** Shows the contents. */
  public void contentsShown() {
    top(contents);
  }

  /** Shows a sentence in place of the contents. */
  public void sentence(String text) {
    if (!sentence.getText().equals(text)) {
      sentence.setText(text);
      page.layout(true);
    }
    top(page);
  }

  /** The sentence that is shown, empty while the contents are. */
  public String sentence() {
    return layout.topControl == page ? sentence.getText() : "";
  }

  /** The same; where the session waits before it connects again, the wait can be cut short. */
  public void show(ViewState state, Scope scope) {
    session = scope.session();
    Link link = session.map(ClusterSession::link).orElse(new Link.Closed());
    retry.setVisible(link instanceof Link.Disconnected || link instanceof Link.Refused);
    show(state);
  }

  /** Shows contents or sentence by the state. */
  public void show(ViewState state) {
    switch (state) {
      case ViewState.Waiting w -> sentence(w.text());
      case ViewState.Refused r -> sentence(r.text());
      case ViewState.Live l -> contentsShown();
      case ViewState.Partial p -> contentsShown();
      case ViewState.Old o -> contentsShown();
    }
  }

  private void top(Composite next) {
    if (layout.topControl != next) {
      layout.topControl = next;
      stack.layout();
    }
  }
}
