package io.sekisho.console.nodes;

import io.sekisho.console.ui.DataTable;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Theme;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Table;

/** A thin bar at the foot of a cell: how full a map is. The words are the cell's own text. */
final class MapBar {
  private static final int HEIGHT = 2;
  private static final int MARGIN = 6;

  private MapBar() {}

  /** Draws bars into a column; {@code tight} says which are drawn as a warning. */
  static <T> void install(
      DataTable<T> table, Look look, int column, ToDoubleFunction<T> share, Predicate<T> tight) {
    table
        .widget()
        .addListener(
            SWT.PaintItem,
            e -> {
              if (e.index == column) {
                paint(e, table, look.theme(), column, share, tight);
              }
            });
  }

  private static <T> void paint(
      Event e,
      DataTable<T> table,
      Theme theme,
      int column,
      ToDoubleFunction<T> share,
      Predicate<T> tight) {
    Table widget = table.widget();
    int row = widget.indexOf((org.eclipse.swt.widgets.TableItem) e.item);
    if (row < 0 || row >= table.rows().size()) {
      return;
    }
    T shown = table.rows().get(row);
    double full = share.applyAsDouble(shown);
    if (Double.isNaN(full)) {
      return;
    }
    var cell = ((org.eclipse.swt.widgets.TableItem) e.item).getBounds(column);
    int width = Math.max(8, Math.min(cell.width, widget.getColumn(column).getWidth()) - 2 * MARGIN);
    int y = cell.y + cell.height - HEIGHT - 1;
    Color under = Theme.mix(theme.line(), theme.ground(), 0.7);
    Color over =
        tight.test(shown) ? theme.audit() : Theme.mix(theme.forwarded(), theme.ground(), 0.6);
    e.gc.setBackground(under);
    e.gc.fillRectangle(cell.x + MARGIN, y, width, HEIGHT);
    e.gc.setBackground(over);
    int filled = (int) Math.round(Math.clamp(full, 0, 1) * width);
    e.gc.fillRectangle(cell.x + MARGIN, y, full > 0 ? Math.max(1, filled) : 0, HEIGHT);
  }
}
