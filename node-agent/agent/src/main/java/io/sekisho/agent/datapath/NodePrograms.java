package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfLink.Hook;
import io.sekisho.netlink.Link;
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

  /** Makes the programs run on the devices, in the place of those of an agent before. */
  void attach(Loader.Loaded loaded, Link underlay, Optional<Link> overlay) {
    overlay.ifPresent(
        device -> {
          attach(loaded, TO_OVERLAY, device, Hook.EGRESS);
          attach(loaded, FROM_OVERLAY, device, Hook.INGRESS);
        });
    attach(loaded, TO_NETDEV, underlay, Hook.EGRESS);
    attach(loaded, FROM_NETDEV, underlay, Hook.INGRESS);
  }

  private void attach(Loader.Loaded loaded, String program, Link device, Hook hook) {
    attachments.attach(device.name(), device.index(), loaded.program(program), hook);
  }
}
