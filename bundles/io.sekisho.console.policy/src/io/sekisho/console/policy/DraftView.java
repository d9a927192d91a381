package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.ConsoleView;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Scope.Topic;
import java.util.Optional;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;

/** A view on the draft and the rollout of the window's session. */
abstract class DraftView extends ConsoleView {
  private final Draft.Listener draftListener = this::draftChanged;
  private final Runnable rolloutListener = this::refresh;
  private Optional<Draft> heard = Optional.empty();
  private Optional<Composite> root = Optional.empty();

  @Override
  protected final void createContents(Composite made, Look look) {
    root = Optional.of(made);
    GridLayout layout = new GridLayout(1, false);
    layout.marginWidth = 0;
    layout.marginHeight = 0;
    layout.verticalSpacing = 0;
    made.setLayout(layout);
    fill(made, look);
    hear();
    refresh();
  }

  /** Makes the widgets. */
  protected abstract void fill(Composite root, Look look);

  /** Shows the present state. */
  protected abstract void show();

  /** The window's draft, if a session is open. */
  protected final Optional<Draft> draft() {
    return heard;
  }

  protected final Optional<ClusterSession> session() {
    return scope().session();
  }

  private void hear() {
    Optional<Draft> now = scope().session().map(Drafts::of);
    if (now.equals(heard)) {
      return;
    }
    forget();
    heard = now;
    now.ifPresent(
        d -> {
          d.addListener(draftListener);
          Drafts.rollout(d.session()).addListener(rolloutListener);
          d.load();
        });
  }

  private void forget() {
    heard.ifPresent(
        d -> {
          d.removeListener(draftListener);
          Drafts.rollout(d.session()).removeListener(rolloutListener);
        });
  }

  @Override
  protected final void changed(Topic topic) {
    switch (topic) {
      case SESSION -> {
        hear();
        refresh();
      }
      case LINK, REVISIONS, INVENTORY -> {
        boolean objects = scope().session().flatMap(PolicyObjects::of).isPresent();
        if (objects || topic != Topic.INVENTORY) {
          heard.ifPresent(Draft::load);
        }
        refresh();
      }
      case SELECTION -> {
        if (root.filter(r -> !r.isDisposed()).isPresent()) {
          selectionChanged();
        }
      }
      case FILTER, PAUSE, FLOWS, TRAFFIC -> {}
    }
  }

  /** Something else is selected in the window. */
  protected void selectionChanged() {}

  private void draftChanged(Draft.Topic topic) {
    if (topic == Draft.Topic.TEXT) {
      textChanged();
    } else {
      refresh();
    }
  }

  /** A text is another one, and nothing else: at each key stroke. */
  protected void textChanged() {}

  private void refresh() {
    if (root.filter(r -> !r.isDisposed()).isPresent()) {
      show();
    }
  }

  @Override
  public void dispose() {
    forget();
    super.dispose();
  }
}
