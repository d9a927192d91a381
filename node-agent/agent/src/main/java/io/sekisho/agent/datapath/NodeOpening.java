package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfObject;
import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetworkNamespace;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * How a node's datapath comes up, over what an earlier agent (or this one, with other settings) may
 * have left, and how it goes.
 */
final class NodeOpening {
  private final InstantSource clock;
  private final Function<String, BpfObject> objects;

  /** With the clock that seeds policy revisions, and where compiled objects come from. */
  NodeOpening(InstantSource clock, Function<String, BpfObject> objects) {
    this.clock = clock;
    this.objects = objects;
  }

  /**
   * Comes up: pin folder, overlay device, programs on the pinned maps, then the programs take the
   * place of the old ones. Packets meet the old programs until then, and the same maps after; where
   * a map has another layout, what it holds is carried over.
   *
   * @param lostBefore events that were lost before, if that is known
   */
  OpenNode open(NodeConfig config, OptionalLong lostBefore) {
    var pins = new PinFolder(config.pinRoot(), config.node());
    pins.prepare();
    var gracePeriods = GracePeriods.notedIn(pins);
    gracePeriods.restore();
    var toClose = new ArrayList<AutoCloseable>();
    try {
      var netlink = Netlink.open();
      toClose.add(netlink);
      var before = NodeMonitor.underlay(netlink, config.underlayDevice());
      var devices = new NodeDevices(netlink, config);
      Link underlay = devices.underlay();
      var overhead = new OverlayOverhead(config, pins);
      int mtu = overhead.podMtu(underlay.mtu());
      Optional<Link> overlay = devices.overlay(mtu);
      devices.forward();
      new ReservedPorts(pins).reserve(config.masquerade());
      NodeSettings settings = settings(config, underlay, overlay);
      var loaded = new Loader(pins, config, objects).load(settings);
      toClose.add(loaded);
      var attachments = new Attachments(pins);
      // an agent of before may have changed tables without it
      new TablesVersion(loaded.maps().ipcacheVersion()).renew();
      var ports = RoutePorts.of(loaded);
      ports.look(netlink);
      var prefilter = new Prefilter(loaded, attachments, underlay);
      var services = config.cgroup().map(cgroup -> new SocketServices(loaded, pins, cgroup));
      if (services.isEmpty()) {
        CgroupPrograms.detachAll(pins);
      }
      var realizer = new Realizer(loaded.maps(), clock, gracePeriods);
      List<Addresses.Assigned> addresses = devices.presentAddresses(underlay);
      var endpointDevices = new EndpointDevices(netlink, alone(addresses), mtu);
      var adoption = new Adoption(netlink, endpointDevices);
      var endpoints =
          new EndpointWiring(
              netlink, endpointDevices, adoption, attachments, realizer, gracePeriods, loaded);
      toClose.add(endpoints);
      var uplinks =
          new Uplinks(
              clock,
              config.masquerade(),
              underlay.index(),
              source(config),
              () -> own(endpoints, overlay),
              attachments,
              loaded);
      uplinks.serve(config.podCidrs());
      // all programs change at once: a connection is in the maps of those that saw it open
      loaded.catchUp();
      new NodePrograms(attachments).attach(loaded, underlay, overlay);
      endpoints.takeOver();
      uplinks.takeOver(netlink);
      loaded.finishMigrations();
      devices.deleteOthers();
      endpoints.followMtu(netlink, mtu);
      endpoints.routeFrom(alone(addresses));
      collect(attachments, own(endpoints, overlay), underlay, uplinks);
      var ways = ways(config, underlay, overlay, addresses, mtu);
      var routes = new NodeRoutes(netlink, ways);
      long lost = lostBefore.orElse(loaded.maps().lostEvents());
      return new OpenNode(
          new OpenNode.Parts(
              config, settings, before, netlink, loaded, overhead, endpoints, realizer, routes,
              ports, uplinks, prefilter, services),
          lost);
    } catch (RuntimeException e) {
      closeAll(toClose, e);
      throw e;
    }
  }

  private static NodeWays ways(
      NodeConfig config,
      Link underlay,
      Optional<Link> overlay,
      List<Addresses.Assigned> addresses,
      int mtu) {
    return new NodeWays(
        config, underlay.index(), overlay.map(Link::index).orElse(0), addresses, mtu);
  }

  private static NodeSettings settings(NodeConfig config, Link underlay, Optional<Link> overlay) {
    List<InetAddress> addresses = new ArrayList<>(config.underlayAddresses());
    // the tunnel's end of IPv4 is the first of all
    addresses.sort(Comparator.comparing(address -> !PodInterface.isIpv4(address)));
    addresses.addAll(PodInterface.GATEWAYS);
    return new NodeSettings(
        overlay.map(Link::index).orElse(0),
        underlay.index(),
        config.aggregationSeconds(),
        config.routing(),
        config.routing().isOverlay()
            && !config.overlay().outerByDevice()
            && config.underlayAddresses().stream().anyMatch(PodInterface::isIpv4),
        underlay.mac().isPresent() && underlay.resolves(),
        config.overlay().port(),
        config.masquerade().orElse(Masquerade.USUAL),
        config.masquerade().map(m -> firstOfEachFamily(config)).orElse(List.of()),
        addresses);
  }

  private static Uplink.Source source(NodeConfig config) {
    List<InetAddress> first = firstOfEachFamily(config);
    return new Uplink.Source(
        first.stream().filter(PodInterface::isIpv4).findFirst(),
        first.stream().filter(address -> !PodInterface.isIpv4(address)).findFirst());
  }

  private static List<InetAddress> firstOfEachFamily(NodeConfig config) {
    var first = new ArrayList<InetAddress>();
    for (boolean ipv4 : new boolean[] {true, false}) {
      config.underlayAddresses().stream()
          .filter(address -> PodInterface.isIpv4(address) == ipv4)
          .findFirst()
          .ifPresent(first::add);
    }
    return first;
  }

  /** Indexes of pods' interfaces and of the overlay device. */
  private static Set<Integer> own(EndpointWiring endpoints, Optional<Link> overlay) {
    Set<Integer> ours = new LinkedHashSet<>();
    overlay.ifPresent(device -> ours.add(device.index()));
    endpoints.wired().forEach(endpoint -> ours.add(endpoint.hostIndex()));
    return ours;
  }

  private static void collect(
      Attachments attachments, Set<Integer> own, Link underlay, Uplinks uplinks) {
    Set<Integer> ours = new LinkedHashSet<>(own);
    ours.add(underlay.index());
    ours.addAll(uplinks.indexes());
    attachments.collect(ours::contains);
  }

  /**
   * Takes settings over that the programs need not know of, if only such ones differ.
   *
   * @return whether that was enough; false: the node must be opened with them anew
   */
  static boolean adjust(OpenNode node, NodeConfig config) {
    OpenNode.Parts parts = node.parts();
    NodeConfig old = parts.config();
    if (old.routing() != config.routing()
        || !old.underlayDevice().equals(config.underlayDevice())
        || !old.cgroup().equals(config.cgroup())) {
      return false;
    }
    var devices = new NodeDevices(parts.netlink(), config);
    Link underlay = devices.underlay();
    int mtu = parts.overhead().podMtu(underlay.mtu());
    Optional<Link> overlay = devices.overlay(mtu);
    if (!settings(config, underlay, overlay).equals(parts.settings())) {
      return false;
    }
    new ReservedPorts(new PinFolder(config.pinRoot(), config.node())).reserve(config.masquerade());
    parts.endpoints().followMtu(parts.netlink(), mtu);
    var addresses = devices.presentAddresses(underlay);
    parts.endpoints().routeFrom(alone(addresses));
    parts.uplinks().serve(config.podCidrs());
    parts.routes().lead(ways(config, underlay, overlay, addresses, mtu));
    return true;
  }

  private static List<InetAddress> alone(List<Addresses.Assigned> addresses) {
    return addresses.stream().map(Addresses.Assigned::address).toList();
  }

  private static void closeAll(List<AutoCloseable> toClose, RuntimeException cause) {
    for (AutoCloseable each : toClose.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        cause.addSuppressed(e);
      }
    }
  }

  /** Goes, and leaves nothing: endpoints' interfaces, overlay, routes, reserved ports, pins. */
  static void uninstall(String node, Path pinRoot, String underlayDevice) {
    var pins = new PinFolder(pinRoot, node);
    var attachments = new Attachments(pins);
    try (var netlink = Netlink.open()) {
      for (String name : EndpointDevices.ownNames(netlink, attachments)) {
        EndpointDevices.delete(netlink, name);
      }
      NodeRoutes.deleteAll(netlink);
      NodeDevices.deleteAll(netlink);
      netlink
          .find(Links.named(underlayDevice))
          .ifPresent(link -> attachments.detach(netlink, link.name(), link.index()));
      Uplinks.detachAll(netlink, pins, attachments);
    }
    NetworkNamespace.delete(HealthNamespace.name(pinRoot, node));
    new ReservedPorts(pins).release();
    GracePeriods.notedIn(pins).restore();
    CgroupPrograms.detachAll(pins);
    pins.delete();
  }
}
