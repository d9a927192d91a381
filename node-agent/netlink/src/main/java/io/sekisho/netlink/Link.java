package io.sekisho.netlink;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A network interface.
 *
 * @param index its number, unique in its namespace
 * @param name its name
 * @param mac its Ethernet address, empty for other kinds
 * @param mtu bytes
 * @param kind {@code veth}, {@code vxlan}, … ; empty for hardware and loopback
 * @param up whether it is set up
 * @param running whether it can carry packets now (IFF_RUNNING: it is up and has a carrier)
 * @param resolves whether it asks for its neighbours' addresses (it is not IFF_NOARP)
 * @param master index of the bridge that it belongs to, 0 for none
 * @param peer index of the other end of a pair (in that end's namespace), 0 for none
 * @param peerNamespace number that this namespace has for the other end's; empty if it is this one
 * @param alias text set by an administrator, or empty
 * @param tunnel what makes it a VXLAN or Geneve device; the kind says which
 */
public record Link(
    int index,
    String name,
    Optional<MacAddress> mac,
    int mtu,
    String kind,
    boolean up,
    boolean running,
    boolean resolves,
    int master,
    int peer,
    OptionalInt peerNamespace,
    String alias,
    Optional<Tunnel> tunnel) {
  /** Kind of devices that speak VXLAN. */
  public static final String VXLAN = "vxlan";

  /** Kind of devices that speak Geneve. */
  public static final String GENEVE = "geneve";

  /**
   * A device that puts packets into UDP.
   *
   * @param port UDP port
   * @param external whether tunnel endpoint and network identifier come with every packet
   */
  public record Tunnel(int port, boolean external) {}
}
