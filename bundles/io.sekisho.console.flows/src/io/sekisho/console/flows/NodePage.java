package io.sekisho.console.flows;

import io.sekisho.api.v1.MapPressure;
import io.sekisho.api.v1.Node;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.Commands;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.NodeTroubles;
import io.sekisho.console.ui.Scope;
import io.sekisho.console.ui.Sheet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A node: its state, what it realizes, how full its maps are. */
record NodePage(String name) implements Page {
  private static final String NODES = "io.sekisho.console.nodes.table";

  private record Key(String name, Optional<Node> node, List<NodeTroubles.Trouble> troubles) {}

  @Override
  public Object key(Scope scope, ClusterSession session) {
    return new Key(name, node(session), NodeTroubles.of(session.inventory()));
  }

  private Optional<Node> node(ClusterSession session) {
    return Optional.ofNullable(session.inventory().nodes().get(name));
  }

  @Override
  public void write(Sheet sheet, Scope scope, ClusterSession session) {
    sheet.title(name);
    Optional<Node> known = node(session);
    if (known.isEmpty()) {
      sheet.faint(Format.UNKNOWN);
      return;
    }
    Node node = known.get();
    sheet.faint(String.join(", ", node.getAddressesList()));
    if (!node.getMessage().isEmpty()) {
      sheet.text(node.getMessage());
    }
    NodeTroubles.of(session.inventory()).stream()
        .filter(t -> t.node().equals(name) && !t.how().equals(node.getMessage()))
        .forEach(
            t ->
                sheet.finding(
                    t.error() ? Icons.DROPPED : Icons.DEGRADED,
                    t.error() ? sheet.look().theme().error() : sheet.look().theme().audit(),
                    t.what(),
                    t::how,
                    () -> show(NODES)));
    sheet.gap();
    String state = node.getState().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    sheet.pair(Texts.node_state, () -> state);
    sheet.pair(Texts.node_version, () -> orUnknown(node.getVersion()));
    sheet.pair(Texts.node_kernel, () -> orUnknown(node.getKernel()));
    sheet.pair(Texts.node_endpoints, () -> Format.count(node.getEndpoints()));
    sheet.pair(
        Texts.node_revision,
        () ->
            node.getRealizedRevision() == 0
                ? Format.NONE
                : Format.count(node.getRealizedRevision()));
    sheet.pair(Texts.node_lost, () -> Format.count(node.getEventsLost()));
    sheet.rule();
    sheet.small(Texts.node_maps);
    for (MapPressure map : node.getMapsList()) {
      sheet.pair(map.getName(), () -> pressure(map));
    }
  }

  private static void show(String view) {
    Commands.fire(
        "org.eclipse.ui.views.showView", Map.of("org.eclipse.ui.views.showView.viewId", view));
  }

  private static String pressure(MapPressure map) {
    if (map.getCapacity() == 0) {
      return Format.UNKNOWN;
    }
    return Format.share((double) map.getEntries() / map.getCapacity());
  }

  private static String orUnknown(String text) {
    return text.isEmpty() ? Format.UNKNOWN : text;
  }
}
