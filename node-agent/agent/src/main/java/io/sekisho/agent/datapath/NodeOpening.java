package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfLink.Hook;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetworkNamespace;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How a node's datapath comes up, over what an earlier agent may have left, and how it goes. */
final class NodeOpening {
  private static final String FROM_OVERLAY = "from_overlay";

  private NodeOpening() {}

  /**
   * Comes up: pin folder, overlay device, programs on the pinned maps, then the programs take the
   * place of the old ones. Packets meet the old programs until then, and the same maps after.
   */
  static OpenNode open(NodeConfig config, InstantSource clock) {
    var pins = new PinFolder(config.pinRoot(), config.node());
    pins.prepare();
    var toClose = new ArrayList<AutoCloseable>();
    try {
      var netlink = Netlink.open();
      toClose.add(netlink);
      var devices = new NodeDevices(netlink, config);
      Link underlay = devices.underlay();
      int mtu = devices.podMtu(underlay);
      Link overlay = devices.overlay(mtu);
      devices.forward();
      var loaded = new Loader(pins, config).load(settings(config, underlay, overlay));
      toClose.add(loaded);
      var attachments = new Attachments(pins);
      attachments.attach(
          NodeDevices.OVERLAY, overlay.index(), loaded.program(FROM_OVERLAY), Hook.INGRESS);
      var realizer = new Realizer(loaded.maps(), clock);
      var endpointDevices = new EndpointDevices(netlink, devices.presentAddresses(underlay), mtu);
      var endpoints = new EndpointWiring(netlink, endpointDevices, attachments, realizer, loaded);
      toClose.add(endpoints);
      endpoints.takeOver();
      collect(attachments, endpoints, overlay);
      long lost = loaded.maps().lostEvents();
      var events = new EventReader(loaded.maps().events(), config.node());
      return new OpenNode(loaded, endpoints, realizer, events, lost);
    } catch (RuntimeException e) {
      closeAll(toClose, e);
      throw e;
    }
  }

  private static NodeSettings settings(NodeConfig config, Link underlay, Link overlay) {
    List<InetAddress> addresses = new ArrayList<>(config.underlayAddresses());
    addresses.addAll(PodInterface.GATEWAYS);
    return new NodeSettings(
        overlay.index(),
        underlay.index(),
        config.aggregationSeconds(),
        !config.routing().isOverlay(),
        config.overlayPort(),
        config.masquerade().orElse(Masquerade.USUAL),
        List.of(),
        addresses);
  }

  private static void collect(Attachments attachments, EndpointWiring endpoints, Link overlay) {
    Set<Integer> ours = new LinkedHashSet<>();
    ours.add(overlay.index());
    endpoints.wired().forEach(endpoint -> ours.add(endpoint.hostIndex()));
    attachments.collect(ours::contains);
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

  /** Goes, and leaves nothing: endpoints' interfaces, overlay, links, maps. */
  static void uninstall(NodeConfig config) {
    var pins = new PinFolder(config.pinRoot(), config.node());
    var attachments = new Attachments(pins);
    try (var netlink = Netlink.open()) {
      for (String name : EndpointDevices.ownNames(netlink, attachments)) {
        EndpointDevices.delete(netlink, name);
      }
      new NodeDevices(netlink, config).deleteOverlay();
    }
    NetworkNamespace.delete(HealthNamespace.name(config.pinRoot(), config.node()));
    pins.delete();
  }
}
