package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.NodeChange.Disturbed;
import io.sekisho.agent.datapath.NodeChange.InterfaceGone;
import io.sekisho.agent.datapath.NodeChange.UnderlayChanged;
import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.Monitor;
import io.sekisho.netlink.Monitor.Change;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.Route;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Watches the underlay, uplinks, the endpoints' interfaces, our routes and the routing rules. What
 * the kernel tells is only the reason to look: what counts is how things are then, so nothing is
 * lost with a lost message. Lets MTUs follow by itself; the rest it tells.
 */
final class NodeMonitor implements AutoCloseable {
  private final NodeConfig config;
  private final OverlayOverhead overhead;
  private final EndpointWiring endpoints;
  private final RoutePorts ports;
  private final Uplinks uplinks;
  private final NodeChangeSink sink;
  private final Netlink netlink;
  private Optional<Monitor> monitor = Optional.empty();
  private Optional<Monitor> ipsec = Optional.empty();
  private Underlay last;

  private NodeMonitor(
      NodeConfig config,
      OverlayOverhead overhead,
      EndpointWiring endpoints,
      RoutePorts ports,
      Uplinks uplinks,
      Underlay known,
      NodeChangeSink sink,
      Netlink netlink) {
    this.config = config;
    this.overhead = overhead;
    this.endpoints = endpoints;
    this.ports = ports;
    this.uplinks = uplinks;
    this.last = known;
    this.sink = sink;
    this.netlink = netlink;
  }

  /**
   * Watches from now on, in the calling thread's namespace.
   *
   * @param overhead what the overlay takes of the MTU
   * @param ports is told to look when routing rules change
   * @param uplinks is told to look when their devices, addresses or default routes change
   * @param known how the underlay was when the datapath was opened: what differs is told
   */
  static NodeMonitor open(
      NodeConfig config,
      OverlayOverhead overhead,
      EndpointWiring endpoints,
      RoutePorts ports,
      Uplinks uplinks,
      Underlay known,
      NodeChangeSink sink) {
    var watching =
        new NodeMonitor(config, overhead, endpoints, ports, uplinks, known, sink, Netlink.open());
    try {
      watching.monitor =
          Optional.of(Monitor.open("datapath-monitor-" + config.node(), watching::heard));
      watching.ipsec = Monitor.ofIpsec("ipsec-monitor-" + config.node(), watching::heard);
      watching.lookAtRules();
      watching.takeOverUplinks();
      watching.look();
      if (!known.state().up()) {
        watching.tell();
      }
      return watching;
    } catch (RuntimeException e) {
      watching.close();
      throw e;
    }
  }

  /**
   * How the underlay is.
   *
   * @param index of the device: another one of the same name is another device; 0 without one
   * @param state all else
   */
  record Underlay(int index, UnderlayChanged state) {}

  /** How the underlay is now. */
  static Underlay underlay(Netlink netlink, String device) {
    Optional<Link> link = netlink.find(Links.named(device));
    if (link.isEmpty()) {
      return new Underlay(0, new UnderlayChanged(List.of(), 0, false));
    }
    List<InetAddress> addresses =
        netlink.list(Addresses.all()).stream()
            .filter(a -> a.index() == link.get().index() && a.isGlobal() && a.usable())
            .map(Addresses.Assigned::address)
            .sorted(Comparator.comparing(a -> !PodInterface.isIpv4(a)))
            .toList();
    boolean up = link.get().up() && link.get().running();
    return new Underlay(link.get().index(), new UnderlayChanged(addresses, link.get().mtu(), up));
  }

  private void heard(Change change) {
    switch (change) {
      case Change.LinkGone gone -> {
        tellGone(gone.link());
        lookIfUnderlay(gone.link());
        lookIfUplink(gone.link());
        if (isOverlay(gone.link().name())) {
          tell();
        }
      }
      case Change.LinkChanged changed -> {
        lookIfUnderlay(changed.link());
        lookIfUplink(changed.link());
        tellIfDown(changed.link());
      }
      case Change.DefaultRoutesChanged ignored -> lookAtDefaults();
      case Change.RouteGone gone -> {
        if (isOurs(gone.route())) {
          sink.accept(new Disturbed());
        }
      }
      case Change.AddressChanged changed -> {
        if (changed.address().isGlobal()) {
          lookIfUplink(changed.address().index());
          look();
        }
      }
      case Change.AddressGone gone -> {
        lookIfUplink(gone.address().index());
        if (gone.address().isGlobal() && !look() && isUnderlay(gone.address())) {
          tell();
        }
      }
      case Change.RulesChanged ignored -> lookAtRules();
      case Change.IpsecChanged ignored -> lookAtRules();
      case Change.Missed ignored -> {
        lookAtRules();
        lookAtDefaults();
        look();
        lookAtEndpoints();
        sink.accept(new Disturbed());
      }
    }
  }

  /**
   * Tells how the underlay is though it is as it was: it began in trouble, or the overlay device
   * was deleted by others, or an address went and was back before anybody looked, which takes the
   * routes that stood on it. Who hears of it reconfigures, which makes what is missing.
   */
  private synchronized void tell() {
    sink.accept(last.state());
  }

  private void lookIfUnderlay(Link link) {
    if (link.name().equals(config.underlayDevice())) {
      look();
    }
  }

  private void lookIfUplink(Link link) {
    if (uplinks.concerns(link.index()) || uplinks.names(link.name())) {
      lookAtUplink(link.index());
    }
  }

  private void lookIfUplink(int index) {
    if (uplinks.concerns(index)) {
      lookAtUplink(index);
    }
  }

  private synchronized void lookAtUplink(int index) {
    uplinks.deviceChanged(netlink, index);
  }

  private synchronized void lookAtDefaults() {
    uplinks.routesChanged(netlink);
  }

  /** Another datapath of this process may have looked with other programs until now. */
  private synchronized void takeOverUplinks() {
    uplinks.takeOver(netlink);
  }

  /** The kernel does not tell of the IPv4 routes that go with a device that is set down. */
  private void tellIfDown(Link link) {
    if (!link.up() && (isOverlay(link.name()) || isEndpoint(link.index()))) {
      sink.accept(new Disturbed());
    }
  }

  private boolean isOverlay(String name) {
    return config.routing().isOverlay() && name.equals(NodeDevices.name(config.routing()));
  }

  private boolean isEndpoint(int index) {
    return endpoints.wired().stream().anyMatch(endpoint -> endpoint.hostIndex() == index);
  }

  private boolean isOurs(Route route) {
    return route.table() == Route.MAIN
        && (route.protocol() == NodeRoutes.PROTOCOL || isEndpoint(route.index()));
  }

  /** Tells of an endpoint's interface; ours go from the list before they are deleted. */
  private void tellGone(Link link) {
    for (WiredEndpoint endpoint : endpoints.wired()) {
      if (endpoint.hostIndex() == link.index()) {
        sink.accept(new InterfaceGone(endpoint.endpointId()));
      }
    }
  }

  private synchronized void lookAtRules() {
    ports.look(netlink);
  }

  private synchronized void lookAtEndpoints() {
    Set<Integer> present =
        netlink.list(Links.all()).stream().map(Link::index).collect(Collectors.toSet());
    for (WiredEndpoint endpoint : endpoints.wired()) {
      if (!present.contains(endpoint.hostIndex())) {
        sink.accept(new InterfaceGone(endpoint.endpointId()));
      }
    }
  }

  private synchronized boolean isUnderlay(Addresses.Assigned address) {
    return address.index() == last.index();
  }

  /** Tells what is new of the underlay; whether something is. */
  private synchronized boolean look() {
    Underlay now = underlay(netlink, config.underlayDevice());
    if (now.equals(last)) {
      return false;
    }
    int mtu = now.state().mtu();
    boolean mtuChanged = mtu != last.state().mtu() && mtu > 0;
    last = now;
    if (mtuChanged) {
      followMtu(overhead.podMtu(mtu));
    }
    sink.accept(now.state());
    return true;
  }

  /** The overlay takes another part of the MTU from now on; what is left for pods, bytes. */
  synchronized int followOverhead() {
    int mtu = overhead.podMtu(last.state().mtu());
    if (last.state().mtu() > 0) {
      followMtu(mtu);
    }
    return mtu;
  }

  /** The overlay device grows first and shrinks last, so that it takes what pods may send. */
  private void followMtu(int mtu) {
    Optional<Link> overlay =
        config.routing().isOverlay()
            ? netlink.find(Links.named(NodeDevices.name(config.routing())))
            : Optional.empty();
    boolean grows = overlay.isPresent() && overlay.get().mtu() < mtu;
    if (grows) {
      overlay.ifPresent(device -> netlink.run(Links.mtu(device.index(), mtu)));
    }
    endpoints.followMtu(netlink, mtu);
    if (!grows) {
      overlay.ifPresent(device -> netlink.run(Links.mtu(device.index(), mtu)));
    }
  }

  @Override
  public void close() {
    monitor.ifPresent(Monitor::close);
    ipsec.ifPresent(Monitor::close);
    netlink.close();
  }
}
