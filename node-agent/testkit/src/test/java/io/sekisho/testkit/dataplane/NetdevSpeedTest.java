package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Tcp;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/**
 * Prints what a packet costs in the underlay's programs; asserts only that it was measured. What
 * changes its packet is run once at a time: compare it with the other single runs.
 */
class NetdevSpeedTest {
  /** Fewer than the packet has hops: the packet of a run is the one that the last run left. */
  private static final int REPEAT = 250;

  private static final int ROUNDS = 200;

  private static void print(String what, LongSupplier nanos) {
    long[] all = new long[ROUNDS];
    Arrays.setAll(all, i -> nanos.getAsLong());
    Arrays.sort(all);
    System.out.printf("%s: %d ns%n", what, all[ROUNDS / 2]);
    assertTrue(all[0] >= 0);
  }

  @Test
  void netdev_eachWay_costIsPrinted() {
    try (var node = Dataplane.load()) {
      Pod client = Pod.of(11, 1001);
      node.wire(client);
      byte[] packet = client.sends("203.0.113.9").hopLimit(255).tcp(40000, 443, Tcp.ACK).build();
      Outcome sent = node.fromEndpoint(client, packet);
      Outcome left = node.toNetdev(sent.mark(), sent.packet());
      int port = Frame.of(left.packet()).sourcePort();
      byte[] tunnel = arriving(Dataplane.NODE_IPV4).payload(100).udp(40000, 8472).build();
      byte[] toNode = arriving(Dataplane.NODE_IPV4).tcp(40000, 6443, Tcp.ACK).build();
      byte[] toDynamicPort = arriving(Dataplane.NODE_IPV4).tcp(443, 60000, Tcp.ACK).build();
      byte[] toPod = arriving(client.ipv4()).hopLimit(255).tcp(40000, 80, Tcp.ACK).build();
      byte[] back = arriving(Dataplane.NODE_IPV4).hopLimit(255).tcp(443, port, Tcp.ACK).build();
      print("to_netdev, not masqueraded", () -> node.nanosToNetdev(0, packet, REPEAT));
      int marked = Dataplane.MARK_MASQUERADE;
      print("to_netdev, not masqueraded, one run", () -> node.nanosToNetdev(0, packet, 1));
      print("to_netdev, masqueraded, one run", () -> node.nanosToNetdev(marked, sent.packet(), 1));
      print("from_netdev, tunnel", () -> node.nanosFromNetdev(tunnel, REPEAT));
      print("from_netdev, own node", () -> node.nanosFromNetdev(toNode, REPEAT));
      print(
          "from_netdev, own node, port of ours", () -> node.nanosFromNetdev(toDynamicPort, REPEAT));
      print("from_netdev, pod", () -> node.nanosFromNetdev(toPod, REPEAT));
      print("from_netdev, pod, one run", () -> node.nanosFromNetdev(toPod, 1));
      print("from_netdev, masqueraded, one run", () -> node.nanosFromNetdev(back, 1));
    }
  }

  private static PacketBuilder arriving(String destination) {
    return PacketBuilder.packet("203.0.113.9", destination)
        .macs(new byte[6], Dataplane.UNDERLAY_MAC);
  }
}
