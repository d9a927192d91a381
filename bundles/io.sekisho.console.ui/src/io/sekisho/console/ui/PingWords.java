package io.sekisho.console.ui;

import io.sekisho.api.v1.Ping;

/**
 * What pings said, in words. A ping that was never sent is unknown; one without answer has none.
 */
public final class PingWords {
  private PingWords() {}

  /** Median round trip: {@code 0.21 ms}. */
  public static String median(Ping ping) {
    if (ping.getSent() == 0) {
      return Format.UNKNOWN;
    }
    return ping.hasRttNs() ? Format.latency(ping.getRttNs()) : Format.NONE;
  }

  /** {@code 3 of 10 answered}. */
  public static String answered(Ping ping) {
    return ping.getSent() == 0
        ? Format.UNKNOWN
        : Texts.bind(Texts.ping_answered, ping.getAnswered(), ping.getSent());
  }

  /** {@code last 10:41:02}, or that there never was one. */
  public static String last(Ping ping) {
    if (!ping.hasLastAnswer()) {
      return ping.getSent() == 0 ? "" : Texts.ping_never;
    }
    return Texts.bind(Texts.ping_last, Format.second(ping.getLastAnswer().getSeconds()));
  }

  /** Share of pings without answer, 0 to 1; NaN where none was sent. */
  public static double loss(Ping ping) {
    return ping.getSent() == 0
        ? Double.NaN
        : (double) (ping.getSent() - ping.getAnswered()) / ping.getSent();
  }
}
