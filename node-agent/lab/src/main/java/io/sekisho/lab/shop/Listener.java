package io.sekisho.lab.shop;

import java.util.Locale;

/**
 * A port that a workload serves.
 *
 * @param kind what is spoken there
 * @param port TCP or UDP port
 */
public record Listener(Kind kind, int port) {
  /** What is spoken on a port. */
  public enum Kind {
    /** HTTP/1.1; a request is answered after the workload's own calls. */
    HTTP,
    /** HTTP/1.1 without further calls: counters for a scraper. */
    METRICS,
    /** One line in, one line out: the shop's database. */
    STORE,
    /** UDP; sends back what comes. */
    ECHO
  }

  /** Text form, {@code http:8080}. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + ":" + port;
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Listener parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("a listener is KIND:PORT, not " + text);
    }
    Kind kind = Kind.valueOf(text.substring(0, colon).toUpperCase(Locale.ROOT));
    return new Listener(kind, Integer.parseInt(text.substring(colon + 1)));
  }
}
