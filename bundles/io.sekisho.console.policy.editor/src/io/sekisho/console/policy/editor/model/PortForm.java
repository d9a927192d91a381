package io.sekisho.console.policy.editor.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ports of one protocol, in the same words for all kinds of documents.
 *
 * @param protocol {@code TCP}, {@code UDP}, {@code SCTP}, {@code ANY}, {@code ICMP} or {@code
 *     ICMPv6}
 * @param port a number, a name, a type of ICMP; empty for all ports of the protocol
 * @param last last port of a range, empty for a single one
 */
public record PortForm(String protocol, String port, String last) {
  private static final Pattern TEXT =
      Pattern.compile("([0-9]{1,5}|[A-Za-z0-9][-A-Za-z0-9]*)(?:-([0-9]{1,5}))?(?:/(\\w+))?");
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})-([0-9]{1,5})(?:/(\\w+))?");
  private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP", "ANY");
  private static final int MOST = 65535;

  /** A port of TCP. */
  public static PortForm tcp(int port) {
    return new PortForm("TCP", Integer.toString(port), "");
  }

  /** A port of UDP. */
  public static PortForm udp(int port) {
    return new PortForm("UDP", Integer.toString(port), "");
  }

  /** Whether it is a type of ICMP. */
  public boolean icmp() {
    return protocol.startsWith("ICMP");
  }

  /** Whether the port has a name. */
  public boolean named() {
    return !icmp() && !port.isEmpty() && !port.matches("[0-9]+");
  }

  /** {@code 8080/TCP}, {@code 8080-8090/UDP}, {@code http/ANY}, {@code TCP}, {@code ICMP Echo}. */
  @Override
  public String toString() {
    if (icmp()) {
      return protocol + " " + port;
    }
    if (port.isEmpty()) {
      return protocol.equals("ANY") ? "all" : protocol;
    }
    return port + (last.isEmpty() ? "" : "-" + last) + "/" + protocol;
  }

  /** Ports as one line; the empty text for all. */
  public static String text(List<PortForm> ports) {
    return String.join(", ", ports.stream().map(PortForm::toString).toList());
  }

  /**
   * Ports from a line such as {@code 8080, 9000-9010/UDP, http, TCP, ICMP EchoRequest}; without
   * protocol TCP is meant.
   *
   * @throws EditException if a part is no port
   */
  public static List<PortForm> parse(String line) throws EditException {
    List<PortForm> out = new ArrayList<>();
    for (String part : line.split(",")) {
      if (!part.isBlank()) {
        PortForm form = one(part.strip());
        if (!out.contains(form)) {
          out.add(form);
        }
      }
    }
    return List.copyOf(out);
  }

  private static PortForm one(String text) throws EditException {
    Matcher icmp = Pattern.compile("(ICMP(?:v6)?)\\s+(\\w+)").matcher(text);
    if (icmp.matches()) {
      return new PortForm(icmp.group(1), icmp.group(2), "");
    }
    String word = text.toUpperCase(Locale.ROOT);
    if (PROTOCOLS.contains(word) || word.equals("ALL")) {
      return new PortForm(word.equals("ALL") ? "ANY" : word, "", "");
    }
    Matcher range = RANGE.matcher(text);
    if (range.matches()) {
      int first = number(range.group(1), text);
      int last = number(range.group(2), text);
      if (first > last) {
        throw new EditException(EditException.Code.PORT, text);
      }
      String end = first == last ? "" : Integer.toString(last);
      return new PortForm(protocol(range.group(3), text), Integer.toString(first), end);
    }
    Matcher port = TEXT.matcher(text);
    if (!port.matches()) {
      throw new EditException(EditException.Code.PORT, text);
    }
    String protocol = protocol(port.group(3), text);
    String whole = text.contains("/") ? text.substring(0, text.indexOf('/')) : text;
    if (whole.matches("[0-9]+")) {
      return new PortForm(protocol, Integer.toString(number(whole, text)), "");
    }
    if (!whole.matches("[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?") || !whole.matches(".*[a-z].*")) {
      throw new EditException(EditException.Code.PORT, text);
    }
    return new PortForm(protocol, whole, "");
  }

  private static int number(String digits, String text) throws EditException {
    int number = Integer.parseInt(digits);
    if (number < 1 || number > MOST) {
      throw new EditException(EditException.Code.PORT, text);
    }
    return number;
  }

  private static String protocol(String word, String text) throws EditException {
    String protocol = word == null ? "TCP" : word.toUpperCase(Locale.ROOT);
    if (!PROTOCOLS.contains(protocol)) {
      throw new EditException(EditException.Code.PORT, text);
    }
    return protocol;
  }
}
