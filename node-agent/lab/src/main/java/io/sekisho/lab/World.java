package io.sekisho.lab;

import java.util.List;

/**
 * A machine outside the cluster.
 *
 * @param name its name
 * @param addresses underlay addresses, IPv4 first
 */
public record World(String name, List<String> addresses) {
  /** Keeps an immutable copy. */
  public World {
    addresses = List.copyOf(addresses);
  }

  /** A machine with a host number in the underlay's ranges; in hexadecimal for IPv6. */
  public static World of(String name, int host) {
    return new World(
        name, List.of(LabNode.UNDERLAY_4 + host, LabNode.UNDERLAY_6 + Integer.toHexString(host)));
  }
}
