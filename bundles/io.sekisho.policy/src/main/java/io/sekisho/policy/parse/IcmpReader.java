package io.sekisho.policy.parse;

import io.sekisho.policy.PortRange;
import io.sekisho.policy.grammar.CiliumGrammar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The {@code icmps} of a Cilium rule: types of ICMP messages, which stand where other protocols
 * have ports.
 */
final class IcmpReader {
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;
  private static final List<String> FAMILIES = List.of("IPv4", "IPv6");

  /** IANA's ICMP type numbers, by the names that Cilium's documents use. */
  private static final Map<String, Integer> V4 =
      Map.ofEntries(
          Map.entry("EchoReply", 0),
          Map.entry("DestinationUnreachable", 3),
          Map.entry("Redirect", 5),
          Map.entry("Echo", 8),
          Map.entry("EchoRequest", 8),
          Map.entry("RouterAdvertisement", 9),
          Map.entry("RouterSelection", 10),
          Map.entry("RouterSolicitation", 10),
          Map.entry("TimeExceeded", 11),
          Map.entry("ParameterProblem", 12),
          Map.entry("Timestamp", 13),
          Map.entry("TimestampReply", 14),
          Map.entry("Photuris", 40),
          Map.entry("ExtendedEchoRequest", 42),
          Map.entry("ExtendedEchoReply", 43));

  /** IANA's ICMPv6 type numbers. */
  private static final Map<String, Integer> V6 =
      Map.ofEntries(
          Map.entry("DestinationUnreachable", 1),
          Map.entry("PacketTooBig", 2),
          Map.entry("TimeExceeded", 3),
          Map.entry("ParameterProblem", 4),
          Map.entry("EchoRequest", 128),
          Map.entry("EchoReply", 129),
          Map.entry("MulticastListenerQuery", 130),
          Map.entry("MulticastListenerReport", 131),
          Map.entry("MulticastListenerDone", 132),
          Map.entry("RouterSolicitation", 133),
          Map.entry("RouterAdvertisement", 134),
          Map.entry("NeighborSolicitation", 135),
          Map.entry("NeighborAdvertisement", 136),
          Map.entry("RedirectMessage", 137),
          Map.entry("RouterRenumbering", 138),
          Map.entry("ICMPNodeInformationQuery", 139),
          Map.entry("ICMPNodeInformationResponse", 140),
          Map.entry("InverseNeighborDiscoverySolicitation", 141),
          Map.entry("InverseNeighborDiscoveryAdvertisement", 142),
          Map.entry("HomeAgentAddressDiscoveryRequest", 144),
          Map.entry("HomeAgentAddressDiscoveryReply", 145),
          Map.entry("MobilePrefixSolicitation", 146),
          Map.entry("MobilePrefixAdvertisement", 147),
          Map.entry("DuplicateAddressRequestCodeSuffix", 157),
          Map.entry("DuplicateAddressConfirmationCodeSuffix", 158),
          Map.entry("ExtendedEchoRequest", 160),
          Map.entry("ExtendedEchoReply", 161));

  private final Findings findings;
  private final PortNumbers numbers;

  IcmpReader(Findings findings) {
    this.findings = findings;
    this.numbers = new PortNumbers(findings);
  }

  /** The types of every item of an {@code icmps}. */
  PortList read(List<Node> icmps) {
    var out = new PortList();
    for (Node item : icmps) {
      Optional<Fields> read = Fields.of(item, "an item of 'icmps'", CiliumGrammar.ICMPS, findings);
      List<Node> types = read.flatMap(f -> f.list("fields")).orElse(List.of());
      if (read.isPresent() && types.isEmpty()) {
        findings.error(
            item, "an item of 'icmps' names no types: give 'fields', or leave 'icmps' out");
      }
      for (Node type : types) {
        Fields.of(type, "a field of 'icmps'", CiliumGrammar.ICMP_TYPE, findings)
            .flatMap(this::type)
            .ifPresent(out.ranges()::add);
      }
    }
    return out;
  }

  private Optional<PortRange> type(Fields fields) {
    Optional<String> family = fields.has("family") ? fields.text("family") : Optional.of("IPv4");
    if (!fields.has("type")) {
      findings.error(fields.node(), "a field of 'icmps' has no 'type'");
    }
    if (family.isPresent() && !FAMILIES.contains(family.get())) {
      findings.error(
          fields.value("family").orElse(fields.node()),
          "there is no family '" + family.get() + "', only " + String.join(", ", FAMILIES),
          DidYouMean.nearest(family.get(), FAMILIES));
      return Optional.empty();
    }
    boolean v6 = family.equals(Optional.of("IPv6"));
    OptionalInt type = number(fields, v6);
    return family.isEmpty() || type.isEmpty()
        ? Optional.empty()
        : Optional.of(new PortRange(v6 ? ICMPV6 : ICMP, type.getAsInt(), type.getAsInt()));
  }

  private OptionalInt number(Fields fields, boolean v6) {
    Optional<Node> node = fields.value("type");
    Optional<String> text = node.flatMap(PortNumbers::scalar);
    if (text.isEmpty() || !PortNumbers.looksNamed(text.get())) {
      return numbers.number(fields, "type", 0, 255, "ICMP type");
    }
    Map<String, Integer> names = v6 ? V6 : V4;
    Integer number = names.get(text.get());
    if (number == null) {
      findings.error(
          node.get(),
          "there is no type '" + text.get() + "' of " + (v6 ? "ICMPv6" : "ICMP"),
          DidYouMean.nearest(text.get(), names.keySet()));
      return OptionalInt.empty();
    }
    return OptionalInt.of(number);
  }
}
