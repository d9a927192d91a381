package io.sekisho.agent.probe;

import io.sekisho.api.v1.Node;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Another node, and where it is pinged: by IPv4 if both nodes have it, else by IPv6.
 *
 * @param name the node's
 * @param underlay its underlay address; empty if no family fits
 * @param endpoint address of its health endpoint; empty if it has none, or this node has none
 */
record ProbePeer(String name, Optional<InetAddress> underlay, Optional<InetAddress> endpoint) {
  /** The nodes but this one, by name. */
  static List<ProbePeer> of(
      String self,
      Collection<InetAddress> underlay,
      Collection<InetAddress> endpoint,
      Collection<Node> nodes) {
    return nodes.stream()
        .filter(node -> !node.getName().equals(self))
        .sorted((a, b) -> a.getName().compareTo(b.getName()))
        .map(
            node ->
                new ProbePeer(
                    node.getName(),
                    common(underlay, node.getAddressesList()),
                    common(endpoint, node.getHealthAddressesList())))
        .toList();
  }

  private static Optional<InetAddress> common(Collection<InetAddress> own, List<String> theirs) {
    List<InetAddress> all = theirs.stream().flatMap(text -> literal(text).stream()).toList();
    return reachable(own, all, true).or(() -> reachable(own, all, false));
  }

  private static Optional<InetAddress> reachable(
      Collection<InetAddress> own, List<InetAddress> theirs, boolean ipv4) {
    boolean possible = own.stream().anyMatch(a -> a instanceof Inet4Address == ipv4);
    return theirs.stream().filter(a -> possible && a instanceof Inet4Address == ipv4).findFirst();
  }

  /** The address of a text from the cluster; empty if it is none: others may be wrong. */
  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
