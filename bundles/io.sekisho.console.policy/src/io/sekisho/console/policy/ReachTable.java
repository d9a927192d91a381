package io.sekisho.console.policy;

import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Theme;
import java.util.List;
import java.util.Optional;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;

/**
 * Peers of one direction with their ports, as many as a cluster has: rows are made as they are
 * shown. A peer stays selected while others come and go.
 */
final class ReachTable {
  private final Table table;
  private final Theme theme;
  private List<Reached.Line> lines = List.of();

  ReachTable(Composite parent, Look look, String title) {
    theme = look.theme();
    table =
        Rows.table(
            parent,
            look,
            SWT.VIRTUAL,
            new Rows.Column(title, 165),
            new Rows.Column(Texts.column_ports, 110),
            new Rows.Column(Texts.column_draft, 110));
    table.addListener(SWT.SetData, e -> put((TableItem) e.item, lines.get(e.index)));
  }

  boolean isDisposed() {
    return table.isDisposed();
  }

  void show(List<Reached.Line> next) {
    if (lines.equals(next)) {
      return;
    }
    Optional<String> selected =
        Optional.of(table.getSelectionIndex()).filter(i -> i >= 0).map(i -> lines.get(i).peer());
    lines = next;
    table.setItemCount(lines.size());
    table.clearAll();
    table.deselectAll();
    selected.ifPresent(this::select);
  }

  private void select(String peer) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).peer().equals(peer)) {
        table.select(i);
      }
    }
  }

  private void put(TableItem item, Reached.Line line) {
    boolean closes = line.changes() && line.draft().isEmpty();
    String draft = closes ? Texts.reach_closed : line.changes() ? line.draft() : "";
    item.setText(new String[] {line.peer(), line.ports(), draft});
    item.setForeground(2, closes ? theme.dropped() : theme.forwarded());
    item.setImage(
        0,
        !line.changes()
            ? Icons.GOOD.image(item.getDisplay(), theme.line())
            : (closes ? Icons.DROPPED : Icons.DEGRADED)
                .image(item.getDisplay(), closes ? theme.dropped() : theme.accent()));
  }
}
