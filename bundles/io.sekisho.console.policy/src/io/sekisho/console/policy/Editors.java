package io.sekisho.console.policy;

import java.util.Optional;
import org.eclipse.core.runtime.ILog;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PartInitException;

/** Opens documents of a draft. */
final class Editors {
  private Editors() {}

  /** Opens a document, or shows the editor that has it; empty if it can't be opened. */
  static Optional<PolicyEditor> open(IWorkbenchPage page, Draft draft, DraftDocument document) {
    try {
      return Optional.of(
          (PolicyEditor) page.openEditor(new DocumentInput(draft, document), PolicyEditor.ID));
    } catch (PartInitException e) {
      ILog.of(Editors.class).error("The editor for " + document.title() + " can't be opened", e);
      return Optional.empty();
    }
  }
}
