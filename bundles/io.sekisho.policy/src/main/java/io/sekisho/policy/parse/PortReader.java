package io.sekisho.policy.parse;

import io.sekisho.policy.PortRange;
import io.sekisho.policy.grammar.CiliumGrammar;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The {@code toPorts} of a Cilium rule to ports. */
final class PortReader {
  private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP", "ANY");
  private static final List<Integer> ANY = List.of(PortRange.TCP, PortRange.UDP, PortRange.SCTP);

  private final Findings findings;
  private final PortNumbers numbers;
  private final boolean deny;

  /**
   * A reader for one rule.
   *
   * @param deny whether the rule denies
   */
  PortReader(boolean deny, Findings findings) {
    this.deny = deny;
    this.findings = findings;
    this.numbers = new PortNumbers(findings);
  }

  /** The ports of every item of a {@code toPorts}. */
  PortList read(List<Node> toPorts) {
    var out = new PortList();
    for (Node item : toPorts) {
      Fields.of(item, "an item of 'toPorts'", CiliumGrammar.TO_PORTS, findings)
          .ifPresent(fields -> readItem(fields, out));
    }
    return out;
  }

  private void readItem(Fields fields, PortList out) {
    List<Node> ports = fields.list("ports").orElse(List.of());
    if (ports.isEmpty() && !fields.has("rules")) {
      findings.error(
          fields.node(),
          "an item of 'toPorts' names no ports: give 'ports', or leave 'toPorts' out");
    }
    readPorts(ports, out);
  }

  /** Adds the ports of a list. */
  void readPorts(List<Node> ports, PortList out) {
    for (Node port : ports) {
      Fields.of(port, "a port", CiliumGrammar.PORT, findings).ifPresent(f -> readPort(f, out));
    }
  }

  private void readPort(Fields fields, PortList out) {
    if (!fields.has("port")) {
      findings.error(fields.node(), "a port has no 'port'; write \"0\" for all");
    }
    List<Integer> protocols =
        fields.has("protocol")
            ? fields
                .text("protocol")
                .map(p -> protocols(fields.value("protocol").orElse(fields.node()), p))
                .orElse(List.of())
            : ANY;
    Optional<Node> node = fields.value("port");
    Optional<String> text = node.flatMap(PortNumbers::scalar);
    if (text.isPresent() && PortNumbers.looksNamed(text.get())) {
      readNamed(fields, node.get(), text.get(), protocols, out);
    } else {
      readNumber(fields, protocols, out);
    }
  }

  private void readNamed(
      Fields fields, Node place, String text, List<Integer> protocols, PortList out) {
    if (fields.has("endPort")) {
      findings.error(fields.key("endPort"), "a port with a name takes no 'endPort'");
    }
    if (!protocols.isEmpty()) {
      int protocol = protocols.size() > 1 ? 0 : protocols.get(0);
      numbers.named(place, text, protocol, deny).ifPresent(out.named()::add);
    }
  }

  private void readNumber(Fields fields, List<Integer> protocols, PortList out) {
    OptionalInt first = numbers.number(fields, "port", 0, 65535, "port");
    OptionalInt last =
        fields.has("endPort") ? numbers.number(fields, "endPort", 0, 65535, "port") : first;
    fields.value("port").filter(n -> first.isPresent()).ifPresent(this::hintQuotes);
    if (first.isEmpty() || last.isEmpty()) {
      return;
    }
    if (fields.has("endPort") && (first.getAsInt() == 0 || last.getAsInt() < first.getAsInt())) {
      findings.error(fields.key("endPort"), "'endPort' must be at least 'port', and 'port' not 0");
      return;
    }
    if (first.getAsInt() == 0 && protocols.size() > 1) {
      out.ranges().add(PortRange.ALL);
    } else {
      protocols.forEach(p -> out.ranges().add(range(p, first.getAsInt(), last.getAsInt())));
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
      case "ANY" -> ANY;
      case "ICMP", "ICMPv4", "ICMPv6" -> {
        findings.error(place, text + " has no ports: use 'icmps' in a rule of its own");
        yield List.of();
      }
      default -> {
        numbers.unknownProtocol(place, text, PROTOCOLS);
        yield List.of();
      }
    };
  }

  private void hintQuotes(Node node) {
    if (node.getTag().equals(Tag.INT)) {
      String text = PortNumbers.scalar(node).orElse("");
      findings.warn(node, "Kubernetes wants 'port' as a text, in quotes", "\"" + text + "\"");
    }
  }
}
