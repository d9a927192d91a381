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
  private static final String DISCONNECT = "io.sekisho.console.app.disconnect";
  private static final int CANCEL_MILLIS = 2000;

  private final Composite stack;
  private final StackLayout layout = new StackLayout();
  private final Composite contents;
  private final Composite page;
  private final Label sentence;
  private final Button retry;
  private Optional<ClusterSession> session = Optional.empty();
  private boolean waiting;

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
    retry.addListener(SWT.Selection, e -> pressed());
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
    boolean down = link instanceof Link.Disconnected || link instanceof Link.Refused;
    boolean waits = state instanceof ViewState.Waiting && !down && session.isPresent();
    if (waits && !waiting) {
      stack.getDisplay().timerExec(CANCEL_MILLIS, this::offerCancel);
    }
    waiting = waits;
    button(down ? Texts.action_retry : Texts.action_cancel);
    retry.setVisible(down || waits && retry.isVisible());
    show(state);
  }

  /** What takes longer than this can be given up. */
  private void offerCancel() {
    if (!retry.isDisposed() && waiting) {
      button(Texts.action_cancel);
      retry.setVisible(true);
    }
  }

  private void button(String words) {
    if (!retry.getText().equals(words)) {
      retry.setText(words);
      page.layout(true);
    }
  }

  private void pressed() {
    if (waiting) {
      Commands.fire(DISCONNECT);
    } else {
      session.ifPresent(ClusterSession::retry);
    }
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
