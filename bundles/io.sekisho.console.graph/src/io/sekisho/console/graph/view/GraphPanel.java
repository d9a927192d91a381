package io.sekisho.console.graph.view;

import io.sekisho.console.graph.Texts;
import io.sekisho.console.graph.layout.Pins;
import io.sekisho.console.graph.layout.Scene;
import io.sekisho.console.graph.model.Folding;
import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.graph.model.Wording;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Ready;
import io.sekisho.console.ui.Selected;
import io.sekisho.flow.ServiceGraph;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StackLayout;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
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

    /** The operator wants to know more about the selection. */
    void details();
  }

  private final Composite root;
  private final GraphHeader header;
  private final Label notice;
  private final Composite stack;
  private final StackLayout pages = new StackLayout();
  private final GraphViewer viewer;
  private final EdgeTable table;
  private final StatePage statePage;
  private final GraphCommands commands;
  private final Owner owner;
  private Selected selected = new Selected.Nothing();
  private boolean asTable;
  private boolean hasPicture;

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
    notice = look.label(root, "", look.fonts().small(), look.theme().text());
    GridData line = new GridData(SWT.FILL, SWT.TOP, true, false);
    line.horizontalIndent = 12;
    line.exclude = true;
    notice.setLayoutData(line);
    stack = new Composite(root, SWT.NONE);
    stack.setBackground(look.theme().ground());
    stack.setLayout(pages);
    stack.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    viewer = new GraphViewer(stack, look.theme(), onFailure);
    table = new EdgeTable(stack, look, e -> choose(connection(e)));
    statePage = new StatePage(stack, look);
    commands = new GraphCommands(viewer, this::turn);
    viewer.listen(new Listener());
    viewer.stage().onPainted(Ready::graphDrawn);
    viewer.canvas().setMenu(menu(viewer.canvas(), true));
    speak();
    state("", "");
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
    header.grouping(viewer.folding().grouping());
    hasPicture = false;
  }

  /** Draws traffic; there is at least one connection or node. */
  public void traffic(ServiceGraph graph) {
    hasPicture = true;
    viewer.input(graph);
    table.input(graph);
    page();
  }

  /** Says why there is no picture. */
  public void state(String title, String text) {
    hasPicture = false;
    header.clear();
    statePage.show(new StatePage.State(title, text));
    page();
  }

  /** Says above the picture why it is old; empty text if it is not. */
  public void notice(String text) {
    notice.setText(text.replace("&", "&&"));
    notice.setVisible(!text.isEmpty());
    ((GridData) notice.getLayoutData()).exclude = text.isEmpty();
    viewer.old(!text.isEmpty());
    root.layout();
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
    page();
    focus();
  }

  private void page() {
    pages.topControl =
        !hasPicture ? statePage.control() : asTable ? table.control() : viewer.canvas();
    stack.layout();
  }

  private Menu menu(org.eclipse.swt.widgets.Control below, boolean all) {
    MenuManager manager = new MenuManager();
    manager.setRemoveAllWhenShown(true);
    manager.addMenuListener(
        m -> {
          if (all) {
            commands.fill(m);
          } else {
            commands.fillGroupings(m);
          }
        });
    Menu menu = manager.createContextMenu(below);
    below.addListener(SWT.Dispose, e -> manager.dispose());
    return menu;
  }

  private void open(FlatButton below, boolean all) {
    Menu menu = menu(below, all);
    Point at = below.toDisplay(0, below.getSize().y);
    menu.setLocation(at);
    menu.setVisible(true);
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
      header.grouping(scene.folding().grouping());
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
    public void groupings(FlatButton below) {
      open(below, false);
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
    public void showAll() {
      Set<String> all = new HashSet<>();
      all.add("");
      viewer.input().nodes().forEach(n -> all.add(n.party().namespace()));
      Folding now = viewer.folding();
      viewer.fold(new Folding(now.grouping(), now.folded(), all));
    }

    @Override
    public void menu(FlatButton below) {
      open(below, true);
    }
  }
}
