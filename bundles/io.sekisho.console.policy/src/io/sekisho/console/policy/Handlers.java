package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Selected;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.Party;
import io.sekisho.flow.ServiceGraph;
import io.sekisho.flow.ServiceGraph.Edge;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.commands.ExecutionException;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.WorkbenchException;
import org.eclipse.ui.handlers.HandlerUtil;

/** What the commands of this bundle do with the window's selection. */
public final class Handlers {
  private static final String CONFIGURE = "io.sekisho.console.app.configure";

  private Handlers() {}

  /** What the selection speaks of. */
  private record Subject(Edge edge, Party client, Party server, String rule, int line) {}

  private static Optional<Subject> subject(Scope scope) {
    ServiceGraph graph = scope.session().map(ClusterSession::traffic).orElse(ServiceGraph.EMPTY);
    return switch (scope.selected()) {
      case Selected.Connection c -> connection(graph, c);
      case Selected.Flow f -> Optional.of(flow(graph, f.flow()));
      case Selected.Nothing n -> Optional.empty();
      case Selected.Workload w -> Optional.empty();
      case Selected.Namespace n -> Optional.empty();
      case Selected.Node n -> Optional.empty();
    };
  }

  private static Optional<Subject> connection(ServiceGraph graph, Selected.Connection c) {
    Optional<Party> client = graph.node(c.clientKey()).map(ServiceGraph.Node::party);
    Optional<Party> server = graph.node(c.serverKey()).map(ServiceGraph.Node::party);
    return graph
        .edge(c.clientKey(), c.serverKey())
        .filter(e -> client.isPresent() && server.isPresent())
        .map(e -> new Subject(e, client.get(), server.get(), e.dropRule(), 0));
  }

  private static Subject flow(ServiceGraph graph, FlowRecord f) {
    ServiceGraph.Port port = new ServiceGraph.Port(f.protocol(), f.serverPort(), 0, 0);
    Edge edge =
        new Edge(
            f.client().key(),
            f.server().key(),
            List.of(port),
            0,
            0,
            0,
            -1,
            f.timeNanos(),
            false,
            f.rule());
    return new Subject(edge, f.client(), f.server(), f.rule(), f.ruleLine());
  }

  private static IWorkbenchPage configure(IWorkbenchWindow window) throws ExecutionException {
    try {
      return PlatformUI.getWorkbench().showPerspective(CONFIGURE, window);
    } catch (WorkbenchException e) {
      throw new ExecutionException("The perspective can't be shown", e);
    }
  }

  /** Opens the document that decided: of the rule that is given, else of the selection's. */
  public static final class OpenRule extends AbstractHandler {
    /** A rule, and its line in the document, 0 where unknown. */
    private record Wanted(String rule, int line) {}

    @Override
    public Object execute(ExecutionEvent event) throws ExecutionException {
      IWorkbenchWindow window = HandlerUtil.getActiveWorkbenchWindowChecked(event);
      Scope scope = Scopes.of(window);
      Optional<Wanted> wanted =
          given(event).or(() -> subject(scope).map(s -> new Wanted(s.rule(), s.line())));
      if (wanted.isEmpty() || scope.session().isEmpty()) {
        return null;
      }
      Draft draft = Drafts.of(scope.session().get());
      IWorkbenchPage page = configure(window);
      draft.whenLoaded(window.getShell(), () -> open(page, draft, wanted.get()));
      return null;
    }

    private static void open(IWorkbenchPage page, Draft draft, Wanted wanted) {
      String document = wanted.rule().replaceFirst(":\\d+$", "");
      draft.documents().stream()
          .filter(d -> d.title().equals(document))
          .findFirst()
          .flatMap(d -> Editors.open(page, draft, d))
          .filter(e -> wanted.line() > 0)
          .ifPresent(e -> e.reveal(wanted.line(), 0));
    }

    private static Optional<Wanted> given(ExecutionEvent event) {
      String line = event.getParameter("line");
      int number = line == null || !line.matches("\\d{1,9}") ? 0 : Integer.parseInt(line);
      return Optional.ofNullable(event.getParameter("rule")).map(r -> new Wanted(r, number));
    }
  }

  /** Drafts a policy about the selected connection. */
  private abstract static class DraftPolicy extends AbstractHandler {
    private final boolean deny;

    DraftPolicy(boolean deny) {
      this.deny = deny;
    }

    @Override
    public Object execute(ExecutionEvent event) throws ExecutionException {
      IWorkbenchWindow window = HandlerUtil.getActiveWorkbenchWindowChecked(event);
      Scope scope = Scopes.of(window);
      Optional<Subject> subject = subject(scope);
      if (subject.isEmpty() || scope.session().isEmpty()) {
        return null;
      }
      Subject s = subject.get();
      ClusterSession session = scope.session().get();
      String text = Templates.of(s.edge(), s.client(), s.server(), deny, enforced(session, s));
      Draft draft = Drafts.of(session);
      Editors.open(configure(window), draft, draft.add(text));
      return null;
    }

    private static boolean enforced(ClusterSession session, Subject s) {
      boolean atServer = s.server().kind() == Party.Kind.WORKLOAD;
      Party subject = atServer ? s.server() : s.client();
      return session.inventory().endpoints().values().stream()
          .filter(e -> e.getNamespace().equals(subject.namespace()))
          .filter(e -> e.getWorkload().equals(subject.workload()))
          .anyMatch(e -> atServer ? e.getIngressEnforced() : e.getEgressEnforced());
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
}
