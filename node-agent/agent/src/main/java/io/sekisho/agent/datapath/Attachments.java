package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfLink;
import io.sekisho.libbpf.BpfProgram;
import io.sekisho.libbpf.KernelFeatures.Feature;
import io.sekisho.libbpf.TcAttachment;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.Qdiscs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Programs on interfaces: by pinned tcx links, which survive the agent and whose program is
 * exchanged between two packets; on kernels without tcx by clsact filters. The name of a pin is
 * {@code <interface>_<program>}, with a colon for each dot.
 */
final class Attachments {
  private final PinFolder pins;
  private final boolean tcx;

  Attachments(PinFolder pins) {
    this(pins, !Feature.TCX.probe().isMissing());
  }

  /** With the way of attaching given, so that tests can try both. */
  Attachments(PinFolder pins, boolean tcx) {
    this.pins = pins;
    this.tcx = tcx;
  }

  /** Makes the program run on the interface, whatever ran there for us before. */
  void attach(String name, int index, BpfProgram program, BpfLink.Hook hook) {
    if (!tcx) {
      TcAttachment.attach(program, index, hook);
      return;
    }
    Path pin = pin(name, program.name());
    if (isOn(pin, index, hook)) {
      try (var link = BpfLink.openPinned(pin)) {
        link.update(program);
      }
      return;
    }
    PinFolder.unpin(pin);
    try (var link = BpfLink.attach(program, index, hook)) {
      link.pin(pin);
    }
  }

  /** How XDP programs run, by the driver or by the kernel. */
  enum XdpMode {
    NATIVE("native", "", BpfLink.Xdp.NATIVE),
    GENERIC("generic", "_generic", BpfLink.Xdp.GENERIC);

    private final String word;
    private final String suffix;
    private final BpfLink.Xdp link;

    XdpMode(String word, String suffix, BpfLink.Xdp link) {
      this.word = word;
      this.suffix = suffix;
      this.link = link;
    }

    String word() {
      return word;
    }
  }

  /**
   * Makes the XDP program run on the interface: by its driver, or if that cannot, by the kernel.
   */
  XdpMode attachXdp(String name, int index, BpfProgram program) {
    Optional<XdpMode> present = takeOverXdp(name, index, program);
    if (present.isPresent()) {
      return present.get();
    }
    detachXdp(name, program.name());
    try {
      return attachXdp(name, index, program, XdpMode.NATIVE);
    } catch (BpfException e) {
      return attachXdp(name, index, program, XdpMode.GENERIC);
    }
  }

  private XdpMode attachXdp(String name, int index, BpfProgram program, XdpMode mode) {
    try (var link = BpfLink.attachXdp(program, index, mode.link)) {
      link.pin(pin(name, program.name() + mode.suffix));
    }
    return mode;
  }

  /** Exchanges the XDP program that runs on the interface, if one does. */
  Optional<XdpMode> takeOverXdp(String name, int index, BpfProgram program) {
    for (XdpMode mode : XdpMode.values()) {
      Path pin = pin(name, program.name() + mode.suffix);
      if (isOn(pin, index, BpfLink.Hook.INGRESS)) {
        try (var link = BpfLink.openPinned(pin)) {
          link.update(program);
        }
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  /** Takes the XDP program off the interface. */
  void detachXdp(String name, String program) {
    for (XdpMode mode : XdpMode.values()) {
      end(pin(name, program + mode.suffix));
    }
  }

  /** Ends a pinned link now: the last pin's going does it only some time later. */
  static void end(Path pin) {
    try (var link = BpfLink.openPinned(pin)) {
      link.detach();
    } catch (BpfException e) {
      if (e.code() != BpfException.Code.NOT_FOUND) {
        throw e;
      }
    }
    PinFolder.unpin(pin);
  }

  /** Whether a program of this name is attached to the interface, by this agent or one before. */
  boolean isAttached(String name, int index, String program, BpfLink.Hook hook) {
    return tcx ? isOn(pin(name, program), index, hook) : TcAttachment.programId(index, hook) != 0;
  }

  /** Whether any program of ours is attached to an endpoint's interface. */
  boolean isAttached(String name, int index) {
    return isAttached(name, index, EndpointWiring.FROM_ENDPOINT, BpfLink.Hook.INGRESS)
        || isAttached(name, index, EndpointWiring.TO_ENDPOINT, BpfLink.Hook.EGRESS);
  }

  private static boolean isOn(Path pin, int index, BpfLink.Hook hook) {
    try (var link = BpfLink.openPinned(pin)) {
      BpfLink.Info info = link.info();
      return info.interfaceIndex() == index && info.egress() == (hook == BpfLink.Hook.EGRESS);
    } catch (BpfException e) {
      if (e.code() == BpfException.Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** Forgets the pins of an interface; tcx links end with the last of them. */
  void forget(String name) {
    pinsOf(name).forEach(PinFolder::unpin);
  }

  private List<Path> pinsOf(String name) {
    return pins.linkNames().stream()
        .filter(pin -> pin.startsWith(prefix(name)))
        .map(pins::link)
        .toList();
  }

  /** The interface has another name; its programs stay. */
  void rename(String from, String to) {
    if (from.equals(to)) {
      return;
    }
    for (String pin : pins.linkNames()) {
      if (pin.startsWith(prefix(from))) {
        pins.renameLink(pin, prefix(to) + pin.substring(prefix(from).length()));
      }
    }
  }

  /** Takes all programs of ours off an interface that stays; they are off when it returns. */
  void detach(Netlink netlink, String name, int index) {
    pinsOf(name).forEach(Attachments::end);
    boolean ours = false;
    for (BpfLink.Hook hook : BpfLink.Hook.values()) {
      ours |= !tcx && TcAttachment.detach(index, hook);
    }
    if (ours
        && netlink.list(Qdiscs.filters(index, false)).isEmpty()
        && netlink.list(Qdiscs.filters(index, true)).isEmpty()) {
      netlink.runUnless(NetlinkException.Code.NOT_FOUND, Qdiscs.deleteClsact(index));
    }
  }

  /** Takes away the pins of links whose interface is gone, or is not one of ours any more. */
  void collect(IntPredicate ours) {
    for (String name : pins.linkNames()) {
      if (CgroupPrograms.isOne(name)) {
        continue;
      }
      Path pin = pins.link(name);
      int index;
      try (var link = BpfLink.openPinned(pin)) {
        index = link.info().interfaceIndex();
      }
      if (index == 0 || !ours.test(index)) {
        PinFolder.unpin(pin);
      }
    }
  }

  /** A bpf file system takes no dots, as names of VLANs have; a device's name has no colon. */
  private static String prefix(String name) {
    return name.replace('.', ':') + "_";
  }

  private Path pin(String name, String program) {
    return pins.link(prefix(name) + program);
  }
}
