package io.sekisho.agent.probe;

import io.sekisho.api.v1.Node;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Another node, and where it is pinged: by IPv4 if both nodes have it, else by IPv6; and by IPv6,
 * too, if both have both.
 *
 * @param name the node's
 * @param underlay its underlay address; empty if no family fits
 * @param endpoint address of its health endpoint; empty if it has none, or this node has none
 * @param underlayIpv6 its underlay address of the second family, if there is one
 * @param endpointIpv6 address of its health endpoint of the second family, if there is one
 */
record ProbePeer(
    String name,
    Optional<InetAddress> underlay,
    Optional<InetAddress> endpoint,
    Optional<InetAddress> underlayIpv6,
    Optional<InetAddress> endpointIpv6) {
  /** One that is pinged by one family. */
  ProbePeer(String name, Optional<InetAddress> underlay, Optional<InetAddress> endpoint) {
    this(name, underlay, endpoint, Optional.empty(), Optional.empty());
  }

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
                    common(endpoint, node.getHealthAddressesList()),
                    second(underlay, node.getAddressesList()),
                    second(endpoint, node.getHealthAddressesList())))
        .toList();
  }

  private static Optional<InetAddress> common(Collection<InetAddress> own, List<String> theirs) {
    List<InetAddress> all = literals(theirs);
    return reachable(own, all, true).or(() -> reachable(own, all, false));
  }

  /** The IPv6 address, if the first choice was IPv4. */
  private static Optional<InetAddress> second(Collection<InetAddress> own, List<String> theirs) {
    List<InetAddress> all = literals(theirs);
    return reachable(own, all, true).flatMap(first -> reachable(own, all, false));
  }

  private static List<InetAddress> literals(List<String> texts) {
    return texts.stream().flatMap(text -> literal(text).stream()).toList();
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
