package io.sekisho.console.app;

import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Themes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.eclipse.core.runtime.ILogListener;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Platform;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.ui.part.ViewPart;

/**
 * What went wrong since the start, newest first; the whole log is the file that the tooltip names.
 */
public final class ErrorLogView extends ViewPart {
  private static final int KEPT = 500;
  private static final Deque<Entry> ENTRIES = new ArrayDeque<>();

  /** One line of the log. */
  private record Entry(long timeNanos, IStatus status) {}

  private final ILogListener listener = (status, plugin) -> refresh();
  private List<Table> table = List.of();

  /** Begins to keep what is logged. */
  static void begin() {
    Platform.addLogListener(
        (status, plugin) -> {
          synchronized (ENTRIES) {
            ENTRIES.addFirst(new Entry(System.currentTimeMillis() * 1_000_000, status));
            if (ENTRIES.size() > KEPT) {
              ENTRIES.removeLast();
            }
          }
        });
  }

  @Override
  public void createPartControl(Composite parent) {
    parent.setLayout(new FillLayout());
    Table made = new Table(parent, SWT.FULL_SELECTION | SWT.V_SCROLL | SWT.H_SCROLL);
    made.setHeaderVisible(true);
    made.setToolTipText(Platform.getLogFileLocation().toOSString());
    for (String name : new String[] {Texts.log_time, Texts.log_where, Texts.log_message}) {
      TableColumn column = new TableColumn(made, SWT.NONE);
      column.setText(name);
    }
    made.getColumn(0).setWidth(110);
    made.getColumn(1).setWidth(200);
    made.getColumn(2).setWidth(700);
    table = List.of(made);
    colours(made);
    Themes.onChange(made, () -> colours(made));
    Platform.addLogListener(listener);
    made.addDisposeListener(e -> Platform.removeLogListener(listener));
    fill(made);
  }

  private static void colours(Table table) {
    Look look = Look.of(table.getDisplay());
    table.setBackground(look.theme().ground());
    table.setForeground(look.theme().text());
    table.setHeaderBackground(look.theme().ground());
    table.setHeaderForeground(look.theme().faint());
  }

  private void refresh() {
    for (Table t : table) {
      if (!t.isDisposed()) {
        t.getDisplay().asyncExec(() -> fill(t));
      }
    }
  }

  private static void fill(Table table) {
    if (table.isDisposed()) {
      return;
    }
    List<Entry> entries;
    synchronized (ENTRIES) {
      entries = new ArrayList<>(ENTRIES);
    }
    table.removeAll();
    for (Entry entry : entries) {
      TableItem item = new TableItem(table, SWT.NONE);
      Throwable thrown = entry.status().getException();
      item.setText(
          new String[] {
            Format.time(entry.timeNanos()),
            entry.status().getPlugin(),
            entry.status().getMessage() + (thrown == null ? "" : " (" + thrown + ")")
          });
    }
  }

  @Override
  public void setFocus() {
    table.forEach(Table::setFocus);
  }
}
