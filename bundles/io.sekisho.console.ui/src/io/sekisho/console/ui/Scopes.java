package io.sekisho.console.ui;

import java.util.HashMap;
import java.util.Map;
import org.eclipse.ui.IWindowListener;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;

/** The scope of each workbench window, made at the first call. UI thread only. */
public final class Scopes {
  private static final Map<IWorkbenchWindow, WindowScope> BY_WINDOW = new HashMap<>();

  private Scopes() {}

  /** What the window looks at; a view asks with {@code getSite().getWorkbenchWindow()}. */
  public static Scope of(IWorkbenchWindow window) {
    if (BY_WINDOW.isEmpty()) {
      PlatformUI.getWorkbench().addWindowListener(new Closing());
    }
    return BY_WINDOW.computeIfAbsent(
        window, w -> new WindowScope(PlatformUI.getWorkbench().getDisplay()));
  }

  /** Forgets scopes of closed windows. */
  private static final class Closing implements IWindowListener {
    @Override
    public void windowClosed(IWorkbenchWindow window) {
      WindowScope scope = BY_WINDOW.remove(window);
      if (scope != null) {
        scope.dispose();
      }
      if (BY_WINDOW.isEmpty()) {
        PlatformUI.getWorkbench().removeWindowListener(this);
      }
    }

    @Override
    public void windowOpened(IWorkbenchWindow window) {}

    @Override
    public void windowActivated(IWorkbenchWindow window) {}

    @Override
    public void windowDeactivated(IWorkbenchWindow window) {}
  }
}
