package io.sekisho.agent.path;

import com.google.common.net.InetAddresses;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.ipcache.Ipcache;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.PathHop;
import io.sekisho.api.v1.PathHopKind;
import io.sekisho.api.v1.PeerProbe;
import io.sekisho.api.v1.Ping;
import io.sekisho.api.v1.Uplink;
import io.sekisho.policy.Cidr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The stations of a path from an endpoint of this node: what the node does with such packets. */
final class PathHops {
  private final AgentConfig config;
  private final Node self;
  private final Collection<Node> nodes;
  private final List<PeerProbe> probes;
  private final Optional<String> exit;
  private final List<PathHop> hops = new ArrayList<>();

  /**
   * With what this node knows.
   *
   * @param self this node as it tells of itself
   * @param nodes all nodes
   * @param probes what the last pings to the others said
   * @param exit the device by which the packets leave the node; empty where that is not known
   */
  PathHops(
      AgentConfig config,
      Node self,
      Collection<Node> nodes,
      List<PeerProbe> probes,
      Optional<String> exit) {
    this.config = config;
    this.self = self;
    this.nodes = List.copyOf(nodes);
    this.probes = List.copyOf(probes);
    this.exit = exit;
  }

  /** From a local endpoint with this address to an address of the destination. */
  List<PathHop> between(Endpoint source, InetAddress from, PathEnd end, InetAddress to) {
    hops.add(pod(source, from));
    hops.add(program(source, "its egress policy is " + enforced(source.getEgressEnforced())));
    Optional<Node> node = end.node();
    if (node.isEmpty()) {
      outside(to);
    } else if (!node.get().getName().equals(self.getName())) {
      remote(node.get(), end, to);
    } else if (end.endpoint().isEmpty()) {
      hops.add(underlay(self, to).setDetail("the node's own stack").build());
    }
    end.endpoint()
        .ifPresent(
            endpoint -> {
              hops.add(arrival(endpoint));
              hops.add(pod(endpoint, to));
            });
    return List.copyOf(hops);
  }

  private PathHop pod(Endpoint endpoint, InetAddress address) {
    return PathHop.newBuilder()
        .setKind(PathHopKind.POD)
        .setNode(endpoint.getNode())
        .setName(PathEnd.name(endpoint))
        .setAddress(InetAddresses.toAddrString(address))
        .setMtu(node(endpoint.getNode()).getPodMtu())
        .build();
  }

  private static PathHop program(Endpoint endpoint, String detail) {
    return PathHop.newBuilder()
        .setKind(PathHopKind.ENDPOINT_PROGRAM)
        .setNode(endpoint.getNode())
        .setName(endpoint.getInterface())
        .setDetail(detail)
        .build();
  }

  private static String enforced(boolean enforced) {
    return enforced ? "enforced" : "not enforced";
  }

  /** With native routing there is no other station of the pods' way to show its time at. */
  private PathHop arrival(Endpoint endpoint) {
    PathHop hop =
        program(endpoint, "its ingress policy is " + enforced(endpoint.getIngressEnforced()));
    boolean measured = !config.routing().isOverlay() && !endpoint.getNode().equals(self.getName());
    return measured ? timed(hop.toBuilder(), probe(endpoint.getNode()).getEndpoint()).build() : hop;
  }

  private void remote(Node node, PathEnd end, InetAddress to) {
    boolean toPod = end.endpoint().isPresent();
    PeerProbe probe = probe(node.getName());
    if (config.routing().isOverlay() && tunnelEnd(node, self).isPresent()) {
      Optional<InetAddress> here = tunnelEnd(self, node);
      Optional<InetAddress> there = tunnelEnd(node, self);
      hops.add(overlay(self, here, "from " + text(here) + " to " + text(there)).build());
      hops.add(underlay(self, here).build());
      hops.add(timed(underlay(node, there), probe.getUnderlay()).build());
      hops.add(timed(overlay(node, there, "received"), probe.getEndpoint()).build());
      return;
    }
    if (!toPod) {
      masquerade(to);
    }
    Optional<InetAddress> here = sameFamily(self, to);
    Optional<InetAddress> there = toPod ? sameFamily(node, to) : Optional.of(to);
    hops.add(underlay(self, here).setDetail("routed to " + text(there)).build());
    hops.add(timed(underlay(node, there), probe.getUnderlay()).build());
  }

  private void outside(InetAddress to) {
    Optional<String> other = exit.filter(device -> !device.equals(self.getUnderlayDevice()));
    if (other.isPresent()) {
      byUplink(other.get(), to);
    } else if (isDirect(to)) {
      hops.add(underlay(self, sameFamily(self, to)).setDetail("not masqueraded").build());
    } else {
      masquerade(to);
      hops.add(underlay(self, sameFamily(self, to)).build());
    }
    hops.add(
        PathHop.newBuilder()
            .setKind(PathHopKind.OUTSIDE)
            .setName("outside")
            .setAddress(InetAddresses.toAddrString(to))
            .build());
  }

  /** By a device beside the underlay; what is not masqueraded there says why. */
  private void byUplink(String device, InetAddress to) {
    Uplink uplink =
        self.getUplinksList().stream()
            .filter(each -> each.getDevice().equals(device))
            .findFirst()
            .orElse(Uplink.getDefaultInstance());
    String source = to instanceof Inet4Address ? uplink.getIpv4() : uplink.getIpv6();
    PathHop.Builder hop =
        PathHop.newBuilder()
            .setKind(PathHopKind.UPLINK)
            .setNode(self.getName())
            .setName(device)
            .setAddress(source)
            .setMtu(uplink.getMtu());
    if (isDirect(to) || !config.masquerade().enabled()) {
      hop.setDetail("not masqueraded");
    } else if (source.isEmpty()) {
      hop.setDetail(
          uplink.getProblem().isEmpty()
              ? "not masqueraded: no default route leaves by it"
              : uplink.getProblem());
    } else {
      hops.add(masqueraded(device, source, "source address becomes the device's"));
    }
    hops.add(hop.build());
  }

  private PathHop masqueraded(String device, String source, String detail) {
    return PathHop.newBuilder()
        .setKind(PathHopKind.MASQUERADE)
        .setNode(self.getName())
        .setName(device)
        .setAddress(source)
        .setDetail(detail)
        .build();
  }

  /** Whether pods speak to it with their own address. */
  private boolean isDirect(InetAddress to) {
    Cidr address = Cidr.of(to);
    return Stream.concat(
            config.masquerade().exclude().stream(),
            nodes.stream().flatMap(node -> Ipcache.podCidrs(node).stream()))
        .anyMatch(range -> range.contains(address));
  }

  private void masquerade(InetAddress to) {
    if (!config.masquerade().enabled()) {
      return;
    }
    String source = sameFamily(self, to).map(InetAddresses::toAddrString).orElse("");
    hops.add(masqueraded(self.getUnderlayDevice(), source, "source address becomes the node's"));
  }

  private PathHop.Builder overlay(Node node, Optional<InetAddress> address, String what) {
    String kind = config.routing().word();
    return PathHop.newBuilder()
        .setKind(PathHopKind.OVERLAY)
        .setNode(node.getName())
        .setName("sekisho_" + kind)
        .setAddress(address.map(InetAddresses::toAddrString).orElse(""))
        .setDetail(kind.toUpperCase(Locale.ROOT) + " " + config.overlay().port() + " " + what)
        .setMtu(node.getPodMtu());
  }

  private static PathHop.Builder underlay(Node node, InetAddress address) {
    return underlay(node, Optional.of(address));
  }

  private static PathHop.Builder underlay(Node node, Optional<InetAddress> address) {
    return PathHop.newBuilder()
        .setKind(PathHopKind.UNDERLAY)
        .setNode(node.getName())
        .setName(node.getUnderlayDevice())
        .setAddress(address.map(InetAddresses::toAddrString).orElse(""))
        .setMtu(node.getUnderlayMtu());
  }

  private static PathHop.Builder timed(PathHop.Builder hop, Ping ping) {
    if (ping.hasRttNs()) {
      hop.setRttNs(ping.getRttNs());
    }
    return hop;
  }

  private static String text(Optional<InetAddress> address) {
    return address.map(InetAddresses::toAddrString).orElse("an unknown address");
  }

  /** The address by which a node is reached from another: IPv4 if both have it, else IPv6. */
  private static Optional<InetAddress> tunnelEnd(Node node, Node other) {
    boolean ipv4 =
        PathEnd.addresses(other.getAddressesList()).stream()
            .anyMatch(Inet4Address.class::isInstance);
    List<InetAddress> addresses = PathEnd.addresses(node.getAddressesList());
    Optional<InetAddress> first = PathEnd.ofFamily(addresses, true).filter(a -> ipv4);
    return first.or(() -> PathEnd.ofFamily(addresses, false));
  }

  private static Optional<InetAddress> sameFamily(Node node, InetAddress like) {
    return PathEnd.ofFamily(
        PathEnd.addresses(node.getAddressesList()), like instanceof Inet4Address);
  }

  private Node node(String name) {
    return nodes.stream()
        .filter(node -> node.getName().equals(name))
        .findFirst()
        .orElse(Node.getDefaultInstance());
  }

  private PeerProbe probe(String node) {
    return probes.stream()
        .filter(probe -> probe.getNode().equals(node))
        .findFirst()
        .orElse(PeerProbe.getDefaultInstance());
  }
}
