package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.testkit.packet.Tcp;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * More connections than the tables have slots for, all of them alive: a new one takes the place of
 * an old one, and not of what the same packet has just put there.
 */
class TablesFullTest extends DataplaneTestBase {
  private static final int MEANT_FOR = 512;
  private static final int CONNECTIONS = 8 * MEANT_FOR;

  @BeforeAll
  static void small() {
    unload();
    node = new Dataplane(NodeSettings.USUAL, MEANT_FOR);
    locateAll();
  }

  @Test
  void connections_betweenPodsOfTheNode_areAnswered() {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    var ports = new Random(1).ints(10_000, 60_000).distinct().limit(CONNECTIONS).toArray();
    for (int port : ports) {
      assertPasses(sends(CLIENT, CLIENT.sends(SERVER.ipv4()).tcp(port, 80, Tcp.SYN).build()));
      assertPasses(
          sends(SERVER, SERVER.sends(CLIENT.ipv4()).tcp(80, port, Tcp.SYN | Tcp.ACK).build()));
      assertPasses(sends(CLIENT, CLIENT.sends(SERVER.ipv4()).tcp(port, 80, Tcp.ACK).build()));
      assertPasses(sends(SERVER, SERVER.sends(CLIENT.ipv4()).tcp(80, port, Tcp.ACK).build()));
    }
    int slots = (ConnectionTables.elements(MEANT_FOR) - 1) * ConnectionTables.WAYS;
    assertEquals(slots, node.connectionSlots().size(), "a table that is not full");
  }
}
