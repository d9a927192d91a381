package io.sekisho.console.app;

import org.eclipse.e4.ui.model.application.ui.MUIElement;
import org.eclipse.e4.ui.model.application.ui.SideValue;
import org.eclipse.e4.ui.model.application.ui.basic.MTrimBar;
import org.eclipse.e4.ui.model.application.ui.basic.MTrimmedWindow;
import org.eclipse.e4.ui.model.application.ui.basic.MWindow;
import org.eclipse.e4.ui.model.application.ui.menu.MToolControl;
import org.eclipse.e4.ui.workbench.IWorkbench;
import org.eclipse.e4.ui.workbench.modeling.EModelService;
import org.eclipse.ui.IWorkbenchWindow;

/** Puts our bars into a window's trim, and takes the IDE's out. */
final class Trim {
  private static final String OURS = "io.sekisho.console.app.trim.";
  private static final String BUNDLE = "bundleclass://io.sekisho.console.app/";

  private Trim() {}

  static void install(IWorkbenchWindow window) {
    MTrimmedWindow model = (MTrimmedWindow) window.getService(MWindow.class);
    EModelService models = window.getService(EModelService.class);
    only(models, models.getTrim(model, SideValue.TOP), TopBar.class);
    only(models, models.getTrim(model, SideValue.BOTTOM), StatusBar.class);
  }

  private static void only(EModelService models, MTrimBar bar, Class<?> ours) {
    for (MUIElement child : bar.getChildren()) {
      child.setToBeRendered(false);
    }
    MToolControl control = models.createModelElement(MToolControl.class);
    control.setElementId(OURS + ours.getSimpleName());
    control.setContributionURI(BUNDLE + ours.getName());
    control.getPersistedState().put(IWorkbench.PERSIST_STATE, Boolean.FALSE.toString());
    bar.getChildren().add(0, control);
    bar.setToBeRendered(true);
    bar.setVisible(true);
  }
}
