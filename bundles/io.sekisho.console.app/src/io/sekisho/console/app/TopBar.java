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
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.IWorkbenchWindow;

/** Cluster, filter and time: the three things that narrow every view of the window. */
public final class TopBar {
  private static final int HEIGHT = 84;
  private static final Map<IWorkbenchWindow, TopBar> BARS = new WeakHashMap<>();

  private Optional<Pieces> pieces = Optional.empty();

  /** What is made anew with the theme. */
  private record Pieces(
      ClusterChip cluster, FilterBar filter, PerspectiveTabs tabs, TimeBar time) {}

  /** The bar of a window. */
  static Optional<TopBar> of(IWorkbenchWindow window) {
    return Optional.ofNullable(BARS.get(window));
  }

  /** Called by the platform. */
  @PostConstruct
  public void create(Composite parent, IWorkbenchWindow window) {
    BARS.put(window, this);
    Scope scope = Scopes.of(window);
    Wide bar = new Wide(parent, HEIGHT);
    build(bar, window, scope);
    Scope.Listener listener = this::changed;
    scope.addListener(listener);
    bar.addDisposeListener(e -> scope.removeListener(listener));
    Themes.onChange(bar, () -> build(bar, window, scope));
  }

  private void build(Wide root, IWorkbenchWindow window, Scope scope) {
    root.clear();
    Look look = Look.of(root.getDisplay());
    root.setBackground(look.theme().panel());
    Composite first = look.row(root, look.theme().panel(), 3, 12, 8, 12);
    ClusterChip cluster = new ClusterChip(first, look, window, scope);
    FilterBar filter = new FilterBar(first, look, scope);
    PerspectiveTabs tabs = new PerspectiveTabs(first, look, window);
    TimeBar time = new TimeBar(root, look, scope);
    look.hairline(root);
    pieces = Optional.of(new Pieces(cluster, filter, tabs, time));
    root.layout(true, true);
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
            case LINK -> {
              p.cluster().show();
              p.time().show();
            }
            case FILTER -> p.filter().show();
            case PAUSE, TRAFFIC -> p.time().show();
            case SELECTION, INVENTORY, FLOWS, REVISIONS -> {}
          }
        });
  }
}
