package io.sekisho.console.nodes;

import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import io.sekisho.console.ui.ConsoleView;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Scope.Topic;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.Theme;
import io.sekisho.console.ui.ViewHead;
import io.sekisho.console.ui.ViewState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;

/** The nodes of the cluster with their health, one row each. */
public final class NodesView extends ConsoleView {
  /** A column: title, width in pixels, side. */
  private record Column(String title, int width, int side) {}

  private Optional<Pieces> pieces = Optional.empty();

  /** What is made anew with the theme. */
  private record Pieces(Look look, ViewHead head, StatePage page, Table table) {}

  private static List<Column> columns() {
    return List.of(
        new Column(Texts.column_name, 100, SWT.LEFT),
        new Column(Texts.column_state, 90, SWT.LEFT),
        new Column(Texts.column_address, 140, SWT.LEFT),
        new Column(Texts.column_version, 80, SWT.LEFT),
        new Column(Texts.column_endpoints, 80, SWT.RIGHT),
        new Column(Texts.column_revision, 80, SWT.RIGHT),
        new Column(Texts.column_pressure, 150, SWT.LEFT),
        new Column(Texts.column_lost, 90, SWT.RIGHT),
        new Column(Texts.column_memory, 110, SWT.RIGHT),
        new Column(Texts.column_message, 280, SWT.LEFT));
  }

  @Override
  protected void createContents(Composite root, Look look) {
    Theme theme = look.theme();
    GridLayout layout = new GridLayout(1, false);
    layout.marginWidth = 0;
    layout.marginHeight = 0;
    layout.verticalSpacing = 0;
    root.setLayout(layout);
    ViewHead head = new ViewHead(root, look, theme.ground(), Texts.title_nodes);
    head.done();
    StatePage page = new StatePage(root, look, theme.ground());
    Table table = new Table(page.contents(), SWT.FULL_SELECTION | SWT.SINGLE);
    table.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    table.setHeaderVisible(true);
    table.setBackground(theme.ground());
    table.setForeground(theme.text());
    table.setHeaderBackground(theme.ground());
    table.setHeaderForeground(theme.faint());
    for (Column column : columns()) {
      TableColumn made = new TableColumn(table, column.side());
      made.setText(column.title());
      made.setWidth(column.width());
      made.setMoveable(true);
    }
    table.addListener(
        SWT.Selection, e -> scope().select(new Selected.Node(((TableItem) e.item).getText(0))));
    pieces = Optional.of(new Pieces(look, head, page, table));
    refresh();
  }

  @Override
  protected void changed(Topic topic) {
    switch (topic) {
      case SESSION, LINK, INVENTORY -> refresh();
      case SELECTION, FILTER, PAUSE, FLOWS, TRAFFIC, REVISIONS -> {}
    }
  }

  private void refresh() {
    pieces.filter(p -> !p.table().isDisposed()).ifPresent(this::fill);
  }

  private void fill(Pieces p) {
    List<Node> nodes =
        scope()
            .session()
            .map(s -> List.copyOf(new TreeMap<>(s.inventory().nodes()).values()))
            .orElse(List.of());
    long ready = nodes.stream().filter(n -> n.getState() == NodeState.READY).count();
    ViewState state = ViewState.of(scope(), System.currentTimeMillis());
    p.head().state(state, Texts.bind(Texts.count_nodes, nodes.size(), ready));
    p.page().show(state);
    if (nodes.isEmpty()) {
      if (p.page().sentence().isEmpty()) {
        p.page().sentence(Texts.no_nodes);
      }
      return;
    }
    p.table().setItemCount(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      put(p.table().getItem(i), nodes.get(i), p.look().theme());
    }
  }

  private static void put(TableItem item, Node node, Theme theme) {
    if (node.equals(item.getData())) {
      return;
    }
    item.setData(node);
    List<String> cells = new ArrayList<>();
    cells.add(node.getName());
    cells.add(NodeWords.state(node));
    cells.add(String.join(", ", node.getAddressesList()));
    cells.add(node.getVersion().isEmpty() ? Format.UNKNOWN : node.getVersion());
    cells.add(Format.count(node.getEndpoints()));
    cells.add(
        node.getRealizedRevision() == 0 ? Format.NONE : Format.count(node.getRealizedRevision()));
    cells.add(NodeWords.pressure(node));
    cells.add(Format.count(node.getEventsLost()));
    cells.add(
        node.getAgentRssBytes() == 0 ? Format.UNKNOWN : Format.bytes(node.getAgentRssBytes()));
    cells.add(node.getMessage());
    item.setText(cells.toArray(String[]::new));
    boolean good = node.getState() == NodeState.READY;
    boolean gone = node.getState() == NodeState.GONE;
    Color colour = good ? theme.forwarded() : gone ? theme.error() : theme.audit();
    Icons icon = good ? Icons.GOOD : gone ? Icons.DROPPED : Icons.DEGRADED;
    item.setImage(0, icon.image(item.getDisplay(), colour));
    item.setForeground(1, good ? theme.text() : colour);
  }
}
