package io.sekisho.console.graph.view;

import io.sekisho.console.graph.Texts;
import io.sekisho.console.ui.Format;
import io.sekisho.flow.ServiceGraph.Edge;
import io.sekisho.flow.ServiceGraph.Port;
import java.util.Comparator;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Columns of the table of connections. */
enum EdgeColumn {
  FROM("from", 170, false, e -> name(e.clientKey()), Comparator.comparing(Edge::clientKey)),
  TO("to", 170, false, e -> name(e.serverKey()), Comparator.comparing(Edge::serverKey)),
  PORTS("ports", 120, false, EdgeColumn::ports, Comparator.comparing(EdgeColumn::ports)),
  VERDICT("verdict", 110, false, EdgeColumn::verdict, Comparator.comparing(EdgeColumn::verdict)),
  FORWARDED(
      "forwarded",
      96,
      true,
      e -> rate(e.forwardedRate()),
      Comparator.comparingDouble(Edge::forwardedRate)),
  DROPPED(
      "dropped",
      96,
      true,
      e -> rate(e.droppedRate()),
      Comparator.comparingDouble(Edge::droppedRate).thenComparingDouble(Edge::forwardedRate)),
  SHARE("share", 80, true, EdgeColumn::share, Comparator.comparingDouble(EdgeColumn::part)),
  AUDITED(
      "audited",
      96,
      true,
      e -> rate(e.auditedRate()),
      Comparator.comparingDouble(Edge::auditedRate)),
  BYTES(
      "bytes",
      104,
      true,
      e -> Format.bitRate(e.byteRate()),
      Comparator.comparingDouble(Edge::byteRate)),
  SEEN(
      "seen",
      110,
      true,
      e -> Format.time(e.lastSeenNanos()),
      Comparator.comparingLong(Edge::lastSeenNanos)),
  RULE("rule", 180, false, EdgeColumn::rule, Comparator.comparing(Edge::dropRule));

  private final String key;
  private final int width;
  private final boolean numeric;
  private final Function<Edge, String> text;
  private final Comparator<Edge> order;

  EdgeColumn(
      String key, int width, boolean numeric, Function<Edge, String> text, Comparator<Edge> order) {
    this.key = key;
    this.width = width;
    this.numeric = numeric;
    this.text = text;
    this.order = order;
  }

  String title() {
    return Texts.of("table." + key);
  }

  int width() {
    return width;
  }

  boolean numeric() {
    return numeric;
  }

  String text(Edge edge) {
    return text.apply(edge);
  }

  /** Ties are broken by the key: rows do not jump. */
  Comparator<Edge> order() {
    return order.thenComparing(Edge::key);
  }

  /** What is outside has no namespace. */
  private static String name(String key) {
    return key.startsWith("/") ? key.substring(1) : key;
  }

  private static String ports(Edge e) {
    return e.ports().stream().map(EdgeColumn::port).collect(Collectors.joining(", "));
  }

  private static String port(Port p) {
    return p.port() > 0 ? p.protocol() + " " + p.port() : p.protocol();
  }

  private static String verdict(Edge e) {
    if (e.stale()) {
      return Texts.of("verdict.stale");
    }
    if (e.droppedRate() > 0) {
      return Texts.of(e.forwardedRate() > 0 ? "verdict.mixed" : "verdict.dropped");
    }
    return Texts.of(e.auditedRate() > 0 ? "verdict.audited" : "verdict.forwarded");
  }

  private static String rate(double perSecond) {
    return perSecond == 0 ? Format.NONE : Format.rate(perSecond);
  }

  private static double part(Edge e) {
    double all = e.forwardedRate() + e.droppedRate() + e.auditedRate();
    return all > 0 ? e.droppedRate() / all : 0;
  }

  private static String share(Edge e) {
    return e.droppedRate() > 0 ? Format.share(part(e)) : Format.NONE;
  }

  private static String rule(Edge e) {
    return e.dropRule().isEmpty() ? Format.NONE : e.dropRule();
  }
}
