package io.sekisho.console.app;

import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Listener;
import org.eclipse.swt.widgets.Shell;

/** A bar as wide as its window: trim asks for the preferred width only. */
final class Wide extends Composite {
  private final int height;

  Wide(Composite parent, int height) {
    super(parent, SWT.NONE);
    this.height = height;
    GridLayout layout = new GridLayout(1, false);
    layout.marginWidth = 0;
    layout.marginHeight = 0;
    layout.verticalSpacing = 0;
    setLayout(layout);
    Listener resized = e -> refit();
    Shell shell = getShell();
    shell.addListener(SWT.Resize, resized);
    addDisposeListener(e -> shell.removeListener(SWT.Resize, resized));
    parent.addListener(SWT.Resize, e -> parent.getDisplay().asyncExec(this::alone));
  }

  /** The workbench adds a line of its own as soon as a view asks for one: an empty strip. */
  private void alone() {
    if (isDisposed()) {
      return;
    }
    boolean others = false;
    for (Control piece : getParent().getChildren()) {
      if (!(piece instanceof Wide)) {
        piece.dispose();
        others = true;
      }
    }
    if (others) {
      getParent().requestLayout();
    }
  }

  /** Takes every child away. */
  void clear() {
    for (Control child : getChildren()) {
      child.dispose();
    }
  }

  private void refit() {
    if (!isDisposed() && getSize().x != getShell().getClientArea().width) {
      requestLayout();
    }
  }

  @Override
  public Point computeSize(int widthHint, int heightHint, boolean changed) {
    return new Point(getShell().getClientArea().width, height);
  }
}
