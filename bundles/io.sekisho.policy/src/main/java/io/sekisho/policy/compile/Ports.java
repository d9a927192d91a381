package io.sekisho.policy.compile;

import io.sekisho.policy.PortRange;
import java.util.stream.Stream;

/** The part of a policy key that speaks of protocol and port. */
record Ports(int protocol, int port, int length) {
  /** Everything. */
  static final Ports ALL = new Ports(0, 0, 0);

  /** A range as parts. */
  static Stream<Ports> of(PortRange range) {
    return range.protocol() == 0
        ? Stream.of(ALL)
        : range.prefixes().stream().map(p -> new Ports(range.protocol(), p.port(), p.length()));
  }

  /** The ports as a range. */
  PortRange range() {
    return protocol == 0
        ? PortRange.ALL
        : new PortRange(protocol, port, port + (1 << (16 - length)) - 1);
  }

  /** How many parts could hold this one, itself not counted. */
  int depth() {
    return protocol == 0 ? 0 : 1 + length;
  }

  /** The part of a depth, at most its own, that holds this one. */
  Ports outer(int depth) {
    return depth == 0
        ? ALL
        : new Ports(protocol, length == 0 ? 0 : port & mask(depth - 1), depth - 1);
  }

  private static int mask(int length) {
    return length == 0 ? 0 : 0xffff << (16 - length) & 0xffff;
  }
}
