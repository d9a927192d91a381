package io.sekisho.console.app;

import java.util.List;
import org.eclipse.e4.ui.model.application.ui.MUIElement;
import org.eclipse.e4.ui.model.application.ui.SideValue;
import org.eclipse.e4.ui.model.application.ui.basic.MTrimBar;
import org.eclipse.e4.ui.model.application.ui.basic.MTrimmedWindow;
import org.eclipse.e4.ui.model.application.ui.basic.MWindow;
import org.eclipse.e4.ui.model.application.ui.menu.MToolControl;
import org.eclipse.e4.ui.workbench.IWorkbench;
import org.eclipse.e4.ui.workbench.modeling.EModelService;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.IWorkbenchWindow;

/** Puts our bars into a window's trim, and takes the IDE's out. */
final class Trim {
  private static final String OURS = "io.sekisho.console.app.trim.";
  private static final String BUNDLE = "bundleclass://io.sekisho.console.app/";

  private Trim() {}

  static void install(IWorkbenchWindow window) {
    EModelService models = window.getService(EModelService.class);
    add(models, models.getTrim(model(window), SideValue.TOP), TopBar.class);
    add(models, models.getTrim(model(window), SideValue.BOTTOM), StatusBar.class);
    clear(window);
  }

  /** The workbench puts some of its own pieces back while the window opens. */
  static void clear(IWorkbenchWindow window) {
    EModelService models = window.getService(EModelService.class);
    for (SideValue side : new SideValue[] {SideValue.TOP, SideValue.BOTTOM}) {
      MTrimBar bar = models.getTrim(model(window), side);
      for (MUIElement child : List.copyOf(bar.getChildren())) {
        if (!child.getElementId().startsWith(OURS)) {
          child.setToBeRendered(false);
          child.setVisible(false);
        }
      }
      if (bar.getWidget() instanceof Composite pieces) {
        for (Control piece : pieces.getChildren()) {
          if (!(piece instanceof Wide)) {
            piece.dispose();
          }
        }
        pieces.requestLayout();
      }
    }
  }

  private static MTrimmedWindow model(IWorkbenchWindow window) {
    return (MTrimmedWindow) window.getService(MWindow.class);
  }

  private static void add(EModelService models, MTrimBar bar, Class<?> ours) {
    MToolControl control = models.createModelElement(MToolControl.class);
    control.setElementId(OURS + ours.getSimpleName());
    control.setContributionURI(BUNDLE + ours.getName());
    control.getPersistedState().put(IWorkbench.PERSIST_STATE, Boolean.FALSE.toString());
    bar.getChildren().add(0, control);
    bar.setToBeRendered(true);
    bar.setVisible(true);
  }
}
