package io.sekisho.agent.ipcache;

import io.sekisho.agent.datapath.Routing;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.util.List;

/**
 * The node from which the cluster is seen.
 *
 * @param name the node's name
 * @param underlay its own underlay addresses
 * @param routing how packets travel to other nodes' pods
 * @param excluded destinations outside to which pods speak with their own address
 */
public record Site(String name, List<InetAddress> underlay, Routing routing, List<Cidr> excluded) {
  /** Keeps immutable copies. */
  public Site {
    underlay = List.copyOf(underlay);
    excluded = List.copyOf(excluded);
  }

  /** The same node with other addresses. */
  public Site at(List<InetAddress> addresses) {
    return new Site(name, addresses, routing, excluded);
  }
}
