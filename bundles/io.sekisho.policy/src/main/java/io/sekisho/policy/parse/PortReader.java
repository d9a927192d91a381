package io.sekisho.policy.parse;

import io.sekisho.policy.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The {@code toPorts} of a rule to {@link PortRange}s. */
final class PortReader {
  private static final Set<String> FIELDS = Set.of("ports");
  private static final Set<String> FIELDS_NOT_YET =
      Set.of("rules", "terminatingTLS", "originatingTLS", "serverNames", "listener");
  private static final Set<String> PORT_FIELDS = Set.of("port", "endPort", "protocol");
  private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP", "ANY");

  private final Findings findings;

  PortReader(Findings findings) {
    this.findings = findings;
  }

  /** The ranges of every item of a {@code toPorts}. */
  List<PortRange> read(List<Node> toPorts) {
    var out = new ArrayList<PortRange>();
    for (Node item : toPorts) {
      Fields.of(item, "an item of 'toPorts'", FIELDS, FIELDS_NOT_YET, findings)
          .ifPresent(fields -> readItem(fields, out));
    }
    return out;
  }

  private void readItem(Fields fields, List<PortRange> out) {
    List<Node> ports = fields.list("ports").orElse(List.of());
    if (ports.isEmpty() && !fields.has("rules")) {
      findings.error(
          fields.node(),
          "an item of 'toPorts' names no ports: give 'ports', or leave 'toPorts' out");
    }
    for (Node port : ports) {
      Fields.of(port, "a port", PORT_FIELDS, Set.of(), findings).ifPresent(f -> readPort(f, out));
    }
  }

  private void readPort(Fields fields, List<PortRange> out) {
    if (!fields.has("port")) {
      findings.error(fields.node(), "a port has no 'port'; write \"0\" for all");
    }
    OptionalInt first = number(fields, "port");
    OptionalInt last = fields.has("endPort") ? number(fields, "endPort") : first;
    List<Integer> protocols =
        fields.has("protocol")
            ? fields
                .text("protocol")
                .map(p -> protocols(fields.value("protocol").orElse(fields.node()), p))
                .orElse(List.of())
            : protocols(fields.node(), "ANY");
    if (first.isEmpty() || last.isEmpty()) {
      return;
    }
    if (fields.has("endPort") && (first.getAsInt() == 0 || last.getAsInt() < first.getAsInt())) {
      findings.error(fields.key("endPort"), "'endPort' must be at least 'port', and 'port' not 0");
      return;
    }
    protocols.forEach(p -> out.add(range(p, first.getAsInt(), last.getAsInt())));
    if (first.getAsInt() == 0 && protocols.size() > 1) {
      out.removeIf(r -> r.first() == 0 && protocols.contains(r.protocol()));
      out.add(PortRange.ALL);
    }
  }

  private static PortRange range(int protocol, int first, int last) {
    return first == 0 ? new PortRange(protocol, 0, 65535) : new PortRange(protocol, first, last);
  }

  private List<Integer> protocols(Node place, String text) {
    return switch (text) {
      case "TCP" -> List.of(PortRange.TCP);
      case "UDP" -> List.of(PortRange.UDP);
      case "SCTP" -> List.of(PortRange.SCTP);
      case "ANY" -> List.of(PortRange.TCP, PortRange.UDP, PortRange.SCTP);
      case "ICMP", "ICMPv4", "ICMPv6" -> {
        findings.error(place, text + " has no ports: a rule without 'toPorts' speaks of it too");
        yield List.of();
      }
      default -> {
        findings.error(
            place,
            "there is no protocol '" + text + "', only " + String.join(", ", PROTOCOLS),
            DidYouMean.nearest(text, PROTOCOLS));
        yield List.of();
      }
    };
  }

  /** A port number; as a text, as Kubernetes wants it for 'port', or as a number. */
  private OptionalInt number(Fields fields, String name) {
    Optional<Node> value = fields.value(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    Node node = value.get();
    if (!(node instanceof ScalarNode scalar)
        || !(node.getTag().equals(Tag.STR) || node.getTag().equals(Tag.INT))) {
      findings.error(
          node, "'" + name + "' is " + Fields.typeName(node) + ", must be a port number");
      return OptionalInt.empty();
    }
    String text = scalar.getValue();
    if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65535) {
      hintQuotes(name, node, text);
      return OptionalInt.of(Integer.parseInt(text));
    }
    findings.error(
        node,
        text.matches("[-a-z0-9]*[a-z][-a-z0-9]*")
            ? "named ports such as '" + text + "' are not supported yet"
            : "'" + text + "' is no port from 0 to 65535");
    return OptionalInt.empty();
  }

  private void hintQuotes(String name, Node node, String text) {
    if (name.equals("port") && node.getTag().equals(Tag.INT)) {
      findings.warn(node, "Kubernetes wants 'port' as a text, in quotes", "\"" + text + "\"");
    }
  }
}
