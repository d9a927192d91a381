package io.sekisho.console.nodes;

import io.sekisho.api.v1.Node;
import io.sekisho.console.ui.DataTable;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.NodeTroubles;
import io.sekisho.console.ui.Paint;
import io.sekisho.console.ui.Press;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StackLayout;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Canvas;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.IWorkbenchPartSite;

/** Beside the table of nodes: all about the selected one, or how long it takes between them. */
final class NodeSide {
  private final Look look;
  private final Composite stack;
  private final StackLayout layout = new StackLayout();
  private final Composite one;
  private final Composite all;
  private final Canvas title;
  private final FactTable facts;
  private final Matrix matrix;
  private String words = "";
  private String state = "";

  /** {@code select} gets a node's name, or the empty text for none. */
  NodeSide(Composite parent, Look look, IWorkbenchPartSite site, Consumer<String> select) {
    this.look = look;
    stack = new Composite(parent, SWT.NONE);
    stack.setBackground(look.theme().ground());
    stack.setLayout(layout);
    one = look.box(stack, look.theme().ground(), 1, 0, 0, 0);
    Composite head = look.row(one, look.theme().ground(), 2, 12, 4, 8);
    title = look.canvas(head, SWT.DEFAULT, 24, (gc, w, h) -> title(gc, w, h));
    ((GridData) title.getLayoutData()).grabExcessVerticalSpace = false;
    Press.word(head, look, Texts.action_all_ways, () -> select.accept(""));
    facts = new FactTable(one, look);
    facts.table().copyable(site).spoken(Texts.title_node);
    all = look.box(stack, look.theme().ground(), 1, 0, 0, 0);
    Composite heading = look.row(all, look.theme().ground(), 1, 12, 4, 8);
    var label =
        look.label(heading, Texts.matrix_title, look.fonts().normal(), look.theme().faint());
    GridData tall = new GridData(SWT.FILL, SWT.CENTER, true, false);
    tall.heightHint = 24;
    label.setLayoutData(tall);
    matrix = new Matrix(all, look, site, select);
    layout.topControl = all;
  }

  private void title(org.eclipse.swt.graphics.GC gc, int w, int h) {
    int x = Paint.text(gc, words, look.fonts().bold(), look.theme().text(), 0, h / 2) + 8;
    gc.setFont(look.fonts().small());
    String fitting = Paint.fit(gc, state, Math.max(20, w - x));
    Paint.text(gc, fitting, look.fonts().small(), look.theme().faint(), x, h / 2);
  }

  void show(List<NodeRow> rows, Optional<NodeRow> selected) {
    if (selected.isPresent()) {
      NodeRow row = selected.get();
      words = row.name();
      state = troubles(row.node());
      title.setToolTipText(state.isEmpty() ? null : state);
      title.redraw();
      facts.show(Fact.of(row));
      top(one);
    } else {
      List<Node> nodes = rows.stream().map(NodeRow::node).toList();
      matrix.show(nodes);
      top(all);
    }
  }

  /** The agent's own words, then what is wrong with its ways. */
  private static String troubles(Node node) {
    List<String> all = new ArrayList<>();
    if (!node.getMessage().isEmpty()) {
      all.add(node.getMessage());
    }
    node.getProbesList().stream()
        .flatMap(p -> NodeTroubles.way(p).stream())
        .map(NodeTroubles.Way::sentence)
        .forEach(all::add);
    return String.join("; ", all);
  }

  private void top(Composite next) {
    if (layout.topControl != next) {
      layout.topControl = next;
      stack.layout();
    }
  }

  /** What is said, tab-separated; for tests. */
  String text() {
    return layout.topControl == one
        ? words + "\t" + state + "\n" + facts.table().tsv()
        : matrix.table().map(DataTable::tsv).orElse("");
  }
}
