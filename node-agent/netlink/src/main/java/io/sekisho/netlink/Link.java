package io.sekisho.netlink;

import java.util.Optional;

/**
 * A network interface.
 *
 * @param index its number, unique in its namespace
 * @param name its name
 * @param mac its Ethernet address, empty for other kinds
 * @param mtu bytes
 * @param kind {@code veth}, {@code vxlan}, … ; empty for hardware and loopback
 * @param up whether it is set up
 * @param master index of the bridge that it belongs to, 0 for none
 * @param peer index of the other end of a pair (in that end's namespace), 0 for none
 * @param alias text set by an administrator, or empty
 * @param vxlan what makes it a VXLAN device
 */
public record Link(
    int index,
    String name,
    Optional<MacAddress> mac,
    int mtu,
    String kind,
    boolean up,
    int master,
    int peer,
    String alias,
    Optional<Vxlan> vxlan) {
  /**
   * A VXLAN device.
   *
   * @param port UDP port
   * @param external whether tunnel endpoint and network identifier come with every packet
   */
  public record Vxlan(int port, boolean external) {}
}
