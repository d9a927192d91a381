package io.sekisho.policy.parse;

import io.sekisho.policy.Action;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.grammar.MapShape;
import io.sekisho.policy.grammar.TierGrammar;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Ports of the administrators' policies: {@code protocols} of the new kind, {@code ports} before.
 */
final class TierPortReader {
  private static final Map<String, Integer> PROTOCOLS =
      Map.of("tcp", PortRange.TCP, "udp", PortRange.UDP, "sctp", PortRange.SCTP);
  private final Findings findings;
  private final PortNumbers numbers;

  TierPortReader(Findings findings) {
    this.findings = findings;
    this.numbers = new PortNumbers(findings);
  }

  private List<Node> items(Fields rule, String field) {
    List<Node> items = rule.list(field).orElse(List.of());
    if (rule.has(field) && items.isEmpty()) {
      findings.error(rule.key(field), "'" + field + "' is empty: leave it out to mean all");
    }
    return items;
  }

  /** The {@code protocols} of a ClusterNetworkPolicy's rule. */
  PortList protocols(Fields rule, Action action) {
    if (!rule.has("protocols")) {
      return PortList.all();
    }
    var out = new PortList();
    for (Node item : items(rule, "protocols")) {
      Fields.of(item, "an item of 'protocols'", TierGrammar.PROTOCOLS, findings)
          .filter(f -> isOne(f, TierGrammar.PROTOCOLS))
          .ifPresent(f -> protocol(f, action, out));
    }
    return out;
  }

  private boolean isOne(Fields fields, MapShape shape) {
    Set<String> known = shape.names();
    boolean one = fields.names().size() == 1 && known.containsAll(fields.names());
    if (!one && known.containsAll(fields.names())) {
      findings.error(
          fields.node(),
          "give exactly one of " + String.join(", ", known.stream().sorted().toList()));
    }
    return one;
  }

  private void protocol(Fields fields, Action action, PortList out) {
    String name = fields.names().get(0);
    Integer number = PROTOCOLS.get(name);
    if (number == null) {
      named(fields, name, action, out);
      return;
    }
    fields
        .value(name)
        .flatMap(n -> Fields.of(n, "'" + name + "'", TierGrammar.DESTINATION_PORT, findings))
        .ifPresent(f -> destination(f, name, number, out));
  }

  private void destination(Fields fields, String name, int protocol, PortList out) {
    if (!fields.has("destinationPort")) {
      findings.error(fields.node(), "'" + name + "' has no 'destinationPort'");
    }
    fields
        .value("destinationPort")
        .flatMap(n -> Fields.of(n, "'destinationPort'", TierGrammar.NUMBERS, findings))
        .filter(f -> isOne(f, TierGrammar.NUMBERS))
        .ifPresent(
            f -> {
              if (f.has("number")) {
                OptionalInt port = numbers.number(f, "number", 1, 65535, "port");
                port.ifPresent(p -> out.ranges().add(new PortRange(protocol, p, p)));
              } else {
                f.value("range")
                    .flatMap(n -> Fields.of(n, "'range'", TierGrammar.RANGE, findings))
                    .ifPresent(r -> range(r, protocol, out));
              }
            });
  }

  private void range(Fields fields, int protocol, PortList out) {
    for (String name : List.of("start", "end")) {
      if (!fields.has(name)) {
        findings.error(fields.node(), "the range has no '" + name + "'");
      }
    }
    OptionalInt start = numbers.number(fields, "start", 1, 65535, "port");
    OptionalInt end = numbers.number(fields, "end", 1, 65535, "port");
    if (start.isEmpty() || end.isEmpty()) {
      return;
    }
    if (end.getAsInt() <= start.getAsInt()) {
      findings.error(fields.node(), "'end' must be above 'start'");
      return;
    }
    out.ranges().add(new PortRange(protocol, start.getAsInt(), end.getAsInt()));
  }

  private void named(Fields fields, String field, Action action, PortList out) {
    fields
        .text(field)
        .flatMap(
            t ->
                numbers.named(
                    fields.value(field).orElse(fields.node()), t, 0, action == Action.DENY))
        .ifPresent(out.named()::add);
  }

  /** The {@code ports} of an AdminNetworkPolicy's or BaselineAdminNetworkPolicy's rule. */
  PortList ports(Fields rule, Action action) {
    if (!rule.has("ports")) {
      return PortList.all();
    }
    var out = new PortList();
    for (Node item : items(rule, "ports")) {
      Fields.of(item, "an item of 'ports'", TierGrammar.PORTS, findings)
          .filter(f -> isOne(f, TierGrammar.PORTS))
          .ifPresent(f -> port(f, action, out));
    }
    return out;
  }

  private void port(Fields fields, Action action, PortList out) {
    switch (fields.names().get(0)) {
      case "namedPort" -> named(fields, "namedPort", action, out);
      case "portNumber" ->
          part(fields, "portNumber", TierGrammar.PORT_NUMBER)
              .forEach(
                  f -> {
                    if (!f.has("port")) {
                      findings.error(f.node(), "'portNumber' has no 'port'");
                    }
                    numbers
                        .protocolOrTcp(f)
                        .ifPresent(p -> numbers.range(f, p).ifPresent(out.ranges()::add));
                  });
      default ->
          part(fields, "portRange", TierGrammar.PORT_RANGE)
              .forEach(f -> numbers.protocolOrTcp(f).ifPresent(p -> range(f, p, out)));
    }
  }

  private List<Fields> part(Fields fields, String name, MapShape shape) {
    return fields.value(name).flatMap(n -> Fields.of(n, "'" + name + "'", shape, findings)).stream()
        .toList();
  }
}
