package io.sekisho.console.app;

import io.sekisho.console.ui.FilterBar;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Scopes;
import io.sekisho.console.ui.Themes;
import io.sekisho.console.ui.TimeBar;
import jakarta.annotation.PostConstruct;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.IWorkbenchWindow;

/** Cluster, filter and time: the three things that narrow every view of the window. */
public final class TopBar {
  private static final int HEIGHT = 84;
  private static final Map<IWorkbenchWindow, TopBar> BARS = new WeakHashMap<>();

  private Optional<Pieces> pieces = Optional.empty();

  /** What is made anew with the theme. */
  private record Pieces(
      Wide root, ClusterChip cluster, FilterBar filter, PerspectiveTabs tabs, TimeBar time) {}

  /** The bar of a window. */
  static Optional<TopBar> of(IWorkbenchWindow window) {
    return Optional.ofNullable(BARS.get(window));
  }

  /** Called by the platform. */
  @PostConstruct
  public void create(Composite parent, IWorkbenchWindow window) {
    parent.setLayout(new FillLayout());
    BARS.put(window, this);
    Scope scope = Scopes.of(window);
    build(parent, window, scope);
    Scope.Listener listener = this::changed;
    scope.addListener(listener);
    parent.addDisposeListener(e -> scope.removeListener(listener));
    Themes.onChange(parent, () -> build(parent, window, scope));
  }

  private void build(Composite parent, IWorkbenchWindow window, Scope scope) {
    pieces.map(Pieces::root).ifPresent(Control::dispose);
    Look look = Look.of(parent.getDisplay());
    Wide root = new Wide(parent, HEIGHT);
    root.setBackground(look.theme().panel());
    Composite first = look.row(root, look.theme().panel(), 3, 12, 8, 12);
    ClusterChip cluster = new ClusterChip(first, look, window, scope);
    FilterBar filter = new FilterBar(first, look, scope);
    PerspectiveTabs tabs = new PerspectiveTabs(first, look, window);
    TimeBar time = new TimeBar(root, look, scope);
    look.hairline(root);
    pieces = Optional.of(new Pieces(root, cluster, filter, tabs, time));
    parent.layout(true, true);
  }

  /** Puts the cursor into the filter. */
  void focusFilter() {
    pieces.map(Pieces::filter).ifPresent(FilterBar::focus);
  }

  private void changed(Scope.Topic topic) {
    pieces.ifPresent(
        p -> {
          switch (topic) {
            case SESSION -> {
              p.cluster().show();
              p.time().show();
            }
            case LINK -> p.cluster().show();
            case FILTER -> p.filter().show();
            case PAUSE, TRAFFIC -> p.time().show();
            case SELECTION, INVENTORY, FLOWS, REVISIONS -> {}
          }
        });
  }
}
