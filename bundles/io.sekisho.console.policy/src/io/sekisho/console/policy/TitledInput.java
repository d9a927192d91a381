package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;
import org.eclipse.jface.resource.ImageDescriptor;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IPersistableElement;

/** A document in an editor that is told by its title, and not kept by the workbench. */
interface TitledInput extends IEditorInput {
  /** The session of its cluster. */
  ClusterSession session();

  @Override
  default ImageDescriptor getImageDescriptor() {
    return ImageDescriptor.getMissingImageDescriptor();
  }

  @Override
  default IPersistableElement getPersistable() {
    return null; // drafts have a file of their own, the rest is in force somewhere
  }

  @Override
  default String getToolTipText() {
    return getName();
  }

  @Override
  default <T> T getAdapter(Class<T> adapter) {
    return null;
  }
}
