package io.sekisho.console.path;

import io.sekisho.console.path.PathPlan.Reach;
import io.sekisho.console.path.PathPlan.Station;
import io.sekisho.console.ui.DataTable;
import io.sekisho.console.ui.DataTable.Column;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Look;
import java.util.Comparator;
import java.util.List;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.TableItem;

/** The stations of a path with all that is known, for screen readers and for copying. */
final class HopTable {
  /** A row. */
  record Row(Station station, Reach reach, boolean dropped) {
    String came() {
      return switch (reach) {
        case PASSED -> dropped ? Texts.dropped_here : Texts.reach_passed;
        case BEYOND_DROP -> Texts.reach_beyond;
        case UNKNOWN -> Format.UNKNOWN;
      };
    }
  }

  private final Look look;
  private final DataTable<Row> table;

  HopTable(Composite parent, Look look) {
    this.look = look;
    table =
        new DataTable<>(parent, look, "hops", columns(), r -> r.station().number(), this::style);
    table.spoken(Texts.table_name);
  }

  private static List<Column<Row>> columns() {
    return List.of(
        Column.number(
            "number",
            Texts.column_number,
            44,
            r -> String.valueOf(r.station().number() + 1),
            Comparator.comparingInt(r -> r.station().number())),
        Column.text("node", Texts.column_node, 80, r -> orNone(r.station().hop().getNode())),
        Column.text("what", Texts.column_what, 110, r -> PathWords.kind(r.station().hop())),
        Column.text("name", Texts.column_name, 130, r -> r.station().name()),
        Column.text(
            "address", Texts.column_address, 130, r -> orNone(r.station().hop().getAddress())),
        Column.number(
            "rtt",
            Texts.column_rtt,
            90,
            r -> r.station().rtt().isEmpty() ? Format.NONE : r.station().rtt(),
            Comparator.comparingLong(r -> r.station().hop().getRttNs())),
        Column.number(
            "mtu",
            Texts.column_mtu,
            64,
            r -> mtu(r.station().hop().getMtu()),
            Comparator.comparingInt(r -> r.station().hop().getMtu())),
        Column.text("came", Texts.column_came, 110, Row::came),
        Column.text("detail", Texts.column_detail, 320, r -> r.station().hop().getDetail()));
  }

  private static String orNone(String text) {
    return text.isEmpty() ? Format.NONE : text;
  }

  private static String mtu(int bytes) {
    return bytes == 0 ? Format.UNKNOWN : Format.count(bytes);
  }

  private void style(TableItem item, Row row) {
    item.setForeground(
        table.place("came"), row.dropped() ? look.theme().dropped() : look.theme().text());
    item.setForeground(table.place("detail"), look.theme().faint());
  }

  DataTable<Row> table() {
    return table;
  }

  void show(PathPlan plan) {
    table.show(
        plan.stations().stream()
            .map(s -> new Row(s, plan.reach(s), s.number() == plan.dropStation()))
            .toList());
  }
}
