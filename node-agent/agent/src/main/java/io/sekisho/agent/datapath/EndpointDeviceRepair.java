package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.Neighbours;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.Route;
import io.sekisho.netlink.Routes;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sets host ends up that others set down, and gives them the neighbours and routes to their pods
 * again. Of adopted ones too, but for routes, which are their plugin's unless the device was down:
 * that takes them all.
 */
final class EndpointDeviceRepair {
  private final Netlink netlink;
  private final EndpointDevices devices;

  EndpointDeviceRepair(Netlink netlink, EndpointDevices devices) {
    this.netlink = netlink;
    this.devices = devices;
  }

  /** An address behind an interface. */
  private record Way(int index, InetAddress address) {}

  /**
   * Looks and mends; what was found. Interfaces that are gone are left alone.
   *
   * @param routes whether routes are read
   */
  List<Repair> run(Collection<WiredEndpoint> endpoints, boolean routes) {
    Map<Integer, Link> links = new HashMap<>();
    netlink.list(Links.all()).forEach(link -> links.put(link.index(), link));
    Set<Way> neighbours = neighbours();
    Set<Way> gateways = gateways();
    Optional<Set<Way>> known = routes ? Optional.of(routes()) : Optional.empty();
    var out = new ArrayList<Repair>();
    for (WiredEndpoint endpoint : endpoints) {
      Link link = links.get(endpoint.hostIndex());
      if (link == null) {
        continue;
      }
      boolean route =
          endpoint.adopted() || known.map(r -> r.containsAll(ways(endpoint))).orElse(true);
      boolean gateway =
          endpoint.adopted()
              || endpoint.addresses().stream()
                  .map(a -> new Way(endpoint.hostIndex(), PodInterface.gateway(a)))
                  .allMatch(gateways::contains);
      String found = found(link.up(), neighbours.containsAll(ways(endpoint)), route, gateway);
      if (!found.isEmpty()) {
        out.add(mend(endpoint, found, !link.up()));
      }
    }
    return out;
  }

  private static String found(boolean up, boolean neighbours, boolean route, boolean gateway) {
    if (!up) {
      return "was set down";
    }
    var lost = new ArrayList<String>();
    if (!neighbours) {
      lost.add("its pod's neighbour entries");
    }
    if (!route) {
      lost.add("the route to its pod");
    }
    if (!gateway) {
      lost.add("its pod's gateway address");
    }
    return lost.isEmpty() ? "" : "had lost " + String.join(", ", lost);
  }

  private Repair mend(WiredEndpoint endpoint, String found, boolean down) {
    String object = "interface " + endpoint.hostInterface();
    try {
      if (down) {
        netlink.run(Links.up(endpoint.hostIndex()));
      }
      if (endpoint.adopted()) {
        Adoption.neighbours(netlink, endpoint);
        Adoption.routes(netlink, endpoint);
      } else {
        devices.routeTo(endpoint);
      }
      return Repair.done(object, found);
    } catch (NetlinkException e) {
      return Repair.failed(object, found, e);
    }
  }

  private static List<Way> ways(WiredEndpoint endpoint) {
    return endpoint.addresses().stream().map(a -> new Way(endpoint.hostIndex(), a)).toList();
  }

  private Set<Way> gateways() {
    var out = new HashSet<Way>();
    for (Addresses.Assigned assigned : netlink.list(Addresses.all())) {
      out.add(new Way(assigned.index(), assigned.address()));
    }
    return out;
  }

  private Set<Way> neighbours() {
    var out = new HashSet<Way>();
    for (Neighbours.Neighbour neighbour : netlink.list(Neighbours.all())) {
      if (neighbour.permanent()) {
        out.add(new Way(neighbour.index(), neighbour.address()));
      }
    }
    return out;
  }

  private Set<Way> routes() {
    var out = new HashSet<Way>();
    for (Route route : netlink.list(Routes.all())) {
      boolean whole = route.prefixLength() == 8 * route.destination().getAddress().length;
      if (whole && route.table() == Route.MAIN) {
        out.add(new Way(route.index(), route.destination()));
      }
    }
    return out;
  }
}
