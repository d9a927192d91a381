package io.sekisho.console.policy;

import io.sekisho.console.ui.Look;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;

/** Tables of this bundle: all look alike. */
final class Rows {
  /** A column: title, width in pixels, side. */
  record Column(String title, int width, int side) {
    Column(String title, int width) {
      this(title, width, SWT.LEFT);
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
    }
    return table;
  }
}
