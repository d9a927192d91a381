package io.sekisho.console.policy;

import org.eclipse.jface.resource.ImageDescriptor;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IPersistableElement;

/**
 * A document of a draft, open in an editor.
 *
 * @param draft whose document it is
 * @param document which
 */
record DocumentInput(Draft draft, DraftDocument document) implements IEditorInput {
  @Override
  public boolean exists() {
    return draft.documents().contains(document);
  }

  @Override
  public ImageDescriptor getImageDescriptor() {
    return ImageDescriptor.getMissingImageDescriptor();
  }

  @Override
  public String getName() {
    return document.title();
  }

  @Override
  public IPersistableElement getPersistable() {
    return null; // the draft's own file keeps it
  }

  @Override
  public String getToolTipText() {
    return document.title();
  }

  @Override
  public <T> T getAdapter(Class<T> adapter) {
    return null;
  }
}
