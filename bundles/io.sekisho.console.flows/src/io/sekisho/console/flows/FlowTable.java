package io.sekisho.console.flows;

import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Theme;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.FlowVerdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;

/**
 * The table widget: virtual, so that only rows in sight are made. Its first column is empty and 8
 * px wide, so that the text lines up with titles.
 */
final class FlowTable {
  private static final int INDENT = 8;

  /** What the table tells. */
  interface Events {
    void selected(Optional<FlowRecord> flow);

    void sort(FlowColumn column, boolean ascending);

    void scrolled();

    void columnsChanged();
  }

  private final Look look;
  private final Table table;
  private final Events events;
  private final Map<FlowColumn, TableColumn> columns = new EnumMap<>(FlowColumn.class);
  private Rows rows = Rows.NONE;
  private FlowColumn[] byIndex = new FlowColumn[0];
  private boolean filling;

  FlowTable(Composite parent, Look look, Events events) {
    this.look = look;
    this.events = events;
    Theme theme = look.theme();
    table =
        new Table(
            parent, SWT.VIRTUAL | SWT.FULL_SELECTION | SWT.MULTI | SWT.V_SCROLL | SWT.H_SCROLL);
    table.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    table.setHeaderVisible(true);
    table.setBackground(theme.ground());
    table.setForeground(theme.text());
    table.setHeaderBackground(theme.ground());
    table.setHeaderForeground(theme.faint());
    makeColumns(ColumnLayout.load());
    table.addListener(SWT.SetData, e -> row((TableItem) e.item, e.index));
    table.addListener(SWT.Selection, e -> events.selected(selection().stream().findFirst()));
    if (table.getVerticalBar() != null) {
      table.getVerticalBar().addListener(SWT.Selection, e -> events.scrolled());
    }
    table.addListener(SWT.MouseWheel, e -> table.getDisplay().asyncExec(this::wheel));
    table.addListener(SWT.MouseMove, this::tooltip);
  }

  private void wheel() {
    if (!table.isDisposed()) {
      events.scrolled();
    }
  }

  Table widget() {
    return table;
  }

  Rows rows() {
    return rows;
  }

  /** Columns as shown, for the chooser. */
  List<FlowColumn> shown() {
    List<FlowColumn> shown = new ArrayList<>();
    for (int i : table.getColumnOrder()) {
      if (table.getColumn(i).getData() instanceof FlowColumn c) {
        shown.add(c);
      }
    }
    return shown;
  }

  /** Shows other columns. */
  void columns(List<Map.Entry<FlowColumn, Integer>> next) {
    for (TableColumn column : table.getColumns()) {
      column.dispose();
    }
    makeColumns(next);
    ColumnLayout.store(next);
    show(rows);
  }

  private void makeColumns(List<Map.Entry<FlowColumn, Integer>> shown) {
    filling = true;
    columns.clear();
    TableColumn indent = new TableColumn(table, SWT.LEFT);
    indent.setWidth(INDENT);
    indent.setResizable(false);
    byIndex = new FlowColumn[shown.size() + 1];
    for (int i = 0; i < shown.size(); i++) {
      FlowColumn column = shown.get(i).getKey();
      byIndex[i + 1] = column;
      TableColumn made = new TableColumn(table, column.side());
      made.setText(column.title());
      made.setWidth(shown.get(i).getValue());
      made.setMoveable(true);
      made.setData(column);
      made.addListener(SWT.Selection, e -> sorted(column));
      made.addListener(SWT.Resize, e -> layoutChanged());
      made.addListener(SWT.Move, e -> layoutChanged());
      columns.put(column, made);
    }
    filling = false;
  }

  private void layoutChanged() {
    if (!filling) {
      List<Map.Entry<FlowColumn, Integer>> now = new ArrayList<>();
      for (FlowColumn column : shown()) {
        now.add(Map.entry(column, columns.get(column).getWidth()));
      }
      ColumnLayout.store(now);
      events.columnsChanged();
    }
  }

  private void sorted(FlowColumn column) {
    Rows.Query query = rows.query();
    boolean same = query.column() == column;
    boolean ascending = same ? !query.ascending() : column != FlowColumn.TIME;
    events.sort(column, ascending);
  }

  /** Takes new rows; what is selected stays selected as long as it is among them. */
  void show(Rows next) {
    List<FlowRecord> selected = selection();
    rows = next;
    table.setItemCount(next.flows().size());
    table.clearAll();
    select(selected);
    markSort(next.query());
  }

  private void markSort(Rows.Query query) {
    TableColumn column = columns.get(query.column());
    boolean marked = column != null && !query.newestFirst();
    if (marked) {
      table.setSortColumn(column);
      table.setSortDirection(query.ascending() ? SWT.UP : SWT.DOWN);
    } else if (table.getSortDirection() != SWT.NONE) {
      table.setSortDirection(SWT.NONE);
    }
  }

  private void select(List<FlowRecord> flows) {
    if (flows.isEmpty()) {
      return;
    }
    int[] places =
        flows.stream().mapToInt(rows.flows()::indexOf).filter(i -> i >= 0).sorted().toArray();
    int top = table.getTopIndex();
    table.deselectAll();
    table.select(places);
    table.setTopIndex(top);
  }

  /** Marks a flow that another view has selected; nothing when it is not among the rows. */
  void mark(Optional<FlowRecord> flow) {
    if (!selection().equals(flow.stream().toList())) {
      table.deselectAll();
      flow.ifPresent(f -> select(List.of(f)));
    }
  }

  /** The selected rows. */
  List<FlowRecord> selection() {
    List<FlowRecord> selected = new ArrayList<>();
    for (int i : table.getSelectionIndices()) {
      if (i < rows.flows().size()) {
        selected.add(rows.flows().get(i));
      }
    }
    return selected;
  }

  /** Whether the newest row is in sight. */
  boolean atTop() {
    return table.getTopIndex() == 0;
  }

  void toTop() {
    table.deselectAll();
    table.setTopIndex(0);
  }

  private void row(TableItem item, int index) {
    // the platform asks for -1 where an item went while it was about to be drawn
    if (index < 0 || index >= rows.flows().size()) {
      return;
    }
    FlowRecord flow = rows.flows().get(index);
    Theme theme = look.theme();
    for (int i = 1; i < byIndex.length; i++) {
      FlowColumn column = byIndex[i];
      item.setText(i, column.text(flow));
      switch (column) {
        case VERDICT -> {
          item.setImage(i, icon(flow.verdict()));
          item.setForeground(
              i,
              flow.verdict() == FlowVerdict.FORWARDED ? theme.faint() : theme.of(flow.verdict()));
        }
        case TIME, RULE, NODE -> item.setForeground(i, theme.faint());
        default -> {}
      }
    }
  }

  private org.eclipse.swt.graphics.Image icon(FlowVerdict verdict) {
    Icons icon =
        switch (verdict) {
          case FORWARDED -> Icons.FORWARDED;
          case DROPPED -> Icons.DROPPED;
          case AUDITED -> Icons.AUDITED;
          case UNKNOWN -> Icons.UNKNOWN;
        };
    Color colour = look.theme().of(verdict);
    return icon.image(table.getDisplay(), colour);
  }

  /** The flow and the column at a point of the table. */
  Optional<Map.Entry<FlowColumn, FlowRecord>> at(int x, int y) {
    TableItem item = table.getItem(new org.eclipse.swt.graphics.Point(x, y));
    if (item == null) {
      return Optional.empty();
    }
    int index = table.indexOf(item);
    for (int i = 1; i < byIndex.length; i++) {
      if (item.getBounds(i).contains(x, y) && index >= 0 && index < rows.flows().size()) {
        return Optional.of(Map.entry(byIndex[i], rows.flows().get(index)));
      }
    }
    return Optional.empty();
  }

  private void tooltip(Event e) {
    String text =
        at(e.x, e.y)
            .filter(cell -> cell.getKey() == FlowColumn.TIME)
            .map(cell -> io.sekisho.console.ui.Format.utc(cell.getValue().timeNanos()))
            .orElse("");
    if (!text.equals(table.getToolTipText() == null ? "" : table.getToolTipText())) {
      table.setToolTipText(text.isEmpty() ? null : text);
    }
  }
}
