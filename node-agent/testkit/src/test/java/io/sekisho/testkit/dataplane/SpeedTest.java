package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Tcp;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Prints what a packet costs in the program; asserts only that it was measured. */
class SpeedTest {
  private static final int REPEAT = 200_000;

  @Test
  void fromEndpoint_establishedConnections_costIsPrinted() {
    try (var node = Dataplane.load()) {
      Pod client = Pod.of(11, 1001);
      Pod server = Pod.of(12, 1002);
      node.wire(client);
      node.wire(server);
      node.locate(new Location("10.244.2.13", 32, 1003, "198.18.0.2"));
      Map<String, byte[]> packets = new LinkedHashMap<>();
      packets.put(
          "same node, TCP, IPv4", client.sends(server.ipv4()).tcp(40000, 80, Tcp.ACK).build());
      packets.put(
          "same node, TCP, IPv6", client.sends(server.ipv6()).tcp(40000, 80, Tcp.ACK).build());
      packets.put("own node, UDP", client.sends(Dataplane.NODE_IPV4).udp(40000, 80).build());
      packets.forEach(
          (name, packet) -> {
            node.nanos(client, packet, 1000);
            long nanos = node.nanos(client, packet, REPEAT);
            System.out.printf("from_endpoint, %s: %d ns per packet%n", name, nanos);
            assertTrue(nanos > 0);
          });
    }
  }
}
