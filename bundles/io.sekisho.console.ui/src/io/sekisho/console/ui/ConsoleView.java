package io.sekisho.console.ui;

import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.part.ViewPart;

/**
 * A view that looks at the window's scope. Its contents are made by {@link #createContents}, made
 * anew when the theme changes, and told of every change of the scope while they live.
 */
public abstract class ConsoleView extends ViewPart {
  private final Scope.Listener listener = this::tell;
  private Optional<Scope> scope = Optional.empty();
  private Optional<Composite> root = Optional.empty();

  @Override
  public final void createPartControl(Composite parent) {
    parent.setLayout(new FillLayout());
    Scope mine = Scopes.of(getSite().getWorkbenchWindow());
    scope = Optional.of(mine);
    build(parent);
    mine.addListener(listener);
    Themes.onChange(parent, () -> build(parent));
  }

  private void tell(Scope.Topic topic) {
    if (root.isPresent()) {
      changed(topic);
    }
  }

  private void clear() {
    root.ifPresent(Control::dispose);
    root = Optional.empty();
  }

  private void build(Composite parent) {
    clear();
    Look look = Look.of(parent.getDisplay());
    Composite made = new Composite(parent, SWT.NONE);
    made.setBackground(look.theme().ground());
    root = Optional.of(made);
    createContents(made, look);
    parent.layout(true, true);
  }

  /** Fills an empty composite without layout; the first picture is drawn from the scope. */
  protected abstract void createContents(Composite root, Look look);

  /** Something is new; on the UI thread, at most once a frame per topic. */
  protected abstract void changed(Scope.Topic topic);

  /** What the window looks at; there from {@link #createContents} on. */
  protected final Scope scope() {
    return scope.orElseThrow(() -> new IllegalStateException("the view has no window yet"));
  }

  @Override
  public void setFocus() {
    root.filter(c -> !c.isDisposed()).ifPresent(Control::setFocus);
  }

  @Override
  public void dispose() {
    scope.ifPresent(s -> s.removeListener(listener));
    super.dispose();
  }
}
