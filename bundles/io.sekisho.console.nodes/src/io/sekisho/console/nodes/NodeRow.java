package io.sekisho.console.nodes;

import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.ui.DataTable.Column;
import io.sekisho.console.ui.Format;
import io.sekisho.console.ui.Icons;
import io.sekisho.console.ui.Theme;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Color;

/**
 * A row of the table of nodes.
 *
 * @param node as told last
 * @param silentSince ms since the epoch when its flows stopped, 0 while they come
 * @param alone whether there is no other node that could be asked
 */
record NodeRow(Node node, long silentSince, boolean alone) {
  static final String STATE = "state";
  static final String PRESSURE = "pressure";
  static final String LOSS = "loss";
  static final String MESSAGE = "message";

  static List<NodeRow> of(ClusterSession session) {
    var nodes = new TreeMap<>(session.inventory().nodes());
    return nodes.values().stream()
        .map(n -> new NodeRow(n, session.silent().getOrDefault(n.getName(), 0L), nodes.size() == 1))
        .toList();
  }

  String name() {
    return node.getName();
  }

  boolean ready() {
    return silentSince == 0 && node.getState() == NodeState.READY;
  }

  static List<Column<NodeRow>> columns() {
    return List.of(
        Column.text("name", Texts.column_name, 64, NodeRow::name),
        Column.text(STATE, Texts.column_state, 92, NodeRow::state),
        Column.number("latency", Texts.column_latency, 76, NodeRow::latency, order(NodeRow::worst)),
        Column.number(
            LOSS, Texts.column_loss, 56, NodeRow::loss, order(r -> NodeWords.loss(r.node))),
        new Column<>(
            PRESSURE,
            Texts.column_pressure,
            156,
            SWT.LEFT,
            true,
            NodeRow::pressure,
            order(NodeRow::share)),
        Column.text("routing", Texts.column_routing, 64, r -> NodeWords.routing(r.node)),
        Column.text("addresses", Texts.column_address, 96, NodeRow::addresses),
        count("endpoints", Texts.column_endpoints, 80, r -> r.node.getEndpoints()),
        Column.number(
            "revision",
            Texts.column_revision,
            72,
            NodeRow::revision,
            Comparator.comparingLong(r -> r.node.getRealizedRevision())),
        count("lost", Texts.column_lost, 84, r -> r.node.getEventsLost()),
        Column.number(
            "memory",
            Texts.column_memory,
            104,
            NodeRow::memory,
            Comparator.comparingLong(r -> r.node.getAgentRssBytes())),
        Column.text("version", Texts.column_version, 64, NodeRow::version),
        Column.text(MESSAGE, Texts.column_message, 300, r -> r.node.getMessage()));
  }

  private static Column<NodeRow> count(
      String id, String title, int width, ToLongFunction<NodeRow> number) {
    return Column.number(
        id,
        title,
        width,
        r -> Format.count(number.applyAsLong(r)),
        Comparator.comparingLong(number));
  }

  /** Unknown sorts below everything that is known. */
  private static Comparator<NodeRow> order(ToDoubleFunction<NodeRow> value) {
    return Comparator.comparingDouble(
        r -> Double.isNaN(value.applyAsDouble(r)) ? -1 : value.applyAsDouble(r));
  }

  private double worst() {
    OptionalLong worst = NodeWords.worst(node);
    return worst.isPresent() ? worst.getAsLong() : Double.NaN;
  }

  double share() {
    return NodeWords.fullest(node).map(NodeWords::share).orElse(Double.NaN);
  }

  private String pressure() {
    return NodeWords.pressure(node);
  }

  private String version() {
    return NodeWords.orUnknown(node.getVersion());
  }

  private String state() {
    return silentSince == 0
        ? NodeWords.state(node)
        : Texts.bind(Texts.state_silent_since, Format.minute(silentSince / 1000));
  }

  private String addresses() {
    return node.getAddressesCount() == 0
        ? Format.UNKNOWN
        : String.join(", ", node.getAddressesList());
  }

  private String latency() {
    OptionalLong worst = NodeWords.worst(node);
    if (worst.isPresent()) {
      return Format.latency(worst.getAsLong());
    }
    return alone || !Double.isNaN(NodeWords.loss(node)) ? Format.NONE : Format.UNKNOWN;
  }

  private String loss() {
    return alone ? Format.NONE : Format.share(NodeWords.loss(node));
  }

  private String revision() {
    return node.getRealizedRevision() == 0 ? Format.NONE : Format.count(node.getRealizedRevision());
  }

  private String memory() {
    return node.getAgentRssBytes() == 0 ? Format.UNKNOWN : Format.bytes(node.getAgentRssBytes());
  }

  Icons icon() {
    if (silentSince > 0) {
      return Icons.DROPPED;
    }
    return switch (node.getState()) {
      case READY -> Icons.GOOD;
      case DEGRADED -> Icons.DEGRADED;
      case GONE -> Icons.DROPPED;
      default -> Icons.UNKNOWN;
    };
  }

  Color colour(Theme theme) {
    if (silentSince > 0) {
      return theme.error();
    }
    return switch (node.getState()) {
      case READY -> theme.forwarded();
      case DEGRADED -> theme.audit();
      case GONE -> theme.error();
      default -> theme.unknown();
    };
  }
}
