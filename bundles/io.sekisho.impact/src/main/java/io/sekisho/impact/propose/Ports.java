package io.sekisho.impact.propose;

import io.sekisho.policy.PortRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Ports that were seen, as the fewest ranges that mean just these. */
final class Ports {
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;
  private static final int DNS = 53;

  private Ports() {}

  static boolean isIcmp(int protocol) {
    return protocol == ICMP || protocol == ICMPV6;
  }

  /** Whether a document can name it. */
  static boolean canBeNamed(int protocol) {
    return isIcmp(protocol)
        || protocol == PortRange.TCP
        || protocol == PortRange.UDP
        || protocol == PortRange.SCTP;
  }

  static PortRange one(int protocol, int port) {
    return new PortRange(protocol, port, port);
  }

  static boolean isDns(PortRange range) {
    return range.contains(PortRange.UDP, DNS);
  }

  /** Neighbours become one range; types of ICMP stay alone. */
  static List<PortRange> merged(Collection<PortRange> ports) {
    var out = new ArrayList<PortRange>();
    for (PortRange next : new TreeSet<>(ports)) {
      PortRange last = out.isEmpty() ? next : out.getLast();
      boolean joins =
          !out.isEmpty()
              && last.protocol() == next.protocol()
              && next.first() <= last.last() + 1
              && !isIcmp(next.protocol());
      if (joins) {
        int end = Math.max(last.last(), next.last());
        out.set(out.size() - 1, new PortRange(last.protocol(), last.first(), end));
      } else {
        out.add(next);
      }
    }
    return out;
  }
}
