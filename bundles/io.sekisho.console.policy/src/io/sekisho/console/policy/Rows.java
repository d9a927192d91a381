package io.sekisho.console.policy;

import io.sekisho.console.ui.Look;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;

/** Tables of this bundle: all look alike. */
final class Rows {
  /**
   * A column.
   *
   * @param width in pixels; the least where it is stretched
   * @param side where its text stands
   * @param stretched whether it takes the room that the others leave
   */
  record Column(String title, int width, int side, boolean stretched) {
    Column(String title, int width, int side) {
      this(title, width, side, false);
    }

    Column(String title, int width) {
      this(title, width, SWT.LEFT);
    }

    /** The same, as wide as there is room. */
    Column wide() {
      return new Column(title, width, side, true);
    }
  }

  private Rows() {}

  static Table table(Composite parent, Look look, Column... columns) {
    return table(parent, look, SWT.NONE, columns);
  }

  /**
   * The same for many rows.
   *
   * @param style {@link SWT#VIRTUAL} where rows are asked for as they are shown
   */
  static Table table(Composite parent, Look look, int style, Column... columns) {
    Table table = new Table(parent, SWT.FULL_SELECTION | SWT.SINGLE | style);
    table.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    table.setHeaderVisible(columns.length > 1);
    table.setBackground(look.theme().ground());
    table.setForeground(look.theme().text());
    table.setHeaderBackground(look.theme().ground());
    table.setHeaderForeground(look.theme().faint());
    for (Column column : columns) {
      TableColumn made = new TableColumn(table, column.side());
      made.setText(column.title());
      made.setWidth(column.width());
      made.setMoveable(true);
      if (column.stretched()) {
        table.addListener(SWT.Resize, e -> stretch(table, made, columns));
      }
    }
    return table;
  }

  /** GTK makes the last column wider than it was told to be: its own width says nothing. */
  private static void stretch(Table table, TableColumn wide, Column... columns) {
    int last = columns.length - 1;
    int others = 0;
    int least = 0;
    for (int i = 0; i < columns.length; i++) {
      if (table.getColumn(i) == wide) {
        least = columns[i].width();
      } else {
        others += i == last ? columns[i].width() : table.getColumn(i).getWidth();
      }
    }
    wide.setWidth(Math.max(least, table.getClientArea().width - others));
  }
}
