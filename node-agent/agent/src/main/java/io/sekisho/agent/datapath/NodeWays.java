package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.agent.datapath.DesiredState.RemoteNode;
import io.sekisho.agent.datapath.NodeRoutes.Planned;
import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Route;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Which routes lead to other nodes' pods: through the overlay device, or with native routing
 * through the node's underlay address, if that is on our link. A pure function of what the node
 * looks like.
 *
 * @param config routing and own pod ranges
 * @param underlay index of the underlay
 * @param overlay index of the overlay device, 0 without one
 * @param addresses our own on the underlay, with their networks
 * @param podMtu what a pod may send in one packet
 * @param narrow what the ways to nodes carry that carry less than the underlay's device, bytes, by
 *     the nodes' addresses; see {@link PathMtus}
 */
record NodeWays(
    NodeConfig config,
    int underlay,
    int overlay,
    List<Addresses.Assigned> addresses,
    int podMtu,
    Map<InetAddress, Integer> narrow) {
  /** Behind the kernel's own (0), before a daemon's last resorts (BIRD's is 32, Babel's 1024). */
  static final int METRIC = 20;

  /** Behind all that anybody else may know of our own pods. */
  static final int LAST_METRIC = 1_000_000;

  /** What every link carries that carries IPv6 (RFC 8200 section 5). */
  static final int IPV6_LEAST = 1280;

  /** All ways carry as much as the underlay's device. */
  NodeWays(
      NodeConfig config,
      int underlay,
      int overlay,
      List<Addresses.Assigned> addresses,
      int podMtu) {
    this(config, underlay, overlay, addresses, podMtu, Map.of());
  }

  /** The same for pods that may send packets of another length. */
  NodeWays with(int mtu) {
    return new NodeWays(config, underlay, overlay, addresses, mtu, narrow);
  }

  /** The same where other ways are narrow. */
  NodeWays with(Map<InetAddress, Integer> others) {
    return new NodeWays(config, underlay, overlay, addresses, podMtu, others);
  }

  /** By which IPv6 addresses nodes are met. */
  List<InetAddress> ipv6Ends(Collection<RemoteNode> nodes) {
    return config.routing().isOverlay()
        ? nodes.stream()
            .filter(n -> !n.gone())
            .flatMap(n -> ipv6End(n).stream())
            .sorted(Comparator.comparing(InetAddress::getHostAddress))
            .toList()
        : List.of();
  }

  private Optional<InetAddress> ipv6End(RemoteNode node) {
    return PathMtus.ipv6End(config.underlayAddresses(), node);
  }

  /** The routes by prefix, of the first node in the order of names where two claim one. */
  Map<Cidr, Planned> toNodes(
      SortedMap<String, RemoteNode> nodes, List<Route> foreign, List<RealizeError> errors) {
    var out = new HashMap<Cidr, Planned>();
    var underlays = new UnderlayAddresses(config, nodes.values());
    nodes.forEach(
        (name, node) -> {
          if (node.gone()) {
            return;
          }
          String object = "node " + name;
          for (Cidr range : node.podCidrs()) {
            try {
              if (out.containsKey(range)) {
                throw new NoWay("another node has the pod range " + range + " too");
              }
              requireHarmless(range, underlays);
              route(node, range, foreign).ifPresent(r -> out.put(range, new Planned(object, r)));
            } catch (NoWay e) {
              errors.add(new RealizeError(object, e.why));
            }
          }
        });
    nodes.values().stream()
        .filter(RemoteNode::gone)
        .flatMap(node -> node.podCidrs().stream())
        .filter(range -> !out.containsKey(range) && isHarmless(range, underlays))
        .forEach(range -> out.put(range, new Planned("routes", unreachable(range))));
    return out;
  }

  private boolean isHarmless(Cidr range, UnderlayAddresses underlays) {
    return underlays.in(range).isEmpty()
        && config.podCidrs().stream().noneMatch(own -> own.contains(range) || range.contains(own));
  }

  /** Why there is no route. */
  private static final class NoWay extends Exception {
    private static final long serialVersionUID = 1L;
    private final String why;

    private NoWay(String why) {
      super(why, null, false, false);
      this.why = why;
    }
  }

  /** All nodes' underlay addresses, found by a range that holds one. */
  private static final class UnderlayAddresses {
    private final List<Cidr> all;
    private final Map<Integer, Map<Cidr, Cidr>> byLength = new HashMap<>();

    UnderlayAddresses(NodeConfig config, Collection<RemoteNode> nodes) {
      all =
          Stream.concat(
                  config.underlayAddresses().stream(),
                  nodes.stream().flatMap(node -> node.addresses().stream()))
              .map(Cidr::of)
              .toList();
    }

    Optional<Cidr> in(Cidr range) {
      return Optional.ofNullable(
          byLength.computeIfAbsent(range.length128(), this::networks).get(range));
    }

    private Map<Cidr, Cidr> networks(int length) {
      var networks = new HashMap<Cidr, Cidr>();
      all.forEach(address -> networks.putIfAbsent(Cidr.of(address.bytes(), length), address));
      return networks;
    }
  }

  /** A wrong range of another node must not lead the node's own traffic astray. */
  private void requireHarmless(Cidr range, UnderlayAddresses underlays) throws NoWay {
    for (Cidr own : config.podCidrs()) {
      if (own.contains(range) || range.contains(own)) {
        throw new NoWay("its pod range " + range + " overlaps with ours, " + own);
      }
    }
    Optional<Cidr> node = underlays.in(range);
    if (node.isPresent()) {
      throw new NoWay("its pod range " + range + " holds a node's address, " + node.get());
    }
  }

  private Optional<Route> route(RemoteNode node, Cidr range, List<Route> foreign) throws NoWay {
    return config.routing().isOverlay()
        ? throughOverlay(node, range)
        : direct(node, range, foreign);
  }

  private Optional<Route> throughOverlay(RemoteNode node, Cidr range) throws NoWay {
    boolean common =
        node.addresses().stream()
            .anyMatch(
                theirs ->
                    addresses.stream()
                        .anyMatch(
                            a -> PodInterface.isIpv4(a.address()) == PodInterface.isIpv4(theirs)));
    if (!common) {
      throw new NoWay("it has no underlay address of a family that this node has too");
    }
    Optional<InetAddress> source =
        addresses.stream()
            .map(Addresses.Assigned::address)
            .filter(address -> PodInterface.isIpv4(address) == range.isV4())
            .findFirst();
    Route route =
        Route.direct(address(range), length(range), overlay)
            .by(overlay, source, podMtu)
            .by(NodeRoutes.PROTOCOL, METRIC);
    int left = left(node, range);
    return Optional.of(left < podMtu ? route.locked(left) : route);
  }

  /** What the tunnel to the node leaves of its way, bytes. */
  private int left(RemoteNode node, Cidr range) {
    int way = ipv6End(node).map(narrow::get).orElse(Integer.MAX_VALUE);
    return Math.max(way - OverlayOverhead.IPV6, range.isV4() ? 0 : IPV6_LEAST);
  }

  private Optional<Route> direct(RemoteNode node, Cidr range, List<Route> foreign) throws NoWay {
    List<InetAddress> gateways =
        node.addresses().stream().filter(a -> PodInterface.isIpv4(a) == range.isV4()).toList();
    Optional<InetAddress> gateway = gateways.stream().filter(this::isOnLink).findFirst();
    if (gateway.isPresent()) {
      return Optional.of(
          Route.via(address(range), length(range), gateway.get())
              .by(underlay, Optional.empty(), 0)
              .by(NodeRoutes.PROTOCOL, METRIC));
    }
    if (foreign.stream().anyMatch(route -> covers(route, range))) {
      return Optional.empty();
    }
    if (gateways.isEmpty()) {
      throw new NoWay(
          "its pod range %s needs an %s underlay address, and it has none"
              .formatted(range, range.isV4() ? "IPv4" : "IPv6"));
    }
    throw new NoWay(
        "its address %s is not on the link of %s: a routing daemon must bring a route to %s"
            .formatted(gateways.getFirst().getHostAddress(), config.underlayDevice(), range));
  }

  /** A default route does not count: it says nothing of the cluster. */
  private static boolean covers(Route route, Cidr range) {
    Cidr prefix = NodeRoutes.prefix(route);
    return route.type() == Route.Type.UNICAST
        && route.prefixLength() > 0
        && prefix.isV4() == range.isV4()
        && prefix.contains(range);
  }

  private boolean isOnLink(InetAddress address) {
    Cidr single = Cidr.of(address);
    return addresses.stream()
        .filter(own -> PodInterface.isIpv4(own.address()) == single.isV4())
        .anyMatch(own -> network(own).contains(single));
  }

  private static Cidr network(Addresses.Assigned own) {
    Cidr single = Cidr.of(own.address());
    return Cidr.of(single.bytes(), own.prefixLength() + (single.isV4() ? 96 : 0));
  }

  /** Packets to pods of ours that are not there come back, instead of going out or in circles. */
  List<Route> ownRanges() {
    return config.podCidrs().stream().map(NodeWays::unreachable).toList();
  }

  private static Route unreachable(Cidr range) {
    return Route.unreachable(address(range), length(range)).by(NodeRoutes.PROTOCOL, LAST_METRIC);
  }

  private static int length(Cidr range) {
    return range.isV4() ? range.length128() - 96 : range.length128();
  }

  private static InetAddress address(Cidr range) {
    byte[] bytes = range.bytes();
    try {
      return InetAddress.getByAddress(range.isV4() ? Arrays.copyOfRange(bytes, 12, 16) : bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are always an address", e);
    }
  }
}
