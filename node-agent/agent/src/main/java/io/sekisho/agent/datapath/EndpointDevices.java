package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DatapathException.Code;
import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.MacAddress;
import io.sekisho.netlink.Neighbours;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.netlink.Request;
import io.sekisho.netlink.Route;
import io.sekisho.netlink.Routes;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The host's ends of the interface pairs: made in one message with the pod's end already in its
 * namespace, found again after a restart from what the kernel says (name, addresses and MAC from
 * the permanent neighbours).
 */
final class EndpointDevices {
  private static final String PREFIX = "lxc";
  private static final int NAME_LENGTH = PREFIX.length() + 4;

  private final Netlink netlink;
  private List<InetAddress> nodeAddresses;
  private int defaultMtu;
  private final RandomGenerator random = new SecureRandom();

  /**
   * With the node's addresses, from which its own packets to pods come, and the MTU of wirings that
   * do not name one.
   */
  EndpointDevices(Netlink netlink, List<InetAddress> nodeAddresses, int defaultMtu) {
    this.netlink = netlink;
    this.nodeAddresses = List.copyOf(nodeAddresses);
    this.defaultMtu = defaultMtu;
  }

  /** The MTU of wirings that do not name one is another one from now on. */
  void defaultMtu(int mtu) {
    defaultMtu = mtu;
  }

  /** The MTU of wirings that do not name one, bytes. */
  int defaultMtu() {
    return defaultMtu;
  }

  /** The node's own packets to pods come from these addresses from now on. */
  void nodeAddresses(List<InetAddress> addresses) {
    nodeAddresses = List.copyOf(addresses);
  }

  /** Name of an endpoint's host interface. */
  static String name(int endpointId) {
    return PREFIX + HexFormat.of().toHexDigits((short) endpointId);
  }

  /** The endpoint whose host interface has this name; empty for other interfaces. */
  static Optional<Integer> endpointId(String name) {
    if (name.length() != NAME_LENGTH || !name.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String digits = name.substring(PREFIX.length());
    return digits.chars().allMatch(HexFormat::isHexDigit)
        ? Optional.of(HexFormat.fromHexDigits(digits)).filter(id -> name.equals(name(id)))
        : Optional.empty();
  }

  /** Makes the pair; the pod's end stays down, so nothing passes yet. */
  WiredEndpoint create(Wiring wiring, NetworkNamespace pod) {
    int mtu = wiring.mtu() == 0 ? defaultMtu : wiring.mtu();
    String name = name(wiring.endpointId());
    var hostMac = MacAddress.random(random);
    var podMac = MacAddress.random(random);
    netlink.run(
        Links.addVeth(
            new Links.End(name, hostMac, mtu),
            new Links.End(wiring.interfaceName(), podMac, mtu),
            pod.fd()));
    Link link =
        netlink
            .find(Links.named(name))
            .orElseThrow(() -> new DatapathException(Code.WIRING_FAILED, name + " is gone"));
    if (wiring.mtu() != 0) {
      netlink.run(Links.alias(link.index(), EndpointMtu.FIXED));
    }
    return new WiredEndpoint(
        wiring.endpointId(),
        name,
        link.index(),
        podMac.toString(),
        hostMac.toString(),
        sorted(wiring.addresses()),
        mtu);
  }

  /**
   * Tells the host's stack the way to the pod, and lets it answer for the pod's gateway: a pod that
   * has forgotten the neighbour that {@link PodInterface} gave it asks, and finds it again.
   */
  void routeTo(WiredEndpoint endpoint) {
    String name = endpoint.hostInterface();
    Sysctl.setInterface("ipv4", name, "rp_filter", 0);
    Sysctl.setInterface("ipv6", name, "accept_ra", 0);
    Sysctl.setInterface("ipv6", name, "accept_dad", 0);
    var requests = new ArrayList<Request>();
    for (InetAddress address : endpoint.addresses()) {
      requests.add(gateway(endpoint.hostIndex(), address));
      requests.add(
          Neighbours.add(endpoint.hostIndex(), address, MacAddress.parse(endpoint.podMac())));
      requests.add(Routes.add(route(address, endpoint.hostIndex())));
    }
    netlink.run(requests);
  }

  /** The gateway's address on a host end; every host end has the same. */
  private static Request gateway(int index, InetAddress address) {
    boolean ipv4 = PodInterface.isIpv4(address);
    return Addresses.addForLink(index, PodInterface.gateway(address), ipv4 ? 32 : 128);
  }

  private Route route(InetAddress address, int index) {
    boolean ipv4 = PodInterface.isIpv4(address);
    Optional<InetAddress> source =
        nodeAddresses.stream().filter(a -> PodInterface.isIpv4(a) == ipv4).findFirst();
    return new Route(address, ipv4 ? 32 : 128, Optional.empty(), index, false, source, Route.MAIN);
  }

  /** Endpoints that the kernel carries, whether or not their programs are attached. */
  List<WiredEndpoint> found() {
    var neighbours = netlink.list(Neighbours.all());
    var endpoints = new ArrayList<WiredEndpoint>();
    for (Link link : netlink.list(Links.all())) {
      if (link.kind().equals("veth")) {
        endpointId(link.name())
            .flatMap(id -> found(id, link, neighbours))
            .ifPresent(endpoints::add);
      }
    }
    return endpoints;
  }

  private static Optional<WiredEndpoint> found(
      int id, Link link, List<Neighbours.Neighbour> neighbours) {
    var own =
        neighbours.stream()
            .filter(n -> n.index() == link.index() && n.permanent() && n.mac().isPresent())
            .filter(n -> !n.address().isMulticastAddress())
            .toList();
    if (own.isEmpty() || link.mac().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new WiredEndpoint(
            id,
            link.name(),
            link.index(),
            own.getFirst().mac().map(MacAddress::toString).orElse(""),
            link.mac().get().toString(),
            sorted(own.stream().map(Neighbours.Neighbour::address).toList()),
            link.mtu()));
  }

  /** Whether the endpoint's other end is this interface of this pod. */
  boolean leadsTo(WiredEndpoint endpoint, NetworkNamespace pod, String interfaceName) {
    int peer = netlink.find(Links.named(endpoint.hostInterface())).map(Link::peer).orElse(-1);
    return PodInterface.find(pod, interfaceName).filter(link -> link.index() == peer).isPresent();
  }

  /** Deletes an endpoint's pair, if it is there; takes some 16 ms. */
  static void delete(Netlink netlink, String name) {
    netlink.runUnless(NetlinkException.Code.NOT_FOUND, Links.delete(name));
  }

  /** Names of the host interfaces that carry our programs, even if half wired. */
  static List<String> ownNames(Netlink netlink, Attachments attachments) {
    return netlink.list(Links.all()).stream()
        .filter(link -> link.kind().equals("veth") && endpointId(link.name()).isPresent())
        .filter(link -> attachments.isAttached(link.name(), link.index()))
        .map(Link::name)
        .toList();
  }

  /** IPv4 first: the order in which addresses are always named. */
  static List<InetAddress> sorted(List<InetAddress> addresses) {
    return addresses.stream()
        .sorted(Comparator.comparing(address -> !PodInterface.isIpv4(address)))
        .toList();
  }
}
