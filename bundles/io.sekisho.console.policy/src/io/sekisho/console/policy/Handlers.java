package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Refusals;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.impact.run.Asking;
import io.sekisho.policy.Kind;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.commands.ExecutionException;
import org.eclipse.core.runtime.ILog;
import org.eclipse.ui.ISources;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.WorkbenchException;
import org.eclipse.ui.handlers.HandlerUtil;

/** What the commands of this bundle do with the window's selection. */
public final class Handlers {
  private static final String CONFIGURE = "io.sekisho.console.app.configure";

  private Handlers() {}

  private static IWorkbenchPage configure(IWorkbenchWindow window) throws ExecutionException {
    try {
      return PlatformUI.getWorkbench().showPerspective(CONFIGURE, window);
    } catch (WorkbenchException e) {
      throw new ExecutionException("The perspective can't be shown", e);
    }
  }

  /** The page on which drafts are changed; empty, and told in the log, if it can't be shown. */
  static Optional<IWorkbenchPage> showConfigure(IWorkbenchWindow window) {
    try {
      return Optional.of(configure(window));
    } catch (ExecutionException e) {
      ILog.of(Handlers.class).error("The policies can't be shown.", e);
      return Optional.empty();
    }
  }

  /** Opens the document that decided: of the rule that is given, else of the selection's. */
  public static final class OpenRule extends AbstractHandler {
    @Override
    public Object execute(ExecutionEvent event) throws ExecutionException {
      IWorkbenchWindow window = HandlerUtil.getActiveWorkbenchWindowChecked(event);
      Scope scope = Scopes.of(window);
      Optional<RuleSubject> wanted = given(event).or(() -> RuleSubject.of(scope));
      Optional<ClusterSession> session = scope.session();
      if (wanted.isPresent() && session.isPresent()) {
        new RuleOpening(configure(window), session.get(), wanted.get()).run();
      }
      return null;
    }

    private static Optional<RuleSubject> given(ExecutionEvent event) {
      String line = event.getParameter("line");
      int number = line == null || !line.matches("\\d{1,9}") ? 0 : Integer.parseInt(line);
      String kind = Optional.ofNullable(event.getParameter("kind")).orElse("");
      return Optional.ofNullable(event.getParameter("rule"))
          .map(r -> new RuleSubject(r, kind, number));
    }
  }

  /** A command that changes the draft: greyed in menus, and said why, where that is refused. */
  private abstract static class Changing extends AbstractHandler {
    /** Why it may not be done; empty if it may. */
    abstract Optional<String> refusal(ClusterSession session);

    abstract void run(IWorkbenchWindow window, ClusterSession session) throws ExecutionException;

    @Override
    public final void setEnabled(Object context) {
      Object window = HandlerUtil.getVariable(context, ISources.ACTIVE_WORKBENCH_WINDOW_NAME);
      boolean refused =
          window instanceof IWorkbenchWindow w
              && Scopes.of(w).session().flatMap(this::refusal).isPresent();
      setBaseEnabled(!refused);
    }

    @Override
    public final Object execute(ExecutionEvent event) throws ExecutionException {
      IWorkbenchWindow window = HandlerUtil.getActiveWorkbenchWindowChecked(event);
      Optional<ClusterSession> session = Scopes.of(window).session();
      Optional<String> refusal = session.flatMap(this::refusal);
      if (refusal.isPresent()) {
        ChangeDraft.say(window.getShell(), refusal.get()); // by a key, before a menu has asked
      } else if (session.isPresent()) {
        run(window, session.get());
      }
      return null;
    }
  }

  /** Drafts the smallest change about the selected connection. */
  private abstract static class DraftPolicy extends Changing {
    private final boolean deny;

    DraftPolicy(boolean deny) {
      this.deny = deny;
    }

    @Override
    Optional<String> refusal(ClusterSession session) {
      return Refusals.ofPolicies(session, Kind.CILIUM);
    }

    @Override
    void run(IWorkbenchWindow window, ClusterSession session) throws ExecutionException {
      List<Asking.Connection> connections = Connections.of(Scopes.of(window).selected(), session);
      Draft draft = Drafts.of(session);
      IWorkbenchPage page = configure(window);
      draft.whenLoaded(
          window.getShell(), () -> new ChangeDraft(page, draft).draft(connections, deny));
    }
  }

  /** Drafts a policy that allows the selected connection. */
  public static final class DraftAllow extends DraftPolicy {
    /** Made by the workbench. */
    public DraftAllow() {
      super(false);
    }
  }

  /** Drafts a policy that denies the selected connection. */
  public static final class DraftDeny extends DraftPolicy {
    /** Made by the workbench. */
    public DraftDeny() {
      super(true);
    }
  }

  /** Asks for endpoints and a time, and drafts the smallest policy that allows what was seen. */
  public static final class FromFlows extends Changing {
    @Override
    Optional<String> refusal(ClusterSession session) {
      return Refusals.ofPolicies(session, Kind.CILIUM)
          .flatMap(r -> Refusals.ofPolicies(session, Kind.NETWORK_POLICY));
    }

    @Override
    void run(IWorkbenchWindow window, ClusterSession session) {
      FromFlowsDialog.open(window, session, Connections.subjects(Scopes.of(window).selected()));
    }
  }

  /** Shows who can reach what is selected, and whom it can reach. */
  public static final class Reach extends AbstractHandler {
    @Override
    public Object execute(ExecutionEvent event) throws ExecutionException {
      try {
        HandlerUtil.getActiveWorkbenchWindowChecked(event).getActivePage().showView(ReachView.ID);
        return null;
      } catch (PartInitException e) {
        throw new ExecutionException("The view can't be shown", e);
      }
    }
  }
}
