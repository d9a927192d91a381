package io.sekisho.console.app;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Clusters;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.Profiles;
import io.sekisho.console.kubernetes.KubernetesSessions;
import io.sekisho.console.ui.Background;
import io.sekisho.console.ui.Scopes;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.application.IWorkbenchConfigurer;
import org.eclipse.ui.application.IWorkbenchWindowConfigurer;
import org.eclipse.ui.application.WorkbenchAdvisor;
import org.eclipse.ui.application.WorkbenchWindowAdvisor;

/** Says to the workbench what this application is like, and opens the first cluster. */
final class Advisor extends WorkbenchAdvisor {
  private final Arguments arguments;

  Advisor(Arguments arguments) {
    this.arguments = arguments;
  }

  @Override
  public void initialize(IWorkbenchConfigurer configurer) {
    configurer.setSaveAndRestore(true);
    ErrorLogView.begin();
  }

  @Override
  public String getInitialWindowPerspectiveId() {
    return arguments.perspective().orElse(OperatePerspective.ID);
  }

  @Override
  public WorkbenchWindowAdvisor createWorkbenchWindowAdvisor(
      IWorkbenchWindowConfigurer configurer) {
    return new WindowAdvisor(configurer, arguments.perspective());
  }

  @Override
  public void postStartup() {
    Clusters.shared().kubernetes(KubernetesSessions::open);
    new Keys(PlatformUI.getWorkbench().getDisplay()).install();
    Profiles.stored().forEach(Clusters.shared()::add);
    arguments.connect().ifPresent(this::connect);
  }

  private void connect(Path file) {
    IWorkbenchWindow window = PlatformUI.getWorkbench().getActiveWorkbenchWindow();
    try {
      ConnectionProfile profile = Profiles.read(file);
      ClusterSession session = Clusters.shared().open(profile);
      Scopes.of(window).show(Optional.of(session));
    } catch (ConsoleException e) {
      Background.fail(window.getShell(), Texts.connect_failed, e);
    }
  }
}
