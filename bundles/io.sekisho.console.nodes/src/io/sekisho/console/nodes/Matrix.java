package io.sekisho.console.nodes;

import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.PeerProbe;
import io.sekisho.api.v1.Ping;
import io.sekisho.console.ui.DataTable;
import io.sekisho.console.ui.DataTable.Column;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Look;
import io.sekisho.console.ui.NodeTroubles;
import io.sekisho.console.ui.PingWords;
import io.sekisho.console.ui.Theme;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.swt.graphics.Color;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.ui.IWorkbenchPartSite;

/**
 * Node by node, how long a packet between their endpoints takes there and back. A column for each
 * of the first nodes by name; made anew when a node comes or goes.
 */
final class Matrix {
  private static final int MOST = 24;
  private static final String FROM = "from";

  private final Composite parent;
  private final Look look;
  private final IWorkbenchPartSite site;
  private final Consumer<String> select;
  private List<String> peers = List.of();
  private Optional<DataTable<Node>> table = Optional.empty();

  Matrix(Composite parent, Look look, IWorkbenchPartSite site, Consumer<String> select) {
    this.parent = parent;
    this.look = look;
    this.site = site;
    this.select = select;
  }

  void show(List<Node> nodes) {
    List<String> names = nodes.stream().map(Node::getName).limit(MOST).toList();
    if (table.isEmpty() || !names.equals(peers)) {
      peers = names;
      table.ifPresent(t -> t.widget().dispose());
      table = Optional.of(make());
      parent.layout(true);
    }
    table.get().show(nodes);
  }

  Optional<DataTable<Node>> table() {
    return table;
  }

  private DataTable<Node> make() {
    List<Column<Node>> columns = new ArrayList<>();
    columns.add(Column.text(FROM, Texts.matrix_from, 72, Node::getName));
    for (String peer : peers) {
      columns.add(
          Column.number(
              "to." + peer,
              Texts.bind(Texts.matrix_to, peer),
              76,
              n -> cell(n, peer),
              Comparator.comparingLong(n -> ping(n, peer).map(Ping::getRttNs).orElse(-1L))));
    }
    DataTable<Node> made =
        new DataTable<>(parent, look, "", columns, Node::getName, this::style)
            .copyable(site)
            .spoken(Texts.matrix_title);
    made.onSelect(n -> select.accept(n.getName()));
    return made;
  }

  private static Optional<PeerProbe> probe(Node from, String to) {
    return from.getProbesList().stream().filter(p -> p.getNode().equals(to)).findFirst();
  }

  private static Optional<Ping> ping(Node from, String to) {
    return probe(from, to).map(PeerProbe::getEndpoint);
  }

  private static String cell(Node from, String to) {
    if (from.getName().equals(to)) {
      return Format.NONE;
    }
    Optional<Ping> ping = ping(from, to);
    boolean silent = ping.filter(p -> p.getSent() > 0 && p.getAnswered() == 0).isPresent();
    return silent ? Texts.matrix_silent : ping.map(PingWords::median).orElse(Format.UNKNOWN);
  }

  private void style(TableItem item, Node node) {
    Theme theme = look.theme();
    item.setForeground(theme.faint());
    for (int i = 0; i < peers.size(); i++) {
      String peer = peers.get(i);
      Optional<PeerProbe> probe = probe(node, peer);
      boolean trouble = probe.flatMap(NodeTroubles::way).isPresent();
      boolean cut = probe.filter(NodeTroubles::cut).isPresent();
      Color colour = cut ? theme.dropped() : trouble ? theme.audit() : theme.text();
      item.setForeground(i + 2, probe.isEmpty() ? theme.faint() : colour);
    }
    item.setForeground(1, theme.text());
  }
}
