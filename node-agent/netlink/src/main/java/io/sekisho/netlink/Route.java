package io.sekisho.netlink;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A unicast route.
 *
 * @param destination network, all zero for the default route
 * @param prefixLength bits of it
 * @param gateway next hop; empty if the destination is on the link
 * @param index interface to go out by, 0 to let the kernel find it
 * @param onLink whether the gateway is on the link though no address says so
 * @param source address to use for own packets
 * @param table routing table, {@link #MAIN} usually
 */
public record Route(
    InetAddress destination,
    int prefixLength,
    Optional<InetAddress> gateway,
    int index,
    boolean onLink,
    Optional<InetAddress> source,
    int table) {
  /** The table that everything uses. */
  public static final int MAIN = 254;

  /** A destination that is on the link of an interface. */
  public static Route direct(InetAddress destination, int prefixLength, int index) {
    return new Route(
        destination, prefixLength, Optional.empty(), index, false, Optional.empty(), MAIN);
  }

  /** A destination behind a gateway that the kernel can reach already. */
  public static Route via(InetAddress destination, int prefixLength, InetAddress gateway) {
    return new Route(
        destination, prefixLength, Optional.of(gateway), 0, false, Optional.empty(), MAIN);
  }

  /** The default route through a gateway on the link of an interface, whatever its addresses. */
  public static Route defaultOnLink(InetAddress gateway, int index) {
    return new Route(
        Routes.any(gateway), 0, Optional.of(gateway), index, true, Optional.empty(), MAIN);
  }
}
