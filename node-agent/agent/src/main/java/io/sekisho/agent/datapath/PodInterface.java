package io.sekisho.agent.datapath;

import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.MacAddress;
import io.sekisho.netlink.Neighbours;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.netlink.Request;
import io.sekisho.netlink.Route;
import io.sekisho.netlink.Routes;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The pod's end of an interface pair, as the pod sees it: its addresses alone on the link, and a
 * gateway that is only a neighbour entry. Nothing is ever asked on the link (no ARP, no neighbour
 * discovery, no router advertisements, no duplicate address detection).
 */
final class PodInterface {
  private static final InetAddress GATEWAY_IPV4 = InetAddress.ofLiteral("169.254.1.1");
  private static final InetAddress GATEWAY_IPV6 = InetAddress.ofLiteral("fe80::1");

  /** What pods take for their routers. */
  static final List<InetAddress> GATEWAYS = List.of(GATEWAY_IPV4, GATEWAY_IPV6);

  private PodInterface() {}

  /** Gives the interface its addresses, neighbours and routes; it is up afterwards. */
  static void configure(
      NetworkNamespace pod, String name, List<InetAddress> addresses, MacAddress gateway) {
    pod.run(
        () -> {
          try (var netlink = Netlink.open()) {
            Link link =
                netlink
                    .find(Links.named(name))
                    .orElseThrow(
                        () ->
                            new DatapathException(
                                DatapathException.Code.WIRING_FAILED, "the pod has no " + name));
            sysctls(name, addresses);
            netlink.run(requests(link.index(), addresses, gateway));
          }
        });
  }

  private static void sysctls(String name, List<InetAddress> addresses) {
    if (addresses.stream().anyMatch(a -> !isIpv4(a))) {
      Sysctl.setInterface("ipv6", name, "disable_ipv6", 0);
    }
    Sysctl.setInterface("ipv6", name, "accept_ra", 0);
    Sysctl.setInterface("ipv6", name, "accept_dad", 0);
    Sysctl.setInterface("ipv6", name, "router_solicitations", 0);
  }

  private static List<Request> requests(
      int index, List<InetAddress> addresses, MacAddress gatewayMac) {
    var requests = new ArrayList<Request>();
    requests.add(Links.up(index));
    for (InetAddress address : addresses) {
      InetAddress gateway = isIpv4(address) ? GATEWAY_IPV4 : GATEWAY_IPV6;
      requests.add(Addresses.add(index, address, isIpv4(address) ? 32 : 128));
      requests.add(Neighbours.add(index, gateway, gatewayMac));
      requests.add(Routes.add(Route.defaultOnLink(gateway, index)));
    }
    return requests;
  }

  /** The interface of this name, if the pod has it. */
  static Optional<Link> find(NetworkNamespace pod, String name) {
    return pod.call(
        () -> {
          try (var netlink = Netlink.open()) {
            return netlink.find(Links.named(name));
          }
        });
  }

  static boolean isIpv4(InetAddress address) {
    return address instanceof Inet4Address;
  }
}
