package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Tcp;
import org.junit.jupiter.api.Test;

class DataplaneTest {
  @Test
  void load_twoPods_deliverLocally() {
    try (var dataplane = Dataplane.load()) {
      Pod a = Pod.of(11, 1001);
      Pod b = Pod.of(12, 1002);
      dataplane.wire(a);
      dataplane.wire(b);
      Outcome outcome =
          dataplane.fromEndpoint(a, a.sends(b.ipv4()).tcp(40000, 80, Tcp.SYN).build());
      assertEquals(Outcome.REDIRECT, outcome.action(), outcome::toString);
      assertTrue(dataplane.connections().size() == 2);
      System.out.println(dataplane.connections() + " " + outcome + dataplane.fates());
    }
  }
}
