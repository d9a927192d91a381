package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.libbpf.BpfLink.Hook;
import io.sekisho.netlink.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The programs on the node's own devices: underlay, uplinks and overlay. */
final class NodePrograms {
  private static final String FROM_NETDEV = "from_netdev";
  private static final String TO_NETDEV = "to_netdev";
  private static final String FROM_OVERLAY = "from_overlay";
  private static final String TO_OVERLAY = "to_overlay";

  private final Attachments attachments;

  NodePrograms(Attachments attachments) {
    this.attachments = attachments;
  }

  /** A program and where it belongs. */
  private record Place(String program, String device, int index, Hook hook) {}

  private static List<Place> places(Link underlay, Optional<Link> overlay) {
    var places = new ArrayList<Place>();
    overlay.ifPresent(
        device -> {
          places.add(new Place(TO_OVERLAY, device.name(), device.index(), Hook.EGRESS));
          places.add(new Place(FROM_OVERLAY, device.name(), device.index(), Hook.INGRESS));
        });
    places.addAll(outward(underlay.name(), underlay.index()));
    return places;
  }

  /** On a device to the outside. */
  private static List<Place> outward(String name, int index) {
    return List.of(
        new Place(TO_NETDEV, name, index, Hook.EGRESS),
        new Place(FROM_NETDEV, name, index, Hook.INGRESS));
  }

  /** Makes the programs run on the devices, in the place of those of an agent before. */
  void attach(Loader.Loaded loaded, Link underlay, Optional<Link> overlay) {
    places(underlay, overlay).forEach(place -> attach(loaded, place));
  }

  /** The same on an uplink. */
  void attach(Loader.Loaded loaded, Uplink uplink) {
    outward(uplink.name(), uplink.index()).forEach(place -> attach(loaded, place));
  }

  /** Attaches programs again that others took off; what was found. */
  List<Repair> repair(Loader.Loaded loaded, Link underlay, Optional<Link> overlay) {
    return repair(loaded, places(underlay, overlay));
  }

  /** The same on an uplink. */
  List<Repair> repair(Loader.Loaded loaded, Uplink uplink) {
    return repair(loaded, outward(uplink.name(), uplink.index()));
  }

  private List<Repair> repair(Loader.Loaded loaded, List<Place> places) {
    var out = new ArrayList<Repair>();
    for (Place place : places) {
      if (!attachments.isAttached(place.device(), place.index(), place.program(), place.hook())) {
        attach(loaded, place);
        out.add(Repair.done("program " + place.program() + " on " + place.device(), "was off"));
      }
    }
    return out;
  }

  private void attach(Loader.Loaded loaded, Place place) {
    attachments.attach(
        place.device(), place.index(), loaded.program(place.program()), place.hook());
  }
}
