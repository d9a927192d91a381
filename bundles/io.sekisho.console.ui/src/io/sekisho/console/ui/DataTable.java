package io.sekisho.console.ui;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.commands.ActionHandler;
import org.eclipse.swt.SWT;
import org.eclipse.swt.accessibility.AccessibleAdapter;
import org.eclipse.swt.accessibility.AccessibleEvent;
import org.eclipse.swt.dnd.Clipboard;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.dnd.Transfer;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Listener;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.ui.IWorkbenchCommandConstants;
import org.eclipse.ui.IWorkbenchPartSite;
import org.eclipse.ui.handlers.IHandlerActivation;
import org.eclipse.ui.handlers.IHandlerService;

/**
 * A table of some hundred rows at most: sorted by a click on a title, order and widths of columns
 * remembered, what is selected stays selected by its key while rows change, rows copied as TSV.
 * Only cells that differ are written, so that nothing flickers. Its first column is empty and 8 px
 * wide, so that the text lines up with titles.
 */
public final class DataTable<T> {
  private static final int INDENT = 8;

  /**
   * A column.
   *
   * @param id in the preferences
   * @param title what stands above it
   * @param width usual width in pixels
   * @param side {@link SWT#LEFT} or {@link SWT#RIGHT}
   * @param greatFirst whether the first click on the title brings the greatest to the top
   * @param text a cell's text
   * @param order how rows sort by it, ascending
   */
  public record Column<T>(
      String id,
      String title,
      int width,
      int side,
      boolean greatFirst,
      Function<T, String> text,
      Comparator<T> order) {
    /** A column of text at the left, sorted as text. */
    public static <T> Column<T> text(String id, String title, int width, Function<T, String> text) {
      return new Column<>(id, title, width, SWT.LEFT, false, text, Comparator.comparing(text));
    }

    /** A column at the right, sorted by its own order. */
    public static <T> Column<T> number(
        String id, String title, int width, Function<T, String> text, Comparator<T> order) {
      return new Column<>(id, title, width, SWT.RIGHT, true, text, order);
    }
  }

  /** Icons and colours of a row; called after its texts are written. */
  @FunctionalInterface
  public interface Style<T> {
    /** The column of a place is {@link DataTable#place}. */
    void apply(TableItem item, T row);
  }

  private final String name;
  private final Table table;
  private final List<Column<T>> columns;
  private final Function<T, Object> key;
  private final Style<T> style;
  private List<T> rows = List.of();
  private Optional<Column<T>> sorted = Optional.empty();
  private boolean descending;
  private boolean making;

  /**
   * @param name in the preferences; empty where order and widths are not remembered
   * @param key what stays the same while a row's values change
   */
  public DataTable(
      Composite parent,
      Look look,
      String name,
      List<Column<T>> columns,
      Function<T, Object> key,
      Style<T> style) {
    this.name = name;
    this.columns = List.copyOf(columns);
    this.key = key;
    this.style = style;
    table = new Table(parent, SWT.FULL_SELECTION | SWT.MULTI | SWT.V_SCROLL | SWT.H_SCROLL);
    table.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    table.setHeaderVisible(columns.stream().anyMatch(c -> !c.title().isEmpty()));
    table.setBackground(look.theme().ground());
    table.setForeground(look.theme().text());
    table.setHeaderBackground(look.theme().ground());
    table.setHeaderForeground(look.theme().faint());
    makeColumns();
  }

  private void makeColumns() {
    making = true;
    TableColumn indent = new TableColumn(table, SWT.LEFT);
    indent.setWidth(INDENT);
    indent.setResizable(false);
    Map<String, Integer> stored = name.isEmpty() ? Map.of() : ColumnStore.load(name);
    for (Column<T> column : columns) {
      TableColumn made = new TableColumn(table, column.side());
      made.setText(column.title());
      made.setWidth(stored.getOrDefault(column.id(), column.width()));
      made.setMoveable(true);
      made.addListener(SWT.Selection, e -> sortBy(column));
      made.addListener(SWT.Resize, e -> remember());
      made.addListener(SWT.Move, e -> remember());
    }
    order(new ArrayList<>(stored.keySet()));
    making = false;
  }

  private void order(List<String> ids) {
    List<Integer> places = new ArrayList<>(List.of(0));
    for (String id : ids) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).id().equals(id)) {
          places.add(i + 1);
        }
      }
    }
    if (places.size() == columns.size() + 1) {
      table.setColumnOrder(places.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  private void remember() {
    if (making || name.isEmpty() || table.isDisposed()) {
      return;
    }
    Map<String, Integer> before = ColumnStore.load(name);
    Map<String, Integer> widths = new LinkedHashMap<>();
    int[] order = table.getColumnOrder();
    for (int place : order) {
      if (place > 0) {
        Column<T> column = columns.get(place - 1);
        // the last one is stretched by the platform
        boolean last = place == order[order.length - 1];
        int stretched = before.getOrDefault(column.id(), column.width());
        widths.put(column.id(), last ? stretched : table.getColumn(place).getWidth());
      }
    }
    ColumnStore.store(name, widths);
  }

  /** The widget. */
  public Table widget() {
    return table;
  }

  /** Gives the table a name that is read aloud. */
  public DataTable<T> spoken(String words) {
    table
        .getAccessible()
        .addAccessibleListener(
            new AccessibleAdapter() {
              @Override
              public void getName(AccessibleEvent e) {
                e.result = words;
              }
            });
    return this;
  }

  /** Says more about a column when the pointer rests on its title. */
  public DataTable<T> explain(String id, String words) {
    table.getColumn(place(id)).setToolTipText(words);
    return this;
  }

  /** Where a column's cells are in a table item. */
  public int place(String id) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).id().equals(id)) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException("no column " + id);
  }

  /** Calls back when the operator selects one row. */
  public void onSelect(Consumer<T> listener) {
    table.addListener(
        SWT.Selection,
        e -> {
          List<T> now = selection();
          if (now.size() == 1) {
            listener.accept(now.getFirst());
          }
        });
  }

  /** Sorts by a column; a second time turns the order. */
  private void sortBy(Column<T> column) {
    boolean same = sorted.filter(column::equals).isPresent();
    descending = same ? !descending : column.greatFirst();
    sorted = Optional.of(column);
    table.setSortColumn(table.getColumn(place(column.id())));
    table.setSortDirection(descending ? SWT.DOWN : SWT.UP);
    show(rows);
  }

  /** Takes new rows. */
  public void show(List<T> next) {
    List<Object> selected = selection().stream().map(key).toList();
    List<T> ordered = new ArrayList<>(next);
    sorted.ifPresent(c -> ordered.sort(descending ? c.order().reversed() : c.order()));
    rows = List.copyOf(ordered);
    if (table.getItemCount() != rows.size()) {
      table.setItemCount(rows.size());
    }
    for (int i = 0; i < rows.size(); i++) {
      put(table.getItem(i), rows.get(i));
    }
    reselect(selected);
  }

  private void put(TableItem item, T row) {
    if (row.equals(item.getData())) {
      return;
    }
    item.setData(row);
    for (int i = 0; i < columns.size(); i++) {
      item.setText(i + 1, columns.get(i).text().apply(row));
    }
    style.apply(item, row);
  }

  /** Selects the row of a key, or none; tells nobody. */
  public void select(Optional<Object> wanted) {
    if (!selection().stream().map(key).toList().equals(wanted.stream().toList())) {
      reselect(wanted.stream().toList());
      table.showSelection();
    }
  }

  private void reselect(List<Object> keys) {
    int[] places = new int[rows.size()];
    int found = 0;
    for (int i = 0; i < rows.size(); i++) {
      if (keys.contains(key.apply(rows.get(i)))) {
        places[found++] = i;
      }
    }
    int[] wanted = java.util.Arrays.copyOf(places, found);
    if (!java.util.Arrays.equals(wanted, table.getSelectionIndices())) {
      table.deselectAll();
      table.select(wanted);
    }
  }

  /** The rows in the order in which they are shown. */
  public List<T> rows() {
    return rows;
  }

  /** The selected rows. */
  public List<T> selection() {
    List<T> selected = new ArrayList<>();
    for (int i : table.getSelectionIndices()) {
      if (i < rows.size()) {
        selected.add(rows.get(i));
      }
    }
    return selected;
  }

  /** Selected rows, all if none is, tab-separated with a line of titles. */
  public String tsv() {
    List<T> copied = selection().isEmpty() ? rows : selection();
    StringBuilder out = new StringBuilder();
    if (table.getHeaderVisible()) {
      line(out, columns.stream().map(Column::title).toList());
    }
    copied.forEach(r -> line(out, columns.stream().map(c -> c.text().apply(r)).toList()));
    return out.toString();
  }

  private static void line(StringBuilder out, List<String> cells) {
    List<String> plain = cells.stream().map(c -> c.replaceAll("[\\t\\r\\n]+", " ")).toList();
    out.append(String.join("\t", plain)).append('\n');
  }

  private void copy() {
    Clipboard clipboard = new Clipboard(table.getDisplay());
    clipboard.setContents(new Object[] {tsv()}, new Transfer[] {TextTransfer.getInstance()});
    clipboard.dispose();
  }

  /** While the table has the focus, Copy takes its rows. */
  public DataTable<T> copyable(IWorkbenchPartSite site) {
    IHandlerService handlers = site.getService(IHandlerService.class);
    Action copy = Menus.action(Texts.action_copy, this::copy);
    ActionHandler handler = new ActionHandler(copy);
    List<IHandlerActivation> active = new ArrayList<>();
    Listener off =
        e -> {
          active.forEach(handlers::deactivateHandler);
          active.clear();
        };
    table.addListener(
        SWT.FocusIn,
        e -> active.add(handlers.activateHandler(IWorkbenchCommandConstants.EDIT_COPY, handler)));
    table.addListener(SWT.FocusOut, off);
    table.addListener(SWT.Dispose, off);
    return this;
  }
}
