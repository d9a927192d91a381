package io.sekisho.policy.compile;

import io.sekisho.policy.PortRange;
import io.sekisho.policy.Rule;
import io.sekisho.policy.Standing;

/**
 * Which of several matching rules decides, as the number of a {@link PolicyEntry}; the higher wins.
 *
 * <p>In the normal tier deny beats allow, then the more specific L4, then the more specific peer.
 * In the ordered tiers the policy's priority decides, then the rule's place, then deny, then the
 * more specific peer. 0 is for entries that say what no rule decided.
 */
public final class Precedence {
  /** Above every other: for entries that have already taken everything into account. */
  static final int WHOLE = 1 << 30;

  /** Above even these: what passes whatever documents say. */
  static final int FAIL_SAFE = Integer.MAX_VALUE;

  private static final int BASELINE = 1;
  private static final int NORMAL = 1 << 20;
  private static final int ADMIN = 1 << 21;
  private static final int DENY = 1 << 6;

  /** More rules than a document of an ordered tier may have in one direction. */
  private static final int PLACES = 128;

  private Precedence() {}

  /**
   * The precedence of a rule for some ports.
   *
   * @param protocol IP protocol number, 0 for any
   * @param portPrefixLength leading bits of the port that count, 0 to 16
   * @param anyPeer whether it speaks of any peer
   */
  public static int of(Rule rule, int protocol, int portPrefixLength, boolean anyPeer) {
    return switch (rule.standing().tier()) {
      case NORMAL -> NORMAL + specific(rule.deny(), protocol, portPrefixLength, anyPeer);
      case ADMIN -> ADMIN + ordered(rule, anyPeer);
      case BASELINE -> BASELINE + ordered(rule, anyPeer);
    };
  }

  /** The precedence that a range has for one port of it: that of the prefix that holds the port. */
  public static int of(Rule rule, PortRange range, int port, boolean anyPeer) {
    int length =
        range.prefixes().stream()
            .filter(p -> p.contains(port))
            .mapToInt(PortRange.Prefix::length)
            .findFirst()
            .orElse(0);
    return of(rule, range.protocol(), length, anyPeer);
  }

  private static int specific(boolean deny, int protocol, int length, boolean anyPeer) {
    int l4 = protocol == 0 ? 0 : 1 + length;
    return (deny ? DENY : 0) + 2 * l4 + (anyPeer ? 0 : 1);
  }

  private static int ordered(Rule rule, boolean anyPeer) {
    int index = Math.min(rule.reference().index(), PLACES - 1);
    int place = (Standing.LAST - rule.standing().priority()) * PLACES + PLACES - 1 - index;
    return 4 * place + (rule.deny() ? 2 : 0) + (anyPeer ? 0 : 1);
  }
}
