package io.sekisho.agent.path;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Where a path ends.
 *
 * @param node the node where it is; empty outside the cluster
 * @param endpoint the endpoint, if it is one; else a node itself, or something outside
 * @param addresses its addresses, at least one
 */
record PathEnd(Optional<Node> node, Optional<Endpoint> endpoint, List<InetAddress> addresses) {
  PathEnd {
    addresses = List.copyOf(addresses);
  }

  /**
   * What a text names: {@code namespace/pod}, or an address.
   *
   * @throws PathException UNKNOWN_ENDPOINT, INVALID
   */
  static PathEnd of(String text, Inventory inventory) {
    if (text.contains("/")) {
      return of(named(text, inventory), inventory);
    }
    InetAddress address =
        literal(text)
            .orElseThrow(
                () ->
                    new PathException(
                        PathException.Code.INVALID,
                        "'" + text + "' is neither namespace/pod nor an address"));
    Optional<Endpoint> endpoint =
        inventory.endpoints().values().stream()
            .filter(e -> addresses(e.getAddressesList()).contains(address))
            .findFirst();
    if (endpoint.isPresent()) {
      PathEnd end = of(endpoint.get(), inventory);
      return new PathEnd(end.node(), end.endpoint(), List.of(address));
    }
    Optional<Node> node =
        inventory.nodes().values().stream()
            .filter(n -> addresses(n.getAddressesList()).contains(address))
            .findFirst();
    return new PathEnd(node, Optional.empty(), List.of(address));
  }

  private static PathEnd of(Endpoint endpoint, Inventory inventory) {
    Optional<Node> node = Optional.ofNullable(inventory.nodes().get(endpoint.getNode()));
    List<InetAddress> addresses = addresses(endpoint.getAddressesList());
    if (addresses.isEmpty()) {
      throw new PathException(
          PathException.Code.NOT_POSSIBLE, name(endpoint) + " has no address yet");
    }
    return new PathEnd(
        Optional.of(node.orElse(Node.newBuilder().setName(endpoint.getNode()).build())),
        Optional.of(endpoint),
        addresses);
  }

  /**
   * The endpoint of a pod.
   *
   * @throws PathException UNKNOWN_ENDPOINT
   */
  static Endpoint named(String name, Inventory inventory) {
    return inventory.endpoints().values().stream()
        .filter(endpoint -> name(endpoint).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new PathException(
                    PathException.Code.UNKNOWN_ENDPOINT, "there is no endpoint " + name));
  }

  static String name(Endpoint endpoint) {
    return endpoint.getNamespace() + "/" + endpoint.getPod();
  }

  static List<InetAddress> addresses(List<String> texts) {
    return texts.stream().flatMap(text -> literal(text).stream()).toList();
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The address of a family, if it has one. */
  static Optional<InetAddress> ofFamily(List<InetAddress> addresses, boolean ipv4) {
    return addresses.stream().filter(a -> a instanceof Inet4Address == ipv4).findFirst();
  }
}
