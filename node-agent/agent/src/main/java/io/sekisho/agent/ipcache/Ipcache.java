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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Says for every address whose it is, behind which node, and whether pods speak to it with their
 * own address: a pure function of what the cluster holds. Where two claim an address the local
 * endpoint wins, then nodes, then the endpoint of the node whose name comes first. An endpoint of a
 * node that is gone has no place, but its range stays the cluster's: whoever has an address there
 * is no part of the world, but unmanaged.
 *
 * <p>With an overlay, pods reach other nodes' pods and the nodes themselves through it; with native
 * routing nothing lies behind a node.
 */
public final class Ipcache {
  private static final Cidr ALL_V6 = Cidr.parse("::/0");
  private static final Cidr ALL_V4 = Cidr.parse("0.0.0.0/0");

  /** What does not leave the link (RFC 3927, RFC 4291 section 2.5.6), and groups. */
  private static final List<Cidr> LINK_AND_GROUPS =
      Stream.of("169.254.0.0/16", "fe80::/10", "224.0.0.0/4", "ff00::/8").map(Cidr::parse).toList();

  private final Site site;
  private final Inventory inventory;
  private final Map<String, Identity> nodes;
  private final Map<Cidr, Location> out = new HashMap<>();

  /** By name of the node, for each has many endpoints. */
  private final Map<String, Optional<InetAddress>> tunnels = new HashMap<>();

  private Ipcache(Site site, Inventory inventory, Map<String, Identity> nodes) {
    this.site = site;
    this.inventory = inventory;
    this.nodes = nodes;
  }

  /** A local endpoint: addresses and the number of its identity. */
  public record Local(int identity, List<InetAddress> addresses) {}

  /**
   * The whole cache.
   *
   * @param site this node
   * @param inventory what the cluster holds
   * @param locals this node's endpoints
   * @param cidrs prefixes that policies name
   * @param nodes identities of the other nodes that policies tell apart, by name
   */
  public static Map<Cidr, Location> of(
      Site site,
      Inventory inventory,
      Collection<Local> locals,
      Map<Cidr, Identity> cidrs,
      Map<String, Identity> nodes) {
    return new Ipcache(site, inventory, nodes).build(locals, cidrs);
  }

  private Map<Cidr, Location> build(Collection<Local> locals, Map<Cidr, Identity> cidrs) {
    out.put(ALL_V6, outside(Identity.WORLD));
    out.put(ALL_V4, outside(Identity.WORLD));
    cidrs.forEach((cidr, identity) -> out.put(cidr, outside(identity)));
    markRanges();
    new TreeMap<>(inventory.endpoints()).descendingMap().values().forEach(this::addRemote);
    var backwards = new TreeMap<>(inventory.nodes()).descendingMap();
    backwards.forEach(this::addHealth);
    backwards.forEach(this::addNode);
    site.underlay().forEach(a -> out.put(Cidr.of(a), here(Identity.HOST.number())));
    for (Local local : locals) {
      local.addresses().forEach(a -> out.put(Cidr.of(a), own(local.identity())));
    }
    return out;
  }

  private void markRanges() {
    var direct = new HashSet<>(LINK_AND_GROUPS);
    direct.addAll(site.excluded());
    inventory.nodes().values().forEach(node -> direct.addAll(podCidrs(node)));
    new MarkedRanges(direct).mark(out, l -> new Location(l.identity(), l.node(), true, l.own()));
    new MarkedRanges(lostRanges(inventory, site.name()).keySet())
        .mark(out, l -> new Location(Identity.UNMANAGED.number(), l.node(), true, l.own()));
    Node self = inventory.nodes().get(site.name());
    new MarkedRanges(self == null ? List.of() : podCidrs(self))
        .mark(out, l -> new Location(l.identity(), l.node(), l.direct(), true));
  }

  private void addRemote(Endpoint endpoint) {
    Node node = inventory.nodes().get(endpoint.getNode());
    if (node == null || endpoint.getNode().equals(site.name()) || endpoint.getIdentity() == 0) {
      return;
    }
    behind(node, endpoint.getIdentity())
        .ifPresent(place -> endpoint.getAddressesList().forEach(text -> put(text, place)));
  }

  private void addHealth(String name, Node node) {
    int health = Identity.HEALTH.number();
    Optional<Location> place =
        name.equals(site.name()) ? Optional.of(own(health)) : behind(node, health);
    place.ifPresent(p -> node.getHealthAddressesList().forEach(text -> put(text, p)));
  }

  /** A node that no tunnel reaches is still the node that it is. */
  private void addNode(String name, Node node) {
    int remote = nodes.getOrDefault(name, Identity.REMOTE_NODE).number();
    Location place =
        name.equals(site.name())
            ? here(Identity.HOST.number())
            : behind(node, remote).orElse(here(remote));
    node.getAddressesList().forEach(text -> put(text, place));
  }

  /** A place on another node; empty if no tunnel reaches it. */
  private Optional<Location> behind(Node node, int identity) {
    if (!site.routing().isOverlay()) {
      return Optional.of(here(identity));
    }
    return tunnels
        .computeIfAbsent(node.getName(), name -> tunnelEndpoint(site.underlay(), node))
        .map(tunnel -> new Location(identity, Optional.of(tunnel), true));
  }

  /** The address by which a node is reached: IPv4 if both nodes have it, else IPv6. */
  static Optional<InetAddress> tunnelEndpoint(Collection<InetAddress> underlay, Node node) {
    List<InetAddress> theirs = addresses(node);
    Predicate<InetAddress> v4 = Inet4Address.class::isInstance;
    if (underlay.stream().anyMatch(v4) && theirs.stream().anyMatch(v4)) {
      return theirs.stream().filter(v4).findFirst();
    }
    return underlay.stream().allMatch(v4)
        ? Optional.empty()
        : theirs.stream().filter(v4.negate()).findFirst();
  }

  /** A node's underlay addresses. */
  public static List<InetAddress> addresses(Node node) {
    return node.getAddressesList().stream().flatMap(text -> literal(text).stream()).toList();
  }

  /**
   * The ranges of pods that no node of the cluster has now, to the node that had each: of nodes
   * that are gone.
   *
   * @param self the node that asks: its own ranges are never lost
   */
  public static Map<Cidr, String> lostRanges(Inventory inventory, String self) {
    Set<Cidr> present = new HashSet<>();
    inventory.nodes().values().forEach(node -> present.addAll(podCidrs(node)));
    var lost = new TreeMap<Cidr, String>();
    inventory
        .ranges()
        .forEach(
            (range, node) -> {
              boolean held =
                  node.equals(self)
                      || present.contains(range)
                      || present.stream().anyMatch(p -> p.contains(range) || range.contains(p));
              if (!held) {
                lost.put(range, node);
              }
            });
    return lost;
  }

  /** The ranges of a node's pods. */
  public static List<Cidr> podCidrs(Node node) {
    return node.getPodCidrsList().stream().flatMap(text -> range(text).stream()).toList();
  }

  private void put(String address, Location location) {
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

  private static Optional<Cidr> range(String text) {
    try {
      return Optional.of(Cidr.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Here, or to be had without a tunnel; in the cluster, and so with the pod's own address. */
  private static Location here(int identity) {
    return new Location(identity, Optional.empty(), true);
  }

  /** A pod of this node. */
  private static Location own(int identity) {
    return new Location(identity, Optional.empty(), true, true);
  }

  private static Location outside(Identity identity) {
    return new Location(identity.number(), Optional.empty(), false);
  }
}
