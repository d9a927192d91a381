package io.sekisho.console.flows;

import io.sekisho.console.ui.Format;
import io.sekisho.flow.FlowRecord;
import io.sekisho.flow.Party;
import java.util.Comparator;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.swt.SWT;

/** A column of the flow table: its text, its order, and the field of the filter language. */
enum FlowColumn {
  TIME(() -> Texts.column_time, 108, SWT.LEFT, true, "", f -> Format.time(f.timeNanos())),
  VERDICT(() -> Texts.column_verdict, 104, SWT.LEFT, true, "verdict", FlowColumn::verdict),
  FROM(() -> Texts.column_from, 128, SWT.LEFT, true, "from", f -> name(f.client())),
  TO(() -> Texts.column_to, 128, SWT.LEFT, true, "to", f -> name(f.server())),
  PORT(() -> Texts.column_port, 60, SWT.RIGHT, true, "port", f -> port(f.serverPort())),
  PROTOCOL(() -> Texts.column_protocol, 76, SWT.LEFT, true, "protocol", FlowRecord::protocol),
  BYTES(() -> Texts.column_bytes, 80, SWT.RIGHT, true, "", FlowColumn::bytes),
  RULE(() -> Texts.column_rule, 170, SWT.LEFT, true, "rule", f -> orNone(f.rule())),
  NODE(() -> Texts.column_node, 60, SWT.LEFT, true, "node", FlowRecord::node),
  REASON(() -> Texts.column_reason, 140, SWT.LEFT, false, "reason", f -> orNone(f.dropReason())),
  FROM_ADDRESS(
      () -> Texts.column_from_address,
      130,
      SWT.LEFT,
      false,
      "from.address",
      f -> orUnknown(f.client().address())),
  FROM_PORT(
      () -> Texts.column_from_port, 80, SWT.RIGHT, false, "from.port", f -> port(f.clientPort())),
  TO_ADDRESS(
      () -> Texts.column_to_address,
      130,
      SWT.LEFT,
      false,
      "to.address",
      f -> orUnknown(f.server().address())),
  PACKETS(() -> Texts.column_packets, 70, SWT.RIGHT, false, "", FlowColumn::packets),
  DIRECTION(
      () -> Texts.column_direction,
      80,
      SWT.LEFT,
      false,
      "",
      f -> f.egress() ? Texts.direction_egress : Texts.direction_ingress);

  private final Supplier<String> title;
  private final int width;
  private final int side;
  private final boolean usual;
  private final String field;
  private final Function<FlowRecord, String> text;

  FlowColumn(
      Supplier<String> title,
      int width,
      int side,
      boolean usual,
      String field,
      Function<FlowRecord, String> text) {
    this.title = title;
    this.width = width;
    this.side = side;
    this.usual = usual;
    this.field = field;
    this.text = text;
  }

  String title() {
    return title.get();
  }

  /** Usual width in pixels. */
  int width() {
    return width;
  }

  /** {@link SWT#LEFT} or {@link SWT#RIGHT}. */
  int side() {
    return side;
  }

  /** Whether it is shown before the operator chose columns. */
  boolean usual() {
    return usual;
  }

  /** Field of the filter language, empty if it can't be asked for. */
  String field() {
    return field;
  }

  String text(FlowRecord flow) {
    return text.apply(flow);
  }

  /** The order of rows by this column, ascending. */
  Comparator<FlowRecord> order() {
    return switch (this) {
      case TIME -> Comparator.comparingLong(FlowRecord::timeNanos);
      case PORT -> Comparator.comparingInt(FlowRecord::serverPort);
      case FROM_PORT -> Comparator.comparingInt(FlowRecord::clientPort);
      case BYTES -> Comparator.comparingLong(FlowRecord::bytes);
      case PACKETS -> Comparator.comparingLong(FlowRecord::packets);
      default -> Comparator.comparing(this::text);
    };
  }

  /** The value as the filter language wants it. */
  String value(FlowRecord flow) {
    return switch (this) {
      case FROM -> flow.client().workload();
      case TO -> flow.server().workload();
      case RULE -> flow.rule();
      case REASON -> flow.dropReason();
      default -> text(flow);
    };
  }

  static String verdict(FlowRecord flow) {
    return switch (flow.verdict()) {
      case FORWARDED -> Texts.verdict_forwarded;
      case DROPPED -> Texts.verdict_dropped;
      case AUDITED -> Texts.verdict_audited;
      case UNKNOWN -> Texts.verdict_unknown;
    };
  }

  static String name(Party party) {
    return orUnknown(party.workload());
  }

  private static String port(int port) {
    return port == 0 ? Format.NONE : String.valueOf(port);
  }

  /** A verdict alone counts no packets: the connection's other rows do, so this one has none. */
  static boolean counts(FlowRecord flow) {
    return flow.packets() != 0 || flow.bytes() > 0;
  }

  private static String packets(FlowRecord flow) {
    return counts(flow) ? Format.count(flow.packets()) : Format.NONE;
  }

  private static String bytes(FlowRecord flow) {
    if (flow.bytes() < 0) {
      return Format.UNKNOWN;
    }
    return counts(flow) ? Format.count(flow.bytes()) : Format.NONE;
  }

  private static String orNone(String text) {
    return text.isEmpty() ? Format.NONE : text;
  }

  private static String orUnknown(String text) {
    return text.isEmpty() ? Format.UNKNOWN : text;
  }
}
