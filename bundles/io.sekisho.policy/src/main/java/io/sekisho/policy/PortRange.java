package io.sekisho.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Ports of one protocol, or everything.
 *
 * @param protocol IP protocol number, 0 for any (then the ports are 0 to 65535)
 * @param first first port
 * @param last last port
 */
public record PortRange(int protocol, int first, int last) implements Comparable<PortRange> {
  /** IP protocol numbers (IANA protocol numbers). */
  public static final int TCP = 6;

  public static final int UDP = 17;
  public static final int SCTP = 132;

  /** Every protocol and port. */
  public static final PortRange ALL = new PortRange(0, 0, 65535);

  private static final Comparator<PortRange> ORDER =
      Comparator.comparingInt(PortRange::protocol)
          .thenComparingInt(PortRange::first)
          .thenComparingInt(PortRange::last);

  /** Rejects ranges that do not exist. */
  public PortRange {
    if (protocol < 0 || protocol > 255 || first < 0 || first > last || last > 65535) {
      throw new IllegalArgumentException("no port range: " + protocol + "/" + first + "-" + last);
    }
    if (protocol == 0 && (first != 0 || last != 65535)) {
      throw new IllegalArgumentException("ports need a protocol");
    }
  }

  /**
   * A part of the port space that leading bits name.
   *
   * @param port first port, the other bits zero
   * @param length how many leading bits count, 0 to 16
   */
  public record Prefix(int port, int length) {
    /** Whether the port is in this part. */
    public boolean contains(int other) {
      return length == 0 || (other ^ port) >>> (16 - length) == 0;
    }
  }

  /** Whether traffic of the protocol to the port is meant. */
  public boolean contains(int otherProtocol, int port) {
    return protocol == 0 || (protocol == otherProtocol && first <= port && port <= last);
  }

  /** The range as the fewest prefixes, in the order of ports; at most 30. */
  public List<Prefix> prefixes() {
    var out = new ArrayList<Prefix>();
    int port = first;
    while (port <= last) {
      int bits = port == 0 ? 16 : Math.min(16, Integer.numberOfTrailingZeros(port));
      while (port + (1 << bits) - 1 > last) {
        bits--;
      }
      out.add(new Prefix(port, 16 - bits));
      port += 1 << bits;
    }
    return out;
  }

  /** The name of a protocol number, the number itself where it has none here. */
  public static String protocolName(int protocol) {
    return switch (protocol) {
      case 0 -> "ANY";
      case 1 -> "ICMPv4";
      case TCP -> "TCP";
      case UDP -> "UDP";
      case 58 -> "ICMPv6";
      case SCTP -> "SCTP";
      default -> Integer.toString(protocol);
    };
  }

  @Override
  public int compareTo(PortRange other) {
    return ORDER.compare(this, other);
  }

  /** {@code 80/TCP}, {@code 80-90/TCP}, {@code all ports/TCP} or {@code all ports}. */
  @Override
  public String toString() {
    if (protocol == 0) {
      return "all ports";
    }
    String ports =
        first == 0 && last == 65535 ? "all ports" : first == last ? "" + first : first + "-" + last;
    return ports + "/" + protocolName(protocol);
  }
}
