package io.sekisho.console.graph.view;

import io.sekisho.console.graph.Texts;
import io.sekisho.console.ui.Look;
import io.sekisho.flow.ServiceGraph;
import io.sekisho.flow.ServiceGraph.Edge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;

/**
 * The graph as a table: all connections with all numbers, for sorting and for screen readers. Rows
 * keep their selection while numbers change.
 */
public final class EdgeTable {
  private final Table table;
  private final Look look;
  private final Consumer<Edge> onSelect;
  private List<Edge> rows = List.of();
  private EdgeColumn sort = EdgeColumn.DROPPED;
  private boolean up;
  private String selected = "";

  /** Makes the table; {@code onSelect} hears of rows that the operator selects. */
  public EdgeTable(Composite parent, Look look, Consumer<Edge> onSelect) {
    this.look = look;
    this.onSelect = onSelect;
    table = new Table(parent, SWT.VIRTUAL | SWT.FULL_SELECTION | SWT.SINGLE);
    table.setHeaderVisible(true);
    table.setBackground(look.theme().ground());
    table.setForeground(look.theme().text());
    table.setHeaderBackground(look.theme().ground());
    table.setHeaderForeground(look.theme().faint());
    table.getAccessible().addAccessibleListener(Spoken.name(() -> Texts.of("table.name")));
    for (EdgeColumn column : EdgeColumn.values()) {
      TableColumn made = new TableColumn(table, column.numeric() ? SWT.RIGHT : SWT.LEFT);
      made.setText(column.title());
      made.setWidth(column.width());
      made.setMoveable(true);
      made.addListener(SWT.Selection, e -> sortBy(column));
    }
    table.addListener(SWT.SetData, this::fill);
    table.addListener(SWT.Selection, e -> select());
    mark();
  }

  /** The widget. */
  public Table control() {
    return table;
  }

  /** Shows the connections of a graph. */
  public void input(ServiceGraph graph) {
    rows = new ArrayList<>(graph.edges());
    refresh();
  }

  /** Selects the row of a connection, none for an empty key; does not tell the listener. */
  public void select(String key) {
    selected = key;
    showSelection(true);
  }

  private void sortBy(EdgeColumn column) {
    up = column == sort ? !up : !column.numeric();
    sort = column;
    mark();
    refresh();
  }

  private void mark() {
    table.setSortColumn(table.getColumn(sort.ordinal()));
    table.setSortDirection(up ? SWT.UP : SWT.DOWN);
  }

  private void refresh() {
    rows.sort(up ? sort.order() : sort.order().reversed());
    table.setItemCount(rows.size());
    table.clearAll();
    showSelection(false);
  }

  private void showSelection(boolean reveal) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).key().equals(selected)) {
        int top = table.getTopIndex();
        table.setSelection(i);
        if (!reveal) {
          table.setTopIndex(top);
        }
        return;
      }
    }
    table.deselectAll();
  }

  private void fill(Event e) {
    TableItem item = (TableItem) e.item;
    Edge edge = rows.get(e.index);
    for (EdgeColumn column : EdgeColumn.values()) {
      item.setText(column.ordinal(), column.text(edge));
    }
    boolean drops = edge.droppedRate() > 0 && !edge.stale();
    item.setForeground(edge.stale() ? look.theme().faint() : look.theme().text());
    item.setForeground(
        EdgeColumn.VERDICT.ordinal(), drops ? look.theme().dropped() : look.theme().text());
    item.setForeground(
        EdgeColumn.DROPPED.ordinal(), drops ? look.theme().dropped() : look.theme().text());
  }

  private void select() {
    int index = table.getSelectionIndex();
    Optional<Edge> row = index < 0 ? Optional.empty() : Optional.of(rows.get(index));
    row.ifPresent(
        edge -> {
          selected = edge.key();
          onSelect.accept(edge);
        });
  }
}
