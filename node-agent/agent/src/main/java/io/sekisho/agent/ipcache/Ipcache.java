package io.sekisho.agent.ipcache;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.datapath.DesiredState.Location;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Says for every address whose it is and behind which node: a pure function of what the cluster
 * holds. Where two claim an address the local endpoint wins, then nodes, then the endpoint of the
 * node whose name comes first. An endpoint of a node that is gone has no place.
 */
public final class Ipcache {
  private static final Cidr ALL_V6 = Cidr.parse("::/0");
  private static final Cidr ALL_V4 = Cidr.parse("0.0.0.0/0");

  private Ipcache() {}

  /** A local endpoint: addresses and the number of its identity. */
  public record Local(int identity, List<InetAddress> addresses) {}

  /**
   * The whole cache.
   *
   * @param self this node's name
   * @param underlay this node's own underlay addresses
   * @param inventory what the cluster holds
   * @param locals this node's endpoints
   * @param cidrs prefixes that policies name
   */
  public static Map<Cidr, Location> of(
      String self,
      Collection<InetAddress> underlay,
      Inventory inventory,
      Collection<Local> locals,
      Map<Cidr, Identity> cidrs) {
    var out = new HashMap<Cidr, Location>();
    out.put(ALL_V6, here(Identity.WORLD.number()));
    out.put(ALL_V4, here(Identity.WORLD.number()));
    cidrs.forEach((cidr, identity) -> out.put(cidr, here(identity.number())));
    new TreeMap<>(inventory.endpoints())
        .descendingMap()
        .values()
        .forEach(endpoint -> remote(self, underlay, inventory, endpoint, out));
    inventory.nodes().forEach((name, node) -> addNode(self, name, node, out));
    underlay.forEach(a -> out.put(Cidr.of(a), here(Identity.HOST.number())));
    for (Local local : locals) {
      local.addresses().forEach(a -> out.put(Cidr.of(a), here(local.identity())));
    }
    return out;
  }

  private static void remote(
      String self,
      Collection<InetAddress> underlay,
      Inventory inventory,
      Endpoint endpoint,
      Map<Cidr, Location> out) {
    Node node = inventory.nodes().get(endpoint.getNode());
    if (node == null || endpoint.getNode().equals(self) || endpoint.getIdentity() == 0) {
      return;
    }
    Optional<InetAddress> tunnel = tunnelEndpoint(underlay, node);
    if (tunnel.isPresent()) {
      var location = new Location(endpoint.getIdentity(), tunnel, true);
      endpoint.getAddressesList().forEach(text -> put(text, location, out));
    }
  }

  private static void addNode(String self, String name, Node node, Map<Cidr, Location> out) {
    Identity identity = name.equals(self) ? Identity.HOST : Identity.REMOTE_NODE;
    node.getAddressesList().forEach(text -> put(text, here(identity.number()), out));
  }

  /** The address by which a node is reached: IPv4 if both nodes have it, else IPv6. */
  static Optional<InetAddress> tunnelEndpoint(Collection<InetAddress> underlay, Node node) {
    List<InetAddress> theirs =
        node.getAddressesList().stream().flatMap(text -> literal(text).stream()).toList();
    Predicate<InetAddress> v4 = Inet4Address.class::isInstance;
    if (underlay.stream().anyMatch(v4) && theirs.stream().anyMatch(v4)) {
      return theirs.stream().filter(v4).findFirst();
    }
    return underlay.stream().allMatch(v4)
        ? Optional.empty()
        : theirs.stream().filter(v4.negate()).findFirst();
  }

  private static void put(String address, Location location, Map<Cidr, Location> out) {
    literal(address).ifPresent(a -> out.put(Cidr.of(a), location));
  }

  /** The address of a text from the cluster; empty if it is none: others may be wrong. */
  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Location here(int identity) {
    return new Location(identity, Optional.empty(), false);
  }
}
