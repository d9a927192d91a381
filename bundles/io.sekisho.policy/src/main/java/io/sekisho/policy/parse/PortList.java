package io.sekisho.policy.parse;

import io.sekisho.policy.NamedPort;
import io.sekisho.policy.PortRange;
import java.util.ArrayList;
import java.util.List;

/** Ports that were read: by number and by name. */
record PortList(List<PortRange> ranges, List<NamedPort> named) {
  PortList() {
    this(new ArrayList<>(), new ArrayList<>());
  }

  /** Every port of every protocol. */
  static PortList all() {
    var out = new PortList();
    out.ranges.add(PortRange.ALL);
    return out;
  }
}
