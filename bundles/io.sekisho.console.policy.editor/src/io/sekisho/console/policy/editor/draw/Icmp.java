package io.sekisho.console.policy.editor.draw;

import io.sekisho.console.policy.editor.model.PortForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Types of ICMP in words (RFC 792, RFC 4443). */
final class Icmp {
  private static final Map<String, String> V4 =
      Map.of(
          "0", "EchoReply",
          "3", "DestinationUnreachable",
          "5", "Redirect",
          "8", "EchoRequest",
          "11", "TimeExceeded",
          "12", "ParameterProblem");
  private static final Map<String, String> V6 =
      Map.of(
          "1", "DestinationUnreachable",
          "2", "PacketTooBig",
          "3", "TimeExceeded",
          "4", "ParameterProblem",
          "128", "EchoRequest",
          "129", "EchoReply");

  private Icmp() {}

  private static String type(PortForm form) {
    Map<String, String> known = form.protocol().equals("ICMP") ? V4 : V6;
    return known.getOrDefault(form.port(), form.port());
  }

  /** The types among ports: each family, and its types below. */
  static List<String> lines(List<PortForm> ports) {
    List<String> out = new ArrayList<>();
    for (String family : List.of("ICMP", "ICMPv6")) {
      List<String> types =
          ports.stream().filter(p -> p.protocol().equals(family)).map(Icmp::type).toList();
      if (!types.isEmpty()) {
        out.add(family);
        out.addAll(types);
      }
    }
    return out;
  }

  /** Ports and types as one line. */
  static String text(List<PortForm> ports) {
    return String.join(
        ", ",
        ports.stream().map(p -> p.icmp() ? p.protocol() + " " + type(p) : p.toString()).toList());
  }
}
