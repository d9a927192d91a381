package io.sekisho.console.graph.view;

import io.sekisho.console.graph.Texts;
import io.sekisho.console.graph.layout.Pins;
import io.sekisho.console.graph.layout.Scene;
import io.sekisho.console.graph.model.Folding;
import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.Wording;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Menus;
import io.sekisho.console.ui.Ready;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.ViewState;
import io.sekisho.flow.ServiceGraph;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.IMenuManager;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StackLayout;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Menu;

/**
 * All of the view but the workbench: header, notice, graph, its table twin and the words shown
 * while there is nothing to draw.
 */
public final class GraphPanel {
  /** What the panel tells its owner. */
  public interface Owner {
    /** The operator selected something. */
    void selected(Selected selected);

    /** The operator pinned or freed nodes. */
    void pinned(Pins pins);

    /** The operator wants the filter away. */
    void widen();

    /** The operator wants to know more about the selection. */
    void details();

    /** What other features can do with the selection, for the context menu. */
    default List<Action> actions() {
      return List.of();
    }
  }

  private final Composite root;
  private final GraphHeader header;
  private final StatePage page;
  private final Composite stack;
  private final StackLayout pages = new StackLayout();
  private final GraphViewer viewer;
  private final EdgeTable table;
  private final GraphCommands commands;
  private final Owner owner;
  private Selected selected = new Selected.Nothing();
  private boolean asTable;
  private boolean hasPicture;
  private boolean narrowed;

  /**
   * Fills a composite.
   *
   * @param onFailure hears of failed layouts, on any thread
   */
  public GraphPanel(
      Composite parent, Look look, Owner owner, Consumer<RuntimeException> onFailure) {
    this.owner = owner;
    root = new Composite(parent, SWT.NONE);
    root.setBackground(look.theme().ground());
    GridLayout layout = new GridLayout();
    layout.marginWidth = 0;
    layout.marginHeight = 0;
    layout.verticalSpacing = 0;
    root.setLayout(layout);
    header = new GraphHeader(root, look, new HeaderActs());
    page = new StatePage(root, look, look.theme().ground());
    stack = new Composite(page.contents(), SWT.NONE);
    stack.setBackground(look.theme().ground());
    stack.setLayout(pages);
    stack.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    viewer = new GraphViewer(stack, look.theme(), onFailure);
    table = new EdgeTable(stack, look, e -> choose(connection(e)));
    commands = new GraphCommands(viewer, this::turn);
    viewer.listen(new Listener());
    viewer.stage().onPainted(Ready::graphDrawn);
    viewer.canvas().setMenu(menu(viewer.canvas(), this::fillMenu));
    speak();
    turned();
  }

  /** The whole of it. */
  public Composite control() {
    return root;
  }

  /** The graph itself. */
  public GraphViewer viewer() {
    return viewer;
  }

  /** The table twin. */
  public EdgeTable table() {
    return table;
  }

  private static Selected connection(ServiceGraph.Edge e) {
    return new Selected.Connection(e.clientKey(), e.serverKey());
  }

  private void speak() {
    viewer
        .canvas()
        .getAccessible()
        .addAccessibleListener(
            Spoken.nameAndDescription(() -> Texts.of("spoken.graph"), this::spoken));
  }

  private String spoken() {
    GraphModel model = viewer.scene().map(Scene::model).orElse(GraphModel.EMPTY);
    long troubled = model.edges().stream().filter(GraphEdge::troubled).count();
    String whole = Texts.of("spoken.what", model.nodes().size(), model.edges().size(), troubled);
    StringBuilder text = new StringBuilder(whole);
    viewer.seen().selected().forEach(id -> text.append('\n').append(tip(model, id)));
    return text.toString();
  }

  /** Forgets everything of another cluster. */
  public void reset(Pins pins) {
    viewer.pins(pins);
    viewer.restart();
    header.clear();
    hasPicture = false;
  }

  /** Draws traffic as far as it can be trusted; says why if there is none to draw. */
  public void traffic(ServiceGraph graph, ViewState state) {
    hasPicture = !graph.nodes().isEmpty();
    header.state(state);
    viewer.old(state instanceof ViewState.Old);
    if (hasPicture) {
      viewer.input(graph);
      table.input(graph);
      page.show(state);
    } else {
      header.clear();
      boolean told = state instanceof ViewState.Waiting || state instanceof ViewState.Refused;
      if (told) {
        page.show(state);
      } else {
        long minutes = Math.max(1, TimeUnit.NANOSECONDS.toMinutes(graph.spanNanos()));
        page.sentence(Texts.of(narrowed ? "state.nonePasses" : "state.empty", minutes));
      }
    }
  }

  /** Says whether the window's filter leaves something out. */
  public void narrowed(boolean next) {
    narrowed = next;
    header.narrowed(next);
  }

  /** The sentence shown in place of a picture, empty while there is one. */
  public String sentence() {
    return page.sentence();
  }

  /** Shows what the window has selected. */
  public void select(Selected next) {
    if (!next.equals(selected)) {
      selected = next;
      viewer.mark(pictured());
      viewer.seen().selected().stream().findFirst().ifPresent(viewer::reveal);
    }
    table.select(
        next instanceof Selected.Connection c ? c.clientKey() + " > " + c.serverKey() : "");
  }

  private Set<String> pictured() {
    GraphModel model = viewer.scene().map(Scene::model).orElse(GraphModel.EMPTY);
    return Selections.toPicture(model, selected);
  }

  private void choose(Selected next) {
    selected = next;
    owner.selected(next);
  }

  /** Puts the focus where the operator works. */
  public void focus() {
    pages.topControl.setFocus();
  }

  /** Shows the table in place of the graph, or the graph again. */
  void turn() {
    asTable = !asTable;
    header.table(asTable);
    turned();
    focus();
  }

  private void turned() {
    pages.topControl = asTable ? table.control() : viewer.canvas();
    stack.layout();
  }

  /** The graph's own commands, and what other features can do with the selection. */
  private void fillMenu(IMenuManager menu) {
    commands.fill(menu);
    owner.actions().forEach(menu::add);
  }

  private static Menu menu(Control below, Consumer<IMenuManager> fill) {
    MenuManager manager = new MenuManager();
    manager.setRemoveAllWhenShown(true);
    manager.addMenuListener(fill::accept);
    below.addListener(SWT.Dispose, e -> manager.dispose());
    return manager.createContextMenu(below);
  }

  private static void open(Control below, Consumer<IMenuManager> fill) {
    MenuManager manager = new MenuManager();
    fill.accept(manager);
    Menus.open(manager, below);
  }

  private static String tip(GraphModel model, String id) {
    return model.node(id).map(Wording::tip).or(() -> model.edge(id).map(Wording::tip)).orElse("");
  }

  /** What the viewer tells. */
  private final class Listener implements GraphListener {
    @Override
    public void shown(Scene scene) {
      if (!hasPicture) {
        return;
      }
      header.show(scene);
      boolean lost = viewer.seen().selected().isEmpty() && !(selected instanceof Selected.Nothing);
      if (lost || scene.fresh()) {
        viewer.mark(pictured());
      }
    }

    @Override
    public void zoomed(double zoom) {
      header.zoom(zoom);
    }

    @Override
    public void selected(Set<String> ids) {
      GraphModel model = viewer.scene().map(Scene::model).orElse(GraphModel.EMPTY);
      choose(Selections.toWindow(model, ids));
    }

    @Override
    public void hovered(String id) {
      GraphModel model = viewer.scene().map(Scene::model).orElse(GraphModel.EMPTY);
      String words = tip(model, id);
      viewer.canvas().setToolTipText(words.isEmpty() ? null : words.replace("&", "&&"));
    }

    @Override
    public void pinned(Pins pins) {
      owner.pinned(pins);
    }

    @Override
    public void details() {
      owner.details();
    }
  }

  /** What the buttons of the header do. */
  private final class HeaderActs implements GraphHeader.Acts {
    @Override
    public void groupings(Control below) {
      open(below, commands::fillGroupings);
    }

    @Override
    public void asTable() {
      turn();
    }

    @Override
    public void zoom(boolean in) {
      viewer.zoom(in);
    }

    @Override
    public void fit() {
      viewer.fit();
    }

    @Override
    public void widen() {
      owner.widen();
    }

    @Override
    public void showAll() {
      Set<String> all = new HashSet<>();
      all.add("");
      viewer.input().nodes().forEach(n -> all.add(n.party().namespace()));
      Folding now = viewer.folding();
      viewer.fold(new Folding(now.grouping(), now.folded(), all));
    }

    @Override
    public void menu(Control below) {
      open(below, commands::fill);
    }
  }
}
