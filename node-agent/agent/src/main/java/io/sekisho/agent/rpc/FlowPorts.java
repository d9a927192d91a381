package io.sekisho.agent.rpc;

import io.sekisho.api.flow.Flow;

/** Ports of a flow, whatever its transport; -1 where it has none. */
final class FlowPorts {
  private FlowPorts() {}

  static int source(Flow flow) {
    var l4 = flow.getL4();
    return switch (l4.getProtocolCase()) {
      case TCP -> l4.getTCP().getSourcePort();
      case UDP -> l4.getUDP().getSourcePort();
      case SCTP -> l4.getSCTP().getSourcePort();
      default -> -1;
    };
  }

  static int destination(Flow flow) {
    var l4 = flow.getL4();
    return switch (l4.getProtocolCase()) {
      case TCP -> l4.getTCP().getDestinationPort();
      case UDP -> l4.getUDP().getDestinationPort();
      case SCTP -> l4.getSCTP().getDestinationPort();
      default -> -1;
    };
  }
}
