package io.sekisho.console.app;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Clusters;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.Profiles;
import io.sekisho.console.core.kubernetes.KubernetesContext.Target;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Themes;
import java.util.Optional;
import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.ui.ISources;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.handlers.HandlerUtil;

/** What the menu's commands do; one small class each. */
public final class Handlers {
  private Handlers() {}

  /** A command of a window. */
  abstract static class InWindow extends AbstractHandler {
    @Override
    public final Object execute(ExecutionEvent event) {
      IWorkbenchWindow window = HandlerUtil.getActiveWorkbenchWindow(event);
      if (window != null) {
        run(window, Scopes.of(window));
      }
      return null;
    }

    abstract void run(IWorkbenchWindow window, Scope scope);

    /** Whether it does something now: it is greyed in menus otherwise. */
    boolean possible(Scope scope) {
      return true;
    }

    @Override
    public final void setEnabled(Object context) {
      Object window = HandlerUtil.getVariable(context, ISources.ACTIVE_WORKBENCH_WINDOW_NAME);
      setBaseEnabled(!(window instanceof IWorkbenchWindow w) || possible(Scopes.of(w)));
    }
  }

  /** A command about the cluster that the window looks at. */
  abstract static class OfCluster extends InWindow {
    @Override
    boolean possible(Scope scope) {
      return scope.session().isPresent();
    }
  }

  /** Asks for a cluster and opens it. */
  public static final class Connect extends InWindow {
    @Override
    void run(IWorkbenchWindow window, Scope scope) {
      ConnectDialog.open(window);
    }
  }

  /** Closes the session that the window looks at. */
  public static final class Disconnect extends OfCluster {
    @Override
    void run(IWorkbenchWindow window, Scope scope) {
      Optional<ClusterSession> session = scope.session();
      scope.show(Optional.empty());
      session.ifPresent(s -> Clusters.shared().close(s.profile().name()));
    }
  }

  /** Forgets the cluster that the window looks at. */
  public static final class Forget extends OfCluster {
    @Override
    void run(IWorkbenchWindow window, Scope scope) {
      scope.session().ifPresent(s -> forget(window, scope, s.profile().name()));
    }

    private static void forget(IWorkbenchWindow window, Scope scope, String name) {
      String question = Texts.bind(Texts.forget_question, name);
      int answer =
          MessageDialog.open(
              MessageDialog.CONFIRM,
              window.getShell(),
              Texts.forget_title,
              question,
              0,
              Texts.bind(Texts.forget_button, name),
              Texts.keep_button);
      if (answer == 0) {
        scope.show(Optional.empty());
        Clusters.shared().remove(name);
        Profiles.store(Clusters.shared().profiles());
      }
    }
  }

  /**
   * Sets where policies of the cluster go that the window looks at; not without Kubernetes. A draft
   * is for everybody, so rights are not asked.
   */
  abstract static class PoliciesTo extends InWindow {
    private final Target target;

    PoliciesTo(Target target) {
      this.target = target;
    }

    @Override
    boolean possible(Scope scope) {
      return scope.session().filter(s -> s.profile().kubernetes().isPresent()).isPresent();
    }

    @Override
    void run(IWorkbenchWindow window, Scope scope) {
      scope.session().ifPresent(s -> put(window, s.profile(), target));
    }

    /** A new session takes the place of the one before, for its draft is another one. */
    static void put(IWorkbenchWindow window, ConnectionProfile profile, Target target) {
      profile
          .kubernetes()
          .filter(context -> context.target() != target)
          .ifPresent(context -> ConnectDialog.show(window, profile.with(context.with(target))));
    }
  }

  /** Policies of the cluster are pushed to its agents. */
  public static final class PoliciesToAgents extends PoliciesTo {
    /** Made by the workbench. */
    public PoliciesToAgents() {
      super(Target.AGENTS);
    }
  }

  /** Policies of the cluster are applied to its API server. */
  public static final class PoliciesToKubernetes extends PoliciesTo {
    /** Made by the workbench. */
    public PoliciesToKubernetes() {
      super(Target.KUBERNETES);
    }
  }

  /** Stops the views, or lets them follow. */
  public static final class Pause extends InWindow {
    @Override
    void run(IWorkbenchWindow window, Scope scope) {
      scope.pause(!scope.paused());
    }
  }

  /** Puts the cursor into the filter. */
  public static final class Filter extends InWindow {
    @Override
    void run(IWorkbenchWindow window, Scope scope) {
      TopBar.of(window).ifPresent(TopBar::focusFilter);
    }
  }

  /** Widens every view: no filter, no selection. */
  public static final class Widen extends InWindow {
    @Override
    void run(IWorkbenchWindow window, Scope scope) {
      scope.filter("");
      scope.select(new io.sekisho.console.ui.Selected.Nothing());
    }
  }

  /** Changes between light and dark. */
  public static final class SwitchTheme extends InWindow {
    @Override
    void run(IWorkbenchWindow window, Scope scope) {
      ThemeChoice.use(!Themes.current().dark());
    }
  }

  /** Says what the view in use is, and its keys. */
  public static final class ShowHelp extends InWindow {
    @Override
    void run(IWorkbenchWindow window, Scope scope) {
      HelpCard.toggle(window.getShell());
    }
  }

  /** Shows Operate. */
  public static final class Operate extends InWindow {
    @Override
    void run(IWorkbenchWindow window, Scope scope) {
      PerspectiveTabs.show(window, OperatePerspective.ID);
    }
  }

  /** Shows Configure. */
  public static final class Configure extends InWindow {
    @Override
    void run(IWorkbenchWindow window, Scope scope) {
      PerspectiveTabs.show(window, ConfigurePerspective.ID);
    }
  }
}
