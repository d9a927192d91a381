package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.Netlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what others changed of the node's devices, attachments, routes and settings, and puts it
 * back. A device that is gone is not its concern: the monitor tells of it, and a reconfiguration
 * makes it again.
 */
final class NodeRepair {
  /** Every how many looks the routes are read though the kernel told of none that went. */
  private static final int ROUTES_EVERY = 12;

  private final OpenNode.Parts parts;
  private final Netlink netlink;
  private final NodeDevices devices;
  private int looks;

  NodeRepair(OpenNode.Parts parts) {
    this.parts = parts;
    this.netlink = parts.netlink();
    this.devices = new NodeDevices(netlink, parts.config());
  }

  /**
   * Looks and mends; what was found.
   *
   * @param routesSuspect whether the kernel told of routes that went
   */
  List<Repair> run(boolean routesSuspect) {
    boolean routes = looks++ % ROUTES_EVERY == 0 || routesSuspect;
    var out = new ArrayList<Repair>();
    forwarding(out);
    Optional<Link> underlay = netlink.find(Links.named(parts.config().underlayDevice()));
    underlay.ifPresent(u -> devices(u, out));
    underlay.ifPresent(u -> parts.routes().followWays(u.mtu()));
    List<Repair> uplinks = parts.uplinks().repair(netlink, routes);
    out.addAll(parts.endpoints().repair(routes || !out.isEmpty()));
    if (routes || !out.isEmpty()) {
      out.addAll(parts.routes().repair());
    }
    out.addAll(uplinks);
    out.addAll(parts.routes().tooNarrow());
    return out;
  }

  private void forwarding(List<Repair> out) {
    String off = String.join(", ", devices.notForwarding());
    if (!off.isEmpty()) {
      devices.forward();
      out.add(Repair.done("forwarding", "was off: " + off));
    }
  }

  private void devices(Link underlay, List<Repair> out) {
    if (underlay.index() != parts.underlay().index()) {
      return;
    }
    Optional<Link> overlay =
        parts.config().routing().isOverlay()
            ? netlink.find(Links.named(NodeDevices.name(parts.config().routing())))
            : Optional.empty();
    overlay
        .filter(device -> !device.up())
        .ifPresent(
            device -> {
              netlink.run(Links.upWithoutArp(device.index()));
              out.add(Repair.done("device " + device.name(), "was set down"));
            });
    var programs = new NodePrograms(parts.endpoints().attachments());
    out.addAll(programs.repair(parts.loaded(), underlay, overlay));
  }
}
