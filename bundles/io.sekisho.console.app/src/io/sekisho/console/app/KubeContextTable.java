package io.sekisho.console.app;

import io.sekisho.console.kubernetes.config.KubeContext;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Theme;
import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;

/** The contexts of kubeconfigs: the one that kubectl uses first chosen, broken ones faint. */
final class KubeContextTable {
  private static final int ROWS_HEIGHT = 150;

  private KubeContextTable() {}

  static Table create(Composite area) {
    Theme theme = Look.of(area.getDisplay()).theme();
    Table table = new Table(area, SWT.SINGLE | SWT.FULL_SELECTION | SWT.BORDER | SWT.V_SCROLL);
    GridData data = new GridData(SWT.FILL, SWT.FILL, true, true, 2, 1);
    data.heightHint = ROWS_HEIGHT;
    table.setLayoutData(data);
    table.setHeaderVisible(true);
    table.setBackground(theme.ground());
    table.setForeground(theme.text());
    column(table, Texts.context_name, 170);
    column(table, Texts.context_server, 220);
    column(table, Texts.context_sign_in, 170);
    table.addListener(
        SWT.MouseMove,
        e -> explain(table, table.getItem(new org.eclipse.swt.graphics.Point(e.x, e.y))));
    return table;
  }

  private static void column(Table table, String title, int width) {
    TableColumn column = new TableColumn(table, SWT.LEFT);
    column.setText(title);
    column.setWidth(width);
  }

  private static void explain(Table table, TableItem item) {
    String words =
        item != null && item.getData() instanceof KubeContext c
            ? (c.usable() ? c.file().toString() : c.problem())
            : null;
    if (words == null || !words.equals(table.getToolTipText())) {
      table.setToolTipText(words);
    }
  }

  /** Shows contexts; who was chosen stays so, else the current one is. */
  static void fill(Table table, List<KubeContext> contexts) {
    Theme theme = Look.of(table.getDisplay()).theme();
    String before = table.getSelectionCount() == 1 ? table.getSelection()[0].getText() : "";
    table.removeAll();
    for (KubeContext context : contexts) {
      TableItem item = new TableItem(table, SWT.NONE);
      item.setData(context);
      item.setText(
          new String[] {
            context.name(),
            context.usable() ? context.server() : context.problem(),
            context.signIn().words()
          });
      item.setForeground(context.usable() ? theme.text() : theme.faint());
      if (context.name().equals(before) || before.isEmpty() && context.current()) {
        table.setSelection(item);
      }
    }
  }
}
