package io.sekisho.console.path;

import io.sekisho.console.ui.PathEnds;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import java.util.Optional;
import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.commands.ExecutionException;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.handlers.HandlerUtil;

/** What the commands of this bundle do. */
public final class Handlers {
  private Handlers() {}

  private static PathView view(IWorkbenchWindow window) throws ExecutionException {
    try {
      return (PathView) window.getActivePage().showView(PathView.ID);
    } catch (PartInitException e) {
      throw new ExecutionException("The path view did not open", e);
    }
  }

  /** Opens the view; takes the ends that are given and keeps the others. */
  public static final class Show extends AbstractHandler {
    @Override
    public Object execute(ExecutionEvent event) throws ExecutionException {
      view(HandlerUtil.getActiveWorkbenchWindowChecked(event))
          .show(
              Optional.ofNullable(event.getParameter("source")),
              Optional.ofNullable(event.getParameter("destination")));
      return null;
    }
  }

  /** Opens the view with the ends of what is selected. */
  public static final class OfSelection extends AbstractHandler {
    @Override
    public Object execute(ExecutionEvent event) throws ExecutionException {
      IWorkbenchWindow window = HandlerUtil.getActiveWorkbenchWindowChecked(event);
      Scope scope = Scopes.of(window);
      Optional<PathEnds> ends = scope.session().flatMap(s -> PathEnds.of(scope.selected(), s));
      PathView view = view(window);
      ends.ifPresent(view::show);
      return null;
    }
  }
}
