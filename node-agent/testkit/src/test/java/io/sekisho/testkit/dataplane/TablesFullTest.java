package io.sekisho.testkit.dataplane;

import io.sekisho.testkit.packet.Tcp;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * More connections than the tables hold, all of them used: a new one takes the place of an old one,
 * and not of what the same packet has just put there.
 */
class TablesFullTest extends DataplaneTestBase {
  private static final int ENTRIES = 4096;
  private static final int PORTS = 3000;
  private static final int CONNECTIONS = 3 * ENTRIES;

  @BeforeAll
  static void small() {
    unload();
    node = new Dataplane(NodeSettings.USUAL, ENTRIES);
    locateAll();
  }

  @Test
  void connections_betweenPodsOfTheNode_areAnswered() {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    var random = new Random(1);
    for (int i = 0; i < CONNECTIONS; i++) {
      int port = 10_000 + random.nextInt(PORTS); // again: that empties the kernel's list of victims
      assertPasses(sends(CLIENT, CLIENT.sends(SERVER.ipv4()).tcp(port, 80, Tcp.SYN).build()));
      for (int more = 0; more < 2; more++) {
        assertPasses(
            sends(SERVER, SERVER.sends(CLIENT.ipv4()).tcp(80, port, Tcp.SYN | Tcp.ACK).build()));
        assertPasses(sends(CLIENT, CLIENT.sends(SERVER.ipv4()).tcp(port, 80, Tcp.ACK).build()));
        if (i % 3 == 0) { // one entry, between the two of others: the kernel frees an even number
          assertPasses(sends(CLIENT, CLIENT.sends(REMOTE_IPV4).tcp(port, 80, Tcp.SYN).build()));
        }
      }
    }
  }
}
