package io.sekisho.agent.datapath;

import java.net.InetAddress;
import java.util.List;

/** Something of the node's own devices that changed by itself, or by other hands. */
public sealed interface NodeChange {
  /**
   * The underlay is not as it was.
   *
   * @param addresses its addresses that other machines may know, IPv4 first; without link-local
   * @param mtu bytes; 0 if the device is gone
   * @param up whether it can carry packets
   */
  record UnderlayChanged(List<InetAddress> addresses, int mtu, boolean up) implements NodeChange {
    /** Keeps an immutable copy. */
    public UnderlayChanged {
      addresses = List.copyOf(addresses);
    }
  }

  /** An endpoint's host interface was deleted, but not by the datapath. */
  record InterfaceGone(int endpointId) implements NodeChange {}

  /**
   * Somebody took away a route of the datapath's, or set a device of its down: {@link
   * Datapath#repair} is due.
   */
  record Disturbed() implements NodeChange {}

  /** A router said that a packet was too big for a way: {@link Datapath#followWays} is due. */
  record PacketTooBig() implements NodeChange {}
}
