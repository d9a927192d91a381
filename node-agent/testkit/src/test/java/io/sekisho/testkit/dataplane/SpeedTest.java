package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Tcp;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Prints what a packet costs in the program; asserts only that it was measured. */
class SpeedTest {
  /** Fewer than the packet has hops: the packet of a run is the one that the last run left. */
  private static final int REPEAT = 250;

  private static final int ROUNDS = 200;

  @Test
  void fromEndpoint_establishedConnections_costIsPrinted() {
    try (var node = Dataplane.load()) {
      Pod client = Pod.of(11, 1001);
      Pod server = Pod.of(12, 1002);
      node.wire(client);
      node.wire(server);
      node.locate(new Location("10.244.2.13", 32, 1003, "198.18.0.2"));
      Map<String, String> destinations = new LinkedHashMap<>();
      destinations.put("pod of the node, IPv4", server.ipv4());
      destinations.put("pod of the node, IPv6", server.ipv6());
      destinations.put("pod of another node", "10.244.2.13");
      destinations.put("own node", Dataplane.NODE_IPV4);
      destinations.put("world", "203.0.113.9");
      destinations.forEach(
          (name, address) -> {
            byte[] packet = client.sends(address).hopLimit(255).tcp(40000, 80, Tcp.ACK).build();
            long[] nanos = new long[ROUNDS];
            Arrays.setAll(nanos, i -> node.nanos(client, packet, REPEAT));
            Arrays.sort(nanos);
            System.out.printf("from_endpoint to %s: %d ns%n", name, nanos[ROUNDS / 2]);
            assertTrue(nanos[0] > 0);
          });
    }
  }
}
