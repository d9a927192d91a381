package io.sekisho.agent.datapath;

import java.util.Optional;

/**
 * Keeps the ports of masqueraded connections from the node's own programs, which else might get one
 * by chance: {@code net.ipv4.ip_local_reserved_ports}, for both families. What others reserved
 * there stays; which ports are ours stands beside the pins, because it must outlive the agent.
 */
final class ReservedPorts {
  private static final String SETTING = "ipv4/ip_local_reserved_ports";
  private static final String NOTE = "reserved_ports";

  private final PinFolder pins;

  ReservedPorts(PinFolder pins) {
    this.pins = pins;
  }

  /** Reserves these ports, and of ours no others; empty: none. */
  void reserve(Optional<Masquerade> masquerade) {
    Optional<String> setting = Sysctl.text(SETTING);
    if (setting.isEmpty()) {
      return;
    }
    PortRanges wanted =
        masquerade.map(m -> PortRanges.of(m.firstPort(), m.lastPort())).orElse(PortRanges.NONE);
    PortRanges present = read(setting.get());
    PortRanges others = present.minus(ours());
    PortRanges added = wanted.minus(others);
    // The note first: an agent that dies in between takes away no more than it meant to add.
    pins.note(NOTE, added.toString());
    if (!present.equals(others.plus(added))) {
      Sysctl.setText(SETTING, others.plus(added).toString());
    }
  }

  private PortRanges ours() {
    return pins.note(NOTE).map(ReservedPorts::read).orElse(PortRanges.NONE);
  }

  private static PortRanges read(String text) {
    try {
      return PortRanges.parse(text);
    } catch (IllegalArgumentException e) {
      throw new DatapathException(
          DatapathException.Code.WIRING_FAILED, "reserved ports '" + text + "': " + e, e);
    }
  }

  /** Gives all back that this or an earlier agent reserved. */
  void release() {
    if (pins.note(NOTE).isPresent()) {
      reserve(Optional.empty());
    }
  }
}
