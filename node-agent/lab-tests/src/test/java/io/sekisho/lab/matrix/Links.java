package io.sekisho.lab.matrix;

import java.util.Arrays;

/**
 * A set of connections, in which expectations are written by hand. Places are {@code x/a}, a whole
 * namespace {@code x/*}, a pod of each namespace {@code *}{@code /a}, all pods {@code *}{@code /*},
 * or a machine outside.
 */
@FunctionalInterface
interface Links {
  /** Every connection. */
  Links ALL = link -> true;

  /** No connection. */
  Links NONE = link -> false;

  /** Whether the connection is in the set. */
  boolean has(Link link);

  /** What is in both. */
  default Links and(Links other) {
    return link -> has(link) && other.has(link);
  }

  /** What is in either. */
  default Links or(Links other) {
    return link -> has(link) || other.has(link);
  }

  /** What is in this one only. */
  default Links except(Links other) {
    return link -> has(link) && !other.has(link);
  }

  /** What some places open. */
  static Links from(String... places) {
    return link -> matches(link.from(), places);
  }

  /** What some places serve. */
  static Links to(String... places) {
    return link -> matches(link.to(), places);
  }

  /** TCP to some ports; to all if none is given. */
  static Links tcp(int... ports) {
    return of(Protocol.TCP, ports);
  }

  /** UDP to some ports; to all if none is given. */
  static Links udp(int... ports) {
    return of(Protocol.UDP, ports);
  }

  /** SCTP to some ports; to all if none is given. */
  static Links sctp(int... ports) {
    return of(Protocol.SCTP, ports);
  }

  /** All transports to a port. */
  static Links port(int port) {
    return link -> link.port() == port;
  }

  /** What goes by IPv4. */
  static Links v4() {
    return link -> !link.v6();
  }

  /** What goes by IPv6. */
  static Links v6() {
    return Link::v6;
  }

  /** Everything but what is of the subject and not permitted: what an isolation lets pass. */
  static Links only(Links subject, Links permitted) {
    return link -> !subject.has(link) || permitted.has(link);
  }

  /** Everything but some: what a denial lets pass. */
  static Links allBut(Links denied) {
    return ALL.except(denied);
  }

  private static Links of(Protocol protocol, int... ports) {
    return link ->
        link.protocol() == protocol
            && (ports.length == 0 || Arrays.stream(ports).anyMatch(p -> p == link.port()));
  }

  private static boolean matches(String place, String... patterns) {
    return Arrays.stream(patterns).anyMatch(p -> matches(place, p));
  }

  private static boolean matches(String place, String pattern) {
    int slash = place.indexOf('/');
    return place.equals(pattern)
        || (slash > 0 && pattern.equals("*/*"))
        || (slash > 0 && pattern.equals(place.substring(0, slash) + "/*"))
        || (slash > 0 && pattern.equals("*" + place.substring(slash)));
  }
}
