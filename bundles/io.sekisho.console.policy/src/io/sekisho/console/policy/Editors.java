package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;
import java.util.Optional;
import org.eclipse.core.runtime.ILog;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IEditorPart;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PartInitException;

/** Opens documents. */
final class Editors {
  private Editors() {}

  /** Opens a document, or shows the editor that has it; empty if it can't be opened. */
  static Optional<PolicyEditor> open(IWorkbenchPage page, Draft draft, DraftDocument document) {
    return open(page, new DocumentInput(draft, document), PolicyEditor.ID)
        .map(PolicyEditor.class::cast);
  }

  /** Shows a document that the draft does not hold; empty if it can't be opened. */
  static Optional<PolicyViewer> show(
      IWorkbenchPage page, ClusterSession session, InForce document) {
    return open(page, new ViewerInput(session, document), PolicyViewer.ID)
        .map(PolicyViewer.class::cast);
  }

  private static Optional<IEditorPart> open(IWorkbenchPage page, IEditorInput input, String id) {
    try {
      return Optional.of(page.openEditor(input, id));
    } catch (PartInitException e) {
      ILog.of(Editors.class).error("The editor for " + input.getName() + " can't be opened", e);
      return Optional.empty();
    }
  }
}
