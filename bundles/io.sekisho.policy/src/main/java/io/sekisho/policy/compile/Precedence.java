package io.sekisho.policy.compile;

import io.sekisho.policy.PortRange;

/**
 * Which of several matching rules decides: deny beats allow, then the more specific L4, then the
 * more specific peer. As a number that fits the precedence of a {@link PolicyEntry}; the higher
 * wins.
 */
public final class Precedence {
  private static final int DENY = 1 << 6;

  private Precedence() {}

  /**
   * The precedence of an entry.
   *
   * @param deny whether it denies
   * @param protocol IP protocol number, 0 for any
   * @param portPrefixLength leading bits of the port that count, 0 to 16
   * @param anyPeer whether it speaks of any peer
   */
  public static int of(boolean deny, int protocol, int portPrefixLength, boolean anyPeer) {
    int l4 = protocol == 0 ? 0 : 1 + portPrefixLength;
    return (deny ? DENY : 0) + 2 * l4 + (anyPeer ? 0 : 1);
  }

  /** The precedence that a range has for one port of it: that of the prefix that holds the port. */
  public static int of(boolean deny, PortRange range, int port, boolean anyPeer) {
    int length =
        range.prefixes().stream()
            .filter(p -> p.contains(port))
            .mapToInt(PortRange.Prefix::length)
            .findFirst()
            .orElse(0);
    return of(deny, range.protocol(), length, anyPeer);
  }
}
