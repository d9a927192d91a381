package io.sekisho.console.policy;

import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.ui.part.EditorPart;

/** An editor of something that is kept without being saved by hand, or not changed at all. */
abstract class DocumentPart extends EditorPart {
  @Override
  public final boolean isDirty() {
    return false;
  }

  @Override
  public final boolean isSaveAsAllowed() {
    return false;
  }

  @Override
  public final void doSave(IProgressMonitor monitor) {
    // a draft is saved with every change
  }

  @Override
  public final void doSaveAs() {
    // not allowed
  }
}
