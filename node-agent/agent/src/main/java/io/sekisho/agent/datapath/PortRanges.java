package io.sekisho.agent.datapath;

import java.util.BitSet;
import java.util.StringJoiner;

/** A set of ports, written as the kernel writes it: {@code 80,8000-8080}. Immutable. */
final class PortRanges {
  private static final int PORTS = 65_536;

  /** No port. */
  static final PortRanges NONE = new PortRanges(new BitSet());

  private final BitSet ports;

  private PortRanges(BitSet ports) {
    this.ports = ports;
  }

  /** The ports from one to another, both included. */
  static PortRanges of(int first, int last) {
    var ports = new BitSet();
    ports.set(first, last + 1);
    return new PortRanges(ports);
  }

  /**
   * Reads a list of ports and ranges; spaces and an empty text are allowed.
   *
   * @throws IllegalArgumentException for anything else
   */
  static PortRanges parse(String text) {
    var ports = new BitSet();
    for (String part : text.strip().split(",", -1)) {
      String range = part.strip();
      if (range.isEmpty()) {
        continue;
      }
      int dash = range.indexOf('-');
      int first = port(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : port(range.substring(dash + 1));
      if (last < first) {
        throw new IllegalArgumentException("'" + range + "' is no range of ports");
      }
      ports.set(first, last + 1);
    }
    return new PortRanges(ports);
  }

  private static int port(String text) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) >= PORTS) {
      throw new IllegalArgumentException("'" + text + "' is no port");
    }
    return Integer.parseInt(text);
  }

  /** The ports of both. */
  PortRanges plus(PortRanges other) {
    var both = (BitSet) ports.clone();
    both.or(other.ports);
    return new PortRanges(both);
  }

  /** These ports without the others. */
  PortRanges minus(PortRanges other) {
    var rest = (BitSet) ports.clone();
    rest.andNot(other.ports);
    return new PortRanges(rest);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PortRanges ranges && ports.equals(ranges.ports);
  }

  @Override
  public int hashCode() {
    return ports.hashCode();
  }

  @Override
  public String toString() {
    var out = new StringJoiner(",");
    for (int first = ports.nextSetBit(0); first >= 0; ) {
      int last = ports.nextClearBit(first) - 1;
      out.add(first == last ? Integer.toString(first) : first + "-" + last);
      first = ports.nextSetBit(last + 1);
    }
    return out.toString();
  }
}
