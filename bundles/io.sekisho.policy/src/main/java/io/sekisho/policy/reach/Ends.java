package io.sekisho.policy.reach;

import io.sekisho.policy.PortRange;

/** How ports are written in answers. */
final class Ends {
  private Ends() {}

  static String port(int protocol, int port) {
    return switch (protocol) {
      case PortClasses.OTHER -> "by any other protocol";
      case 1, 58 -> "type " + port + " of " + PortRange.protocolName(protocol);
      default -> "port " + port + "/" + PortRange.protocolName(protocol);
    };
  }
}
