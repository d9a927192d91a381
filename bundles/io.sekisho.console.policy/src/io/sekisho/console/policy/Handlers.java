package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.impact.run.Asking;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.commands.ExecutionException;
import org.eclipse.core.runtime.ILog;
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

  /** A command that changes the draft, which is the operator's own: nobody is refused. */
  private abstract static class Drafting extends AbstractHandler {
    abstract void run(IWorkbenchWindow window, ClusterSession session) throws ExecutionException;

    @Override
    public final Object execute(ExecutionEvent event) throws ExecutionException {
      IWorkbenchWindow window = HandlerUtil.getActiveWorkbenchWindowChecked(event);
      Optional<ClusterSession> session = Scopes.of(window).session();
      if (session.isPresent()) {
        run(window, session.get());
      }
      return null;
    }
  }

  /** Drafts the smallest change about the selected connection. */
  private abstract static class DraftPolicy extends Drafting {
    private final boolean deny;

    DraftPolicy(boolean deny) {
      this.deny = deny;
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
  public static final class FromFlows extends Drafting {
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
