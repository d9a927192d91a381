package io.sekisho.console.nodes;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.ConsoleView;
import io.sekisho.console.ui.DataTable;
import io.sekisho.console.ui.Gauge;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.NodeTroubles;
import io.sekisho.console.ui.Scope.Topic;
import io.sekisho.console.ui.Selected;
import io.sekisho.console.ui.StatePage;
import io.sekisho.console.ui.Theme;
import io.sekisho.console.ui.ViewHead;
import io.sekisho.console.ui.ViewState;
import java.util.List;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.TableItem;

/**
 * The nodes of the cluster with their health, one row each; beside them all about the selected one,
 * or the latency between all of them.
 */
public final class NodesView extends ConsoleView {
  /** Id of the view. */
  public static final String ID = "io.sekisho.console.nodes.table";

  private Optional<Pieces> pieces = Optional.empty();

  /** What is made anew with the theme. */
  private record Pieces(
      Look look, ViewHead head, StatePage page, DataTable<NodeRow> table, NodeSide side) {}

  @Override
  protected void createContents(Composite root, Look look) {
    Theme theme = look.theme();
    GridLayout layout = new GridLayout(1, false);
    layout.marginWidth = 0;
    layout.marginHeight = 0;
    layout.verticalSpacing = 0;
    root.setLayout(layout);
    ViewHead head = new ViewHead(root, look, theme.ground(), "");
    head.done();
    StatePage page = new StatePage(root, look, theme.ground());
    SashForm sash = new SashForm(page.contents(), SWT.HORIZONTAL);
    sash.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    sash.setBackground(theme.line());
    sash.setSashWidth(1);
    Composite left = look.box(sash, theme.ground(), 1, 0, 0, 0);
    DataTable<NodeRow> table =
        new DataTable<>(left, look, "nodes", NodeRow.columns(), NodeRow::name, this::style)
            .copyable(getSite())
            .spoken(Texts.title_nodes)
            .explain("latency", Texts.tip_latency);
    table.onSelect(r -> select(r.name()));
    NodeSide side = new NodeSide(sash, look, getSite(), this::select);
    sash.setWeights(55, 45);
    pieces = Optional.of(new Pieces(look, head, page, table, side));
    refresh();
  }

  private void select(String name) {
    scope().select(name.isEmpty() ? new Selected.Nothing() : new Selected.Node(name));
  }

  private void style(TableItem item, NodeRow row) {
    pieces.ifPresent(
        p -> {
          Theme theme = p.look().theme();
          DataTable<NodeRow> t = p.table();
          int state = t.place(NodeRow.STATE);
          item.setImage(state, row.icon().image(item.getDisplay(), row.colour(theme)));
          item.setForeground(state, row.ready() ? theme.text() : row.colour(theme));
          boolean cut = row.node().getProbesList().stream().anyMatch(NodeTroubles::cut);
          boolean lossy =
              row.node().getProbesList().stream().anyMatch(w -> NodeTroubles.way(w).isPresent());
          item.setForeground(
              t.place(NodeRow.LOSS), cut ? theme.dropped() : lossy ? theme.audit() : theme.text());
          boolean tight = row.share() >= NodeWords.TIGHT;
          int pressure = t.place(NodeRow.PRESSURE);
          item.setForeground(pressure, tight ? theme.audit() : theme.text());
          item.setImage(
              pressure,
              Double.isNaN(row.share())
                  ? null
                  : Gauge.image(
                      item.getDisplay(), row.share(), tight ? theme.audit() : theme.forwarded()));
          item.setForeground(t.place(NodeRow.MESSAGE), theme.faint());
        });
  }

  @Override
  protected void changed(Topic topic) {
    switch (topic) {
      case SESSION, LINK, INVENTORY, SELECTION -> refresh();
      case FILTER, PAUSE, FLOWS, TRAFFIC, REVISIONS -> {}
    }
  }

  private void refresh() {
    pieces.filter(p -> !p.table().widget().isDisposed()).ifPresent(this::fill);
  }

  private void fill(Pieces p) {
    List<NodeRow> rows = scope().session().map(NodeRow::of).orElse(List.of());
    long ready = rows.stream().filter(NodeRow::ready).count();
    ViewState state = ViewState.of(scope(), System.currentTimeMillis());
    int troubles =
        scope().session().map(ClusterSession::inventory).map(NodeTroubles::of).stream()
            .mapToInt(List::size)
            .sum();
    String count = Texts.bind(Texts.count_nodes, rows.size(), ready);
    p.head().state(state, troubles == 0 ? count : count + ", " + trouble(troubles));
    p.page().show(state, scope());
    if (rows.isEmpty()) {
      if (p.page().sentence().isEmpty()) {
        p.page().sentence(Texts.no_nodes);
      }
      return;
    }
    p.table().show(rows);
    Optional<NodeRow> selected =
        scope().selected() instanceof Selected.Node n
            ? rows.stream().filter(r -> r.name().equals(n.name())).findFirst()
            : Optional.empty();
    p.table().select(selected.map(NodeRow::name));
    p.side().show(rows, selected);
  }

  private static String trouble(int troubles) {
    return troubles == 1 ? Texts.count_trouble : Texts.bind(Texts.count_troubles, troubles);
  }

  @Override
  public void setFocus() {
    pieces.map(p -> p.table().widget()).filter(t -> !t.isDisposed()).ifPresent(t -> t.setFocus());
  }

  /** The table of nodes as tab-separated text; for tests. */
  public String text() {
    return pieces.map(p -> p.table().tsv()).orElse("");
  }

  /** What stands beside it, likewise. */
  public String sideText() {
    return pieces.map(p -> p.side().text()).orElse("");
  }

  /** The sentence in place of contents; empty while they are shown. */
  public String sentence() {
    return pieces.map(p -> p.page().sentence()).orElse("");
  }

  /** The note beside the title. */
  public String note() {
    return pieces.map(p -> p.head().note()).orElse("");
  }
}
