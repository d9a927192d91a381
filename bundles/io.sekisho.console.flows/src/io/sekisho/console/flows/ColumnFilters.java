package io.sekisho.console.flows;

import io.sekisho.console.ui.Filters;
import io.sekisho.console.ui.Look;
import io.sekisho.flow.FlowRecord;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.Text;

/**
 * A row of fields above the columns: a value there asks for {@code field=value} in the filter
 * language, and may begin with an operator: {@code !=53}, {@code ~pay}, {@code >1024}.
 */
final class ColumnFilters {
  private static final int HEIGHT = 32;

  private final Look look;
  private final Composite row;
  private final Runnable changed;
  private final Map<FlowColumn, Text> fields = new EnumMap<>(FlowColumn.class);
  private Optional<FlowTable> table = Optional.empty();
  private Predicate<FlowRecord> matches = f -> true;

  ColumnFilters(Composite parent, Look look, Runnable changed) {
    this.look = look;
    this.changed = changed;
    row = new Composite(parent, SWT.NONE);
    row.setBackground(look.theme().ground());
    GridData data = new GridData(SWT.FILL, SWT.TOP, true, false);
    data.heightHint = HEIGHT;
    data.exclude = true;
    row.setLayoutData(data);
    row.setVisible(false);
  }

  /** The table whose columns the fields stand above. */
  void follow(FlowTable next) {
    table = Optional.of(next);
    next.widget().addListener(SWT.Resize, e -> place());
    if (next.widget().getHorizontalBar() != null) {
      next.widget().getHorizontalBar().addListener(SWT.Selection, e -> place());
    }
  }

  boolean shown() {
    return row.getVisible();
  }

  void toggle() {
    boolean show = !shown();
    ((GridData) row.getLayoutData()).exclude = !show;
    row.setVisible(show);
    if (!show) {
      fields.values().forEach(t -> t.setText(""));
    }
    row.getParent().layout(true);
    place();
    if (show) {
      fields.values().stream().findFirst().ifPresent(Text::setFocus);
    }
  }

  Predicate<FlowRecord> matches() {
    return matches;
  }

  /** Puts the fields above their columns; makes those that are missing. */
  void place() {
    if (!shown() || table.isEmpty()) {
      return;
    }
    List<FlowColumn> columns = table.get().shown();
    fields.entrySet().removeIf(e -> dropped(e, columns));
    Table widget = table.get().widget();
    int scrolled = widget.getHorizontalBar() == null ? 0 : widget.getHorizontalBar().getSelection();
    int x = -scrolled;
    for (int i : widget.getColumnOrder()) {
      TableColumn column = widget.getColumn(i);
      if (column.getData() instanceof FlowColumn c && !c.field().isEmpty()) {
        field(c).setBounds(x + 2, 2, Math.max(10, column.getWidth() - 4), HEIGHT - 4);
      }
      x += column.getWidth();
    }
  }

  private static boolean dropped(Map.Entry<FlowColumn, Text> field, List<FlowColumn> columns) {
    boolean gone = !columns.contains(field.getKey());
    if (gone) {
      field.getValue().dispose();
    }
    return gone;
  }

  private Text field(FlowColumn column) {
    return fields.computeIfAbsent(
        column,
        c -> {
          Text text = new Text(row, SWT.BORDER);
          text.setMessage(Texts.bind(Texts.filter_row_hint, c.field()));
          text.addListener(SWT.Modify, e -> apply());
          return text;
        });
  }

  private void apply() {
    Predicate<FlowRecord> all = f -> true;
    for (Map.Entry<FlowColumn, Text> field : fields.entrySet()) {
      String typed = field.getValue().getText().strip();
      if (!typed.isEmpty()) {
        Filters.Parsed parsed = Filters.parse(term(field.getKey(), typed));
        boolean wrong = parsed.problem().isPresent();
        field.getValue().setForeground(wrong ? look.theme().error() : look.theme().text());
        field.getValue().setToolTipText(parsed.problem().orElse(null));
        all = wrong ? all : all.and(parsed.matches());
      }
    }
    matches = all;
    changed.run();
  }

  /** A value alone means "contains" for texts and "is" for numbers. */
  private static String term(FlowColumn column, String typed) {
    if (typed.matches("(!?[=~]|[<>]=?).*")) {
      return column.field() + typed;
    }
    return column.side() == SWT.RIGHT
        ? column.field() + "=" + typed
        : column.field() + "~" + Filters.quoted(typed);
  }
}
