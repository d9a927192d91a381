package io.sekisho.testkit.dataplane;

import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More masqueraded connections than their LRU table holds, all of them used. */
class MasqueradeTableFullTest extends NetdevTestBase {
  private static final int MEANT_FOR = 2048;
  private static final int PORTS = 3000;
  private static final int CONNECTIONS = 12 * MEANT_FOR;

  @BeforeAll
  static void small() {
    node.close();
    node = new Dataplane(NodeSettings.USUAL, MEANT_FOR);
  }

  @Test
  void connections_toOutside_areAnswered() {
    var random = new Random(1);
    for (int i = 0; i < CONNECTIONS; i++) {
      int port = 10_000 + random.nextInt(PORTS); // again: that empties the kernel's list of victims
      byte[] query = CLIENT.sends(WORLD_IPV4).udp(port, 53).build();
      int given = masqueraded(masquerades(CLIENT, query)).sourcePort();
      byte[] answer = incoming(WORLD_IPV4, own(WORLD_IPV4)).udp(53, given).build();
      delivered(arrives(answer), CLIENT);
    }
  }
}
