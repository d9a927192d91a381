package io.sekisho.console.graph.model;

import io.sekisho.console.graph.Texts;
import io.sekisho.flow.ServiceGraph.Port;
import java.util.List;

/** The words of boxes and lines: names, second lines, labels, tooltips. */
public final class Wording {
  private static final int PORTS_SHOWN = 6;

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
    return Texts.of(name.indexOf('.') > 0 ? "node.dns" : "node.outside");
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
        : what + rate(e.rate());
  }

  /** For where there is little room. */
  public static String briefLabel(GraphEdge e) {
    return e.look() == Look.MIXED ? share(e) : rate(e.rate());
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
    long percent = Math.round(100 * e.droppedShare());
    if (percent == 0) {
      return Texts.of("share.least");
    }
    return percent == 100 && e.forwarded() > 0
        ? Texts.of("share.most")
        : Texts.of("share", percent);
  }

  /** Events per second: two digits below ten, whole numbers above. */
  public static String rate(double perSecond) {
    if (perSecond > 0 && perSecond < 0.05) {
      return Texts.of("rate.least");
    }
    return perSecond >= 9.95
        ? String.format("%,d/s", Math.round(perSecond))
        : String.format("%.1f/s", perSecond);
  }

  /** Bits per second in the unit that fits; "?" if unknown. */
  public static String bits(double bytesPerSecond) {
    if (bytesPerSecond < 0) {
      return Texts.of("unknown");
    }
    double bits = bytesPerSecond * 8;
    String[] units = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"};
    int unit = 0;
    while (bits >= 1000 && unit < units.length - 1) {
      bits /= 1000;
      unit++;
    }
    return (bits >= 100 || unit == 0 ? String.format("%.0f ", bits) : String.format("%.1f ", bits))
        + units[unit];
  }

  /** The ports with their rates, one a line. */
  public static String ports(List<Port> ports) {
    StringBuilder text = new StringBuilder();
    for (Port p : ports.subList(0, Math.min(PORTS_SHOWN, ports.size()))) {
      text.append('\n').append(p.protocol()).append(' ').append(p.port() > 0 ? p.port() : "");
      if (p.forwardedRate() > 0) {
        text.append("  ").append(Texts.of("tip.forwarded", rate(p.forwardedRate())));
      }
      if (p.droppedRate() > 0) {
        text.append("  ").append(Texts.of("tip.dropped", rate(p.droppedRate())));
      }
    }
    if (ports.size() > PORTS_SHOWN) {
      text.append('\n').append(Texts.of("tip.morePorts", ports.size() - PORTS_SHOWN));
    }
    return text.toString();
  }
}
