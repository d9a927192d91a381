package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Link;
import java.util.Optional;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.IEditorPart;
import org.eclipse.ui.IEditorReference;

/**
 * Closes an editor when its session is closed: what it shows goes nowhere any more, another session
 * has the cluster.
 */
final class SessionEnd {
  private final IEditorPart editor;
  private final Display display = Display.getCurrent();
  private final ClusterSession.Listener listener = this::changed;
  private Optional<ClusterSession> session = Optional.empty();

  /** Waits for nothing yet. UI thread only. */
  SessionEnd(IEditorPart editor) {
    this.editor = editor;
  }

  /** Waits for the end of a session. */
  void of(ClusterSession next) {
    session = Optional.of(next);
    next.addListener(listener);
  }

  /** The editor is closed. */
  void dispose() {
    session.ifPresent(s -> s.removeListener(listener));
  }

  /** On any thread. */
  private void changed(ClusterSession.Topic topic) {
    boolean closed = session.map(s -> s.link() instanceof Link.Closed).orElse(false);
    if (topic == ClusterSession.Topic.LINK && closed && !display.isDisposed()) {
      display.asyncExec(this::close);
    }
  }

  private void close() {
    for (IEditorReference reference : editor.getSite().getPage().getEditorReferences()) {
      if (reference.getEditor(false) == editor) {
        editor.getSite().getPage().closeEditor(editor, false);
      }
    }
  }
}
