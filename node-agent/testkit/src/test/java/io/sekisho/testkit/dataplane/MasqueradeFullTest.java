package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Protocol;
import java.util.HashSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ports of masqueraded connections where nearly all of a thousand, or all, are in use. */
class MasqueradeFullTest extends NetdevTestBase {
  private static final int FIRST = 50_000;
  private static final int PORTS = 1000;
  private static final long LATER = 100_000_000_000L;

  @BeforeAll
  static void thousand() {
    reload(NodeSettings.USUAL.ports(FIRST, FIRST + PORTS - 1));
  }

  /** Has so many ports, the first ones, serve connections to one destination that live. */
  private static void use(int ports) {
    var none = new Connection.Side(0, 0, 0, 0, 0);
    long now = System.nanoTime();
    for (int i = 0; i < ports; i++) {
      node.rewrite(
          new Tuple(WORLD_IPV4, Dataplane.NODE_IPV4, 53, FIRST + i, Protocol.UDP, false),
          new Mapping(now, CLIENT.ipv4(), 1000 + i));
      node.rewrite(
          new Tuple(CLIENT.ipv4(), WORLD_IPV4, 1000 + i, 53, Protocol.UDP, true),
          new Connection(now + LATER, none, none, CLIENT.id(), 1, 2, 1, 0, 0, 0));
    }
  }

  private static byte[] query(int sourcePort) {
    return CLIENT.sends(WORLD_IPV4).udp(sourcePort, 53).build();
  }

  @Test
  void ports_nineteenOfTwentyUsed_everyNewConnectionGetsOne() {
    use(PORTS * 19 / 20);
    var given = new HashSet<Integer>();
    for (int i = 0; i < PORTS / 20; i++) {
      int port = masqueraded(masquerades(CLIENT, query(20_000 + i))).sourcePort();
      assertTrue(port >= FIRST + PORTS * 19 / 20, "a port in use: " + port);
      assertTrue(given.add(port), "given twice: " + port);
    }
  }

  @Test
  void ports_allButOneUsed_thatOneIsFound() {
    use(PORTS - 1);
    int port = masqueraded(masquerades(CLIENT, query(20_000))).sourcePort();
    assertEquals(FIRST + PORTS - 1, port);
  }

  @Test
  void ports_allUsed_isADrop() {
    use(PORTS);
    Outcome sent = sends(CLIENT, query(20_000));
    assertDropped(NO_MAPPING, leaves(sent.mark(), sent.packet()));
  }
}
