package io.sekisho.console.app;

import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import java.util.Optional;
import org.eclipse.swt.graphics.Point;
import org.eclipse.ui.IPerspectiveDescriptor;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.application.IWorkbenchWindowConfigurer;
import org.eclipse.ui.application.WorkbenchWindowAdvisor;

/** A window: menu, our own bars above and below, nothing of an IDE. */
final class WindowAdvisor extends WorkbenchWindowAdvisor {
  private static final Point SIZE = new Point(1440, 900);

  private final Optional<String> perspective;

  WindowAdvisor(IWorkbenchWindowConfigurer configurer, Optional<String> perspective) {
    super(configurer);
    this.perspective = perspective;
  }

  @Override
  public void preWindowOpen() {
    IWorkbenchWindowConfigurer c = getWindowConfigurer();
    c.setInitialSize(SIZE);
    c.setTitle(Texts.window_title);
    c.setShowMenuBar(true);
    c.setShowCoolBar(true);
    c.setShowPerspectiveBar(false);
    c.setShowStatusLine(false);
    c.setShowProgressIndicator(false);
  }

  @Override
  public void postWindowCreate() {
    Trim.install(getWindowConfigurer().getWindow());
  }

  @Override
  public void postWindowOpen() {
    IWorkbenchWindow window = getWindowConfigurer().getWindow();
    Trim.clear(window);
    Scope scope = Scopes.of(window);
    scope.addListener(
        topic -> {
          if (topic == Scope.Topic.SESSION) {
            title(scope);
          }
        });
    title(scope);
    perspective
        .map(id -> PlatformUI.getWorkbench().getPerspectiveRegistry().findPerspectiveWithId(id))
        .ifPresent((IPerspectiveDescriptor p) -> window.getActivePage().setPerspective(p));
  }

  private void title(Scope scope) {
    String title =
        scope
            .session()
            .map(s -> Texts.bind(Texts.window_title_cluster, s.profile().name()))
            .orElse(Texts.window_title);
    getWindowConfigurer().setTitle(title);
  }
}
