package io.sekisho.console.graph.model;

import io.sekisho.console.graph.Texts;
import io.sekisho.console.ui.Format;
import io.sekisho.flow.ServiceGraph.Port;
import java.util.List;
import java.util.regex.Pattern;

/** The words of boxes and lines: names, second lines, labels, tooltips. */
public final class Wording {
  private static final int PORTS_SHOWN = 6;
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F]*:[0-9a-fA-F:.]*");

  private Wording() {}

  /** First line of a box. */
  public static String name(GraphNode n) {
    return n.kind() == GraphNode.Kind.MORE ? Texts.of("node.more", n.members()) : n.name();
  }

  /** Second line of a box: what is wrong, else how much it is. */
  public static String note(GraphNode n) {
    return switch (n.kind()) {
      case WORKLOAD ->
          n.sick()
              ? Texts.of("node.ready", n.ready(), n.pods())
              : n.pods() == 0 ? Texts.of("node.podsUnknown") : pods(n.pods());
      case OUTSIDE -> outside(n.name());
      case HOST -> Texts.of("node.host");
      case UNKNOWN -> Texts.of("node.unknown");
      case NAMESPACE ->
          n.troubled() > 0
              ? Texts.of("node.troubled", n.troubled(), n.members())
              : Texts.of("node.workloads", n.members());
      case MORE ->
          n.troubled() > 0
              ? Texts.of("node.moreTroubled", n.troubled())
              : Texts.of("node.moreWell");
    };
  }

  /** Whether the second line is an alarm. */
  public static boolean alarming(GraphNode n) {
    return n.kind() == GraphNode.Kind.WORKLOAD ? n.sick() : n.folded() && n.troubled() > 0;
  }

  private static String outside(String name) {
    if (name.contains("/")) {
      return Texts.of("node.cidr");
    }
    boolean address = ADDRESS.matcher(name).matches();
    boolean dns = !address && name.indexOf('.') > 0;
    return Texts.of(address ? "node.address" : dns ? "node.dns" : "node.outside");
  }

  /** "1 pod", "3 pods". */
  public static String pods(int pods) {
    return Texts.of("pods", pods);
  }

  /** Port and rate, or port and the share that is dropped. */
  public static String label(GraphEdge e) {
    String port = port(e);
    String what = port.isEmpty() ? "" : port + " · ";
    return e.look() == Look.MIXED
        ? what + Texts.of("edge.dropped", share(e))
        : what + Format.rate(e.rate());
  }

  /** For where there is little room. */
  public static String briefLabel(GraphEdge e) {
    return e.look() == Look.MIXED ? share(e) : Format.rate(e.rate());
  }

  /** The first port and how many more: "8443", "UDP 53", "8080 + 2". */
  public static String port(GraphEdge e) {
    if (e.ports().isEmpty()) {
      return "";
    }
    String first = port(e.ports().getFirst());
    int more = e.ports().size() - 1;
    return more > 0 ? first + " + " + more : first;
  }

  /** TCP goes without saying. */
  private static String port(Port p) {
    String number = p.port() > 0 ? Integer.toString(p.port()) : "";
    return p.protocol().equals("TCP") ? number : (p.protocol() + " " + number).strip();
  }

  /** What is dropped is never "0 %", and what is partly forwarded never "100 %". */
  public static String share(GraphEdge e) {
    boolean nearlyAll = e.forwarded() > 0 && e.droppedShare() >= 0.995;
    return nearlyAll ? Texts.of("share.most") : Format.share(e.droppedShare());
  }

  /** The ports with their rates, one a line. */
  public static String ports(List<Port> ports) {
    StringBuilder text = new StringBuilder();
    for (Port p : ports.subList(0, Math.min(PORTS_SHOWN, ports.size()))) {
      text.append('\n').append(p.protocol()).append(' ').append(p.port() > 0 ? p.port() : "");
      if (p.forwardedRate() > 0) {
        text.append("  ").append(Texts.of("tip.forwarded", Format.rate(p.forwardedRate())));
      }
      if (p.droppedRate() > 0) {
        text.append("  ").append(Texts.of("tip.dropped", Format.rate(p.droppedRate())));
      }
    }
    if (ports.size() > PORTS_SHOWN) {
      text.append('\n').append(Texts.of("tip.morePorts", ports.size() - PORTS_SHOWN));
    }
    return text.toString();
  }

  /** All that is known of a box, a line each. */
  public static String tip(GraphNode n) {
    StringBuilder text = new StringBuilder(name(n));
    if (!n.group().isEmpty()) {
      text.append('\n').append(Texts.of("tip.namespace", n.group()));
    }
    text.append('\n').append(note(n));
    if (n.folded() && n.pods() > 0) {
      text.append('\n').append(Texts.of("node.ready", n.ready(), n.pods()));
    }
    if (n.folded()) {
      text.append('\n').append(Texts.of("tip.open"));
    }
    return text.toString();
  }

  /** All that is known of a line, a line each. */
  public static String tip(GraphEdge e) {
    StringBuilder text = new StringBuilder(end(e.from())).append(" → ").append(end(e.to()));
    if (e.members().size() > 1) {
      text.append('\n').append(Texts.of("tip.connections", e.members().size()));
    }
    if (e.stale()) {
      text.append('\n').append(Texts.of("tip.stale"));
    } else if (e.look() == Look.MIXED) {
      text.append('\n').append(Texts.of("edge.dropped", share(e)));
    }
    text.append(ports(e.ports()));
    if (e.audited() > 0) {
      text.append('\n').append(Texts.of("tip.audited", Format.rate(e.audited())));
    }
    if (!e.stale()) {
      text.append('\n').append(Format.bitRate(e.bytes()));
    }
    return text.toString();
  }

  /** An end of a line: a workload, a namespace, or what is left out of one. */
  private static String end(String id) {
    if (id.startsWith(GraphNode.NAMESPACE)) {
      return id.substring(GraphNode.NAMESPACE.length());
    }
    if (id.startsWith(GraphNode.MORE)) {
      return Texts.of("tip.othersOf", id.substring(GraphNode.MORE.length()));
    }
    return id.startsWith("/") ? id.substring(1) : id;
  }
}
