package io.sekisho.console.graph.view;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.graph.Texts;
import io.sekisho.console.graph.layout.Pins;
import io.sekisho.console.graph.model.Narrowing;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.ConsoleView;
import io.sekisho.console.ui.Filters;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Menus;
import io.sekisho.console.ui.PathEnds;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.ViewState;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.ServiceGraph;
import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.ILog;
import org.eclipse.jface.action.Action;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.IViewPart;

/** The workbench view of the traffic graph: brings the window's scope and the panel together. */
public final class TrafficGraphView extends ConsoleView {
  /** Id of the view. */
  public static final String ID = "io.sekisho.console.graph.view";

  private static final String DETAILS = "io.sekisho.console.flows.details";
  private static final String POLICY = "io.sekisho.console.policy.";
  private Optional<GraphPanel> panel = Optional.empty();

  @Override
  protected void createContents(Composite root, Look look) {
    root.setLayout(new FillLayout());
    GraphPanel made =
        new GraphPanel(
            root, look, new Owner(), e -> ILog.of(TrafficGraphView.class).error(failed(e), e));
    panel = Optional.of(made);
    session(made);
    made.select(scope().selected());
  }

  private static String failed(RuntimeException e) {
    return "The traffic graph was laid out plainly, as the layout failed: " + e;
  }

  /** The panel, for tests. */
  public Optional<GraphPanel> panel() {
    return panel;
  }

  @Override
  protected void changed(Scope.Topic topic) {
    panel
        .filter(p -> !p.control().isDisposed())
        .ifPresent(
            p -> {
              switch (topic) {
                case SESSION -> session(p);
                case TRAFFIC, LINK, INVENTORY, FILTER -> traffic(p);
                case SELECTION -> p.select(scope().selected());
                case PAUSE, FLOWS, REVISIONS -> {}
              }
            });
  }

  private void session(GraphPanel p) {
    p.reset(scope().session().map(s -> PinStore.load(s.profile().name())).orElse(Pins.NONE));
    traffic(p);
  }

  private void traffic(GraphPanel p) {
    ServiceGraph all = scope().session().map(ClusterSession::traffic).orElse(ServiceGraph.EMPTY);
    String filter = scope().filter();
    ViewState state = ViewState.of(scope(), System.currentTimeMillis());
    if (filter.isBlank()) {
      p.narrowed(false);
      p.traffic(all, state);
      return;
    }
    List<FlowRecord> newest = scope().session().map(s -> s.flows().newestFirst()).orElse(List.of());
    p.narrowed(true);
    p.traffic(Narrowing.of(all, newest, Filters.parse(filter).matches()), state);
  }

  @Override
  public void setFocus() {
    panel.filter(p -> !p.control().isDisposed()).ifPresent(GraphPanel::focus);
  }

  /** What can be done about the selection. */
  public List<Action> actions() {
    boolean inside = scope().session().flatMap(s -> PathEnds.of(scope().selected(), s)).isPresent();
    boolean selected = !(scope().selected() instanceof Selected.Nothing);
    boolean connection = scope().selected() instanceof Selected.Connection;
    return List.of(
        action("command.path", PathEnds.OF_SELECTION, inside),
        action("command.allow", POLICY + "draftAllow", connection),
        action("command.deny", POLICY + "draftDeny", connection),
        action("command.fromFlows", POLICY + "fromFlows", selected));
  }

  private static Action action(String key, String command, boolean possible) {
    Action action = Menus.action(Texts.of(key), () -> Commands.fire(command));
    action.setEnabled(possible && Commands.handled(command));
    return action;
  }

  /** Passes on what the operator does. */
  private final class Owner implements GraphPanel.Owner {
    @Override
    public void selected(Selected selected) {
      scope().select(selected);
    }

    @Override
    public void pinned(Pins pins) {
      scope().session().ifPresent(s -> PinStore.save(s.profile().name(), pins));
    }

    @Override
    public void widen() {
      scope().filter("");
    }

    @Override
    public List<Action> actions() {
      return TrafficGraphView.this.actions();
    }

    @Override
    public void details() {
      IViewPart details = getSite().getPage().findView(DETAILS);
      if (details != null) {
        getSite().getPage().activate(details);
      }
    }
  }
}
