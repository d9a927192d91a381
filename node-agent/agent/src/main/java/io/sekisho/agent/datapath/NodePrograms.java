package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.libbpf.BpfLink.Hook;
import io.sekisho.netlink.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The programs on the node's own devices: underlay and overlay. */
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
  private record Place(String program, Link device, Hook hook) {}

  private static List<Place> places(Link underlay, Optional<Link> overlay) {
    var places = new ArrayList<Place>();
    overlay.ifPresent(
        device -> {
          places.add(new Place(TO_OVERLAY, device, Hook.EGRESS));
          places.add(new Place(FROM_OVERLAY, device, Hook.INGRESS));
        });
    places.add(new Place(TO_NETDEV, underlay, Hook.EGRESS));
    places.add(new Place(FROM_NETDEV, underlay, Hook.INGRESS));
    return places;
  }

  /** Makes the programs run on the devices, in the place of those of an agent before. */
  void attach(Loader.Loaded loaded, Link underlay, Optional<Link> overlay) {
    places(underlay, overlay).forEach(place -> attach(loaded, place));
  }

  /** Attaches programs again that others took off; what was found. */
  List<Repair> repair(Loader.Loaded loaded, Link underlay, Optional<Link> overlay) {
    var out = new ArrayList<Repair>();
    for (Place place : places(underlay, overlay)) {
      Link device = place.device();
      if (!attachments.isAttached(device.name(), device.index(), place.program(), place.hook())) {
        attach(loaded, place);
        out.add(Repair.done("program " + place.program() + " on " + device.name(), "was off"));
      }
    }
    return out;
  }

  private void attach(Loader.Loaded loaded, Place place) {
    Link device = place.device();
    attachments.attach(
        device.name(), device.index(), loaded.program(place.program()), place.hook());
  }
}
