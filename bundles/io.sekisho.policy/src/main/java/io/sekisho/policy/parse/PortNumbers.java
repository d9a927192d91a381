package io.sekisho.policy.parse;

import io.sekisho.policy.NamedPort;
import io.sekisho.policy.PortLabels;
import io.sekisho.policy.PortRange;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Numbers, protocols and names of ports, as all kinds write them. */
final class PortNumbers {
  private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");

  private final Findings findings;

  PortNumbers(Findings findings) {
    this.findings = findings;
  }

  /** A number within bounds, written as a number or as a text; what it is, for messages. */
  OptionalInt number(Fields fields, String name, int least, int most, String what) {
    Optional<Node> value = fields.value(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    Node node = value.get();
    Optional<String> text = scalar(node);
    if (text.isEmpty()) {
      findings.error(node, "'" + name + "' is " + Fields.typeName(node) + ", must be " + what);
      return OptionalInt.empty();
    }
    if (text.get().matches("[0-9]{1,5}")) {
      int number = Integer.parseInt(text.get());
      if (least <= number && number <= most) {
        return OptionalInt.of(number);
      }
    }
    findings.error(node, "'" + text.get() + "' is no " + what + " from " + least + " to " + most);
    return OptionalInt.empty();
  }

  /** The text of a node that is a number or a text. */
  static Optional<String> scalar(Node node) {
    boolean plain = node.getTag().equals(Tag.STR) || node.getTag().equals(Tag.INT);
    return node instanceof ScalarNode scalar && plain
        ? Optional.of(scalar.getValue())
        : Optional.empty();
  }

  /** Whether a text can only be meant as a name: it has a letter. */
  static boolean looksNamed(String text) {
    return text.matches("[-A-Za-z0-9_.]*[A-Za-z][-A-Za-z0-9_.]*");
  }

  /**
   * A port by name.
   *
   * @param deny whether the rule denies it
   */
  Optional<NamedPort> named(Node place, String text, int protocol, boolean deny) {
    String name = text.toLowerCase(Locale.ROOT);
    if (!PortLabels.isName(name)) {
      findings.error(
          place, "'" + text + "' is no name of a port: at most 15 small letters, digits and -");
      return Optional.empty();
    }
    if (deny) {
      findings.warn(
          place,
          "which port '"
              + name
              + "' is, each pod says; at a pod that has not told its port names, every port is"
              + " denied");
    }
    return Optional.of(new NamedPort(protocol, name));
  }

  /**
   * The protocol of a field, TCP if it is not there; empty, with a finding, if there is none such.
   */
  OptionalInt protocolOrTcp(Fields fields) {
    if (!fields.has("protocol")) {
      return OptionalInt.of(PortRange.TCP);
    }
    return fields
        .text("protocol")
        .map(t -> protocol(fields.value("protocol").orElse(fields.node()), t))
        .orElse(OptionalInt.empty());
  }

  private OptionalInt protocol(Node place, String text) {
    return switch (text) {
      case "TCP" -> OptionalInt.of(PortRange.TCP);
      case "UDP" -> OptionalInt.of(PortRange.UDP);
      case "SCTP" -> OptionalInt.of(PortRange.SCTP);
      default -> {
        unknownProtocol(place, text, PROTOCOLS);
        yield OptionalInt.empty();
      }
    };
  }

  /** Tells a protocol that there is none. */
  void unknownProtocol(Node place, String text, List<String> known) {
    findings.error(
        place,
        "there is no protocol '" + text + "', only " + String.join(", ", known),
        DidYouMean.nearest(text, known));
  }

  /** A port with an optional {@code endPort}, both numbers, of a protocol. */
  Optional<PortRange> range(Fields fields, int protocol) {
    OptionalInt first = number(fields, "port", 1, 65535, "port");
    if (!fields.has("endPort")) {
      return first.isPresent()
          ? Optional.of(new PortRange(protocol, first.getAsInt(), first.getAsInt()))
          : Optional.empty();
    }
    OptionalInt last = number(fields, "endPort", 1, 65535, "port");
    if (first.isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    if (last.getAsInt() < first.getAsInt()) {
      findings.error(fields.key("endPort"), "'endPort' must be at least 'port'");
      return Optional.empty();
    }
    return Optional.of(new PortRange(protocol, first.getAsInt(), last.getAsInt()));
  }
}
