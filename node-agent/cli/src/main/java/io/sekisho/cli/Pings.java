package io.sekisho.cli;

import io.sekisho.api.v1.PeerProbe;
import io.sekisho.api.v1.Ping;
import java.util.Locale;

/** Pings as people read them. */
final class Pings {
  private static final double MICROSECOND = 1e3;
  private static final double MILLISECOND = 1e6;

  private Pings() {}

  /** A round trip: {@code 87us}, {@code 1.24ms}. */
  static String duration(long nanos) {
    return nanos < MILLISECOND
        ? Math.round(nanos / MICROSECOND) + "us"
        : String.format(Locale.ROOT, "%.2fms", nanos / MILLISECOND);
  }

  /** Median and loss: {@code 87us}, {@code 87us 2/10 lost}, {@code no answer}, {@code ?}. */
  static String text(Ping ping) {
    if (ping.getSent() == 0) {
      return "?";
    }
    if (ping.getAnswered() == 0) {
      return "no answer";
    }
    int lost = ping.getSent() - ping.getAnswered();
    return duration(ping.getRttNs())
        + (lost == 0 ? "" : " " + lost + "/" + ping.getSent() + " lost");
  }

  /** Whether a node is pinged by both families. */
  static boolean hasIpv6(PeerProbe probe) {
    return probe.hasUnderlayIpv6() || probe.hasEndpointIpv6();
  }

  /** Whether pings were sent and none came back. */
  static boolean isSilent(Ping ping) {
    return ping.getSent() > 0 && ping.getAnswered() == 0;
  }
}
