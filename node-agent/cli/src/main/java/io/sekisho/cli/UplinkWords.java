package io.sekisho.cli;

import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.Uplink;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Words about the devices by which pods' packets leave the cluster. */
final class UplinkWords {
  private UplinkWords() {}

  /** A row for each device of each node; empty where there is none. */
  static String table(List<Node> nodes) {
    var table =
        new TextTable("NODE", "LEAVES BY", "DEFAULT", "AS IPV4", "AS IPV6", "MTU", "PROBLEM");
    boolean any = false;
    for (Node node : nodes) {
      for (Uplink uplink : node.getUplinksList()) {
        any = true;
        table.row(
            node.getName(),
            uplink.getDevice(),
            families(uplink),
            uplink.getIpv4(),
            uplink.getIpv6(),
            uplink.getMtu() == 0 ? "" : uplink.getMtu(),
            uplink.getProblem());
      }
    }
    return any ? table.toString() : "";
  }

  /** The families whose default route leaves by it. */
  private static String families(Uplink uplink) {
    var out = new ArrayList<String>();
    if (uplink.getDefaultIpv4()) {
      out.add("IPv4");
    }
    if (uplink.getDefaultIpv6()) {
      out.add("IPv6");
    }
    return String.join(", ", out);
  }

  /** Names of the devices that default routes leave by; one with a problem is marked. */
  static String exits(Node node) {
    return node.getUplinksList().stream()
        .filter(uplink -> uplink.getDefaultIpv4() || uplink.getDefaultIpv6())
        .map(uplink -> uplink.getDevice() + (uplink.getProblem().isEmpty() ? "" : "!"))
        .collect(Collectors.joining(","));
  }
}
