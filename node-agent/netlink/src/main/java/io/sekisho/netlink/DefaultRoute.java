package io.sekisho.netlink;

import java.util.List;

/**
 * A default route of the main table that leads out.
 *
 * @param ipv4 whether it is IPv4's
 * @param metric of several of a family the lowest counts
 * @param devices indexes of the interfaces that it leaves by: several if it has several next hops
 */
public record DefaultRoute(boolean ipv4, int metric, List<Integer> devices) {
  /** Keeps an immutable copy. */
  public DefaultRoute {
    devices = List.copyOf(devices);
  }
}
