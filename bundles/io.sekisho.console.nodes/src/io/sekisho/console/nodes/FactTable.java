package io.sekisho.console.nodes;

import io.sekisho.console.nodes.Fact.Mark;
import io.sekisho.console.ui.DataTable;
import io.sekisho.console.ui.DataTable.Column;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Theme;
import java.util.List;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.TableItem;

/** The lines about one node as a table: read aloud, copied, reached by keys. */
final class FactTable {
  private static final String NAME = "name";
  private static final String VALUE = "value";
  private static final String NOTE = "note";

  private final Look look;
  private final DataTable<Fact> table;

  FactTable(Composite parent, Look look) {
    this.look = look;
    table =
        new DataTable<>(
            parent,
            look,
            "node",
            List.of(
                Column.text(NAME, "", 168, Fact::name),
                Column.text(VALUE, "", 96, Fact::value),
                Column.text(NOTE, "", 320, f -> f.note().equals(Format.NONE) ? "" : f.note())),
            Fact::key,
            this::style);
    MapBar.install(table, look, table.place(VALUE), Fact::share, f -> f.mark() != Mark.NONE);
  }

  DataTable<Fact> table() {
    return table;
  }

  private void style(TableItem item, Fact fact) {
    Theme theme = look.theme();
    int name = table.place(NAME);
    boolean title = fact.mark() == Mark.TITLE;
    item.setFont(name, title ? look.fonts().bold() : look.fonts().normal());
    item.setForeground(name, title || !fact.value().isEmpty() ? theme.text() : ink(fact.mark(), theme));
    item.setForeground(table.place(VALUE), ink(fact.mark(), theme));
    item.setForeground(table.place(NOTE), theme.faint());
    item.setImage(
        name,
        switch (fact.mark()) {
          case TITLE, NONE -> null;
          case GOOD -> Icons.GOOD.image(item.getDisplay(), theme.forwarded());
          case DEGRADED -> Icons.DEGRADED.image(item.getDisplay(), theme.audit());
          case TROUBLE -> Icons.DROPPED.image(item.getDisplay(), theme.dropped());
          case UNKNOWN -> Icons.UNKNOWN.image(item.getDisplay(), theme.unknown());
        });
  }

  private static org.eclipse.swt.graphics.Color ink(Mark mark, Theme theme) {
    return switch (mark) {
      case TITLE, NONE, GOOD -> theme.text();
      case DEGRADED -> theme.audit();
      case TROUBLE -> theme.dropped();
      case UNKNOWN -> theme.unknown();
    };
  }

  void show(List<Fact> facts) {
    table.show(facts);
  }
}
