package io.sekisho.console.nodes;

import io.sekisho.console.nodes.Fact.Mark;
import io.sekisho.console.ui.DataTable;
import io.sekisho.console.ui.DataTable.Column;
import io.sekisho.console.ui.Gauge;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.Theme;
import java.util.List;
import org.eclipse.swt.graphics.Color;
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
            "",
            List.of(
                Column.text(NAME, "", 132, Fact::name),
                Column.text(VALUE, "", 78, Fact::value),
                Column.text(NOTE, "", 320, Fact::note)),
            Fact::key,
            this::style);
  }

  DataTable<Fact> table() {
    return table;
  }

  private void style(TableItem item, Fact fact) {
    Theme theme = look.theme();
    int name = table.place(NAME);
    boolean title = fact.mark() == Mark.TITLE;
    item.setFont(name, title ? look.fonts().bold() : look.fonts().normal());
    item.setForeground(table.place(VALUE), ink(fact.mark(), theme));
    item.setForeground(table.place(NOTE), theme.faint());
    if (!Double.isNaN(fact.share())) {
      item.setImage(name, Gauge.image(item.getDisplay(), fact.share(), gauge(fact.mark(), theme)));
      return;
    }
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

  private static Color gauge(Mark mark, Theme theme) {
    return mark == Mark.NONE ? theme.forwarded() : ink(mark, theme);
  }

  private static Color ink(Mark mark, Theme theme) {
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
