package io.sekisho.console.app;

import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Paint;
import io.sekisho.console.ui.Press;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.IPerspectiveDescriptor;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PerspectiveAdapter;
import org.eclipse.ui.PlatformUI;

/** Operate and Configure as two words; the one in force is underlined. */
final class PerspectiveTabs {
  private final Look look;
  private final IWorkbenchWindow window;

  PerspectiveTabs(Composite parent, Look look, IWorkbenchWindow window) {
    this.look = look;
    this.window = window;
    Composite row = look.box(parent, look.theme().panel(), 2, 0, 0, 4);
    tab(row, Texts.perspective_operate, OperatePerspective.ID);
    tab(row, Texts.perspective_configure, ConfigurePerspective.ID);
    PerspectiveAdapter listener =
        new PerspectiveAdapter() {
          @Override
          public void perspectiveActivated(IWorkbenchPage page, IPerspectiveDescriptor p) {
            for (var child : row.getChildren()) {
              child.redraw();
            }
          }
        };
    window.addPerspectiveListener(listener);
    row.addDisposeListener(e -> window.removePerspectiveListener(listener));
  }

  private void tab(Composite row, String name, String id) {
    int width = Paint.width(row, name, look.fonts().normal()) + 16;
    new Press(row, look, width, 28, name, (gc, w, h) -> paint(gc, w, h, name, id), () -> go(id));
  }

  private void paint(GC gc, int w, int h, String name, String id) {
    boolean active = active(id);
    Paint.text(
        gc,
        name,
        look.fonts().normal(),
        active ? look.theme().text() : look.theme().faint(),
        8,
        h / 2);
    if (active) {
      gc.setBackground(look.theme().accent());
      gc.fillRectangle(8, h - 3, w - 16, 2);
    }
  }

  private boolean active(String id) {
    IWorkbenchPage page = window.getActivePage();
    return page != null
        && page.getPerspective() != null
        && page.getPerspective().getId().equals(id);
  }

  private void go(String id) {
    show(window, id);
  }

  static void show(IWorkbenchWindow window, String id) {
    IPerspectiveDescriptor descriptor =
        PlatformUI.getWorkbench().getPerspectiveRegistry().findPerspectiveWithId(id);
    if (descriptor != null && window.getActivePage() != null) {
      window.getActivePage().setPerspective(descriptor);
    }
  }
}
