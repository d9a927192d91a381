package io.sekisho.agent.datapath;

import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An interface as a pod's network namespace really holds it.
 *
 * @param mac {@code 02:..} form; empty if it has none
 * @param up whether it is set up
 * @param addresses all of them but link-local ones
 * @param routes what goes out by it, in all tables
 */
public record PodState(String mac, boolean up, List<InetAddress> addresses, Set<Way> routes) {
  /** Keeps immutable copies. */
  public PodState {
    addresses = List.copyOf(addresses);
    routes = Set.copyOf(routes);
  }

  /** A destination and its next hop; empty if the destination is on the link. */
  public record Way(Cidr destination, Optional<InetAddress> gateway) {}
}
