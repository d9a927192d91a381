package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;
import org.eclipse.jface.resource.ImageDescriptor;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IPersistableElement;

/**
 * A document that is only looked at.
 *
 * @param session of its cluster
 * @param document which
 */
record ViewerInput(ClusterSession session, InForce document) implements IEditorInput {
  @Override
  public boolean exists() {
    return document.text().isPresent();
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
    return null; // it is opened anew from what is in force then
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
