package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose place a connection takes, in tables of a single bucket. */
class ConnectionTableTest extends DataplaneTestBase {
  private static final int POLICY_DENIED = 133;
  private static final int WAYS = ConnectionTables.WAYS;
  private static final int FIRST = 40_000;
  private static final int FLOOD = 50_000;
  private static final long SECOND = 1_000_000_000L;

  @BeforeAll
  static void oneBucket() {
    unload();
    node = new Dataplane(NodeSettings.USUAL, 8);
    locateAll();
  }

  private static Tuple tuple(int port) {
    return new Tuple(CLIENT.ipv4(), REMOTE_IPV4, port, 80, Protocol.TCP, true);
  }

  private static Connection living(long seconds) {
    var none = new Connection.Side(0, 0, 0, 0, 0);
    long expires = System.nanoTime() + seconds * SECOND;
    return new Connection(
        expires, none, none, CLIENT.id(), 1, REMOTE_IDENTITY, 1, Connection.ESTABLISHED, 0, 0);
  }

  private static Connection ended() {
    return living(-1);
  }

  private static Set<Integer> ports() {
    return node.connectionSlots().stream()
        .map(slot -> slot.tuple().sourcePort())
        .collect(Collectors.toSet());
  }

  private static ConnectionSlot slot(int port) {
    var found =
        node.connectionSlots().stream().filter(slot -> slot.tuple().equals(tuple(port))).toList();
    assertEquals(1, found.size(), () -> "slots of port " + port);
    return found.getFirst();
  }

  private Outcome opener(int port, int flags) {
    return sends(CLIENT, CLIENT.sends(REMOTE_IPV4).tcp(port, 80, flags).build());
  }

  private Outcome replier(int port, int flags) {
    return tunnelled(
        REMOTE_IDENTITY,
        PacketBuilder.packet(REMOTE_IPV4, CLIENT.ipv4()).tcp(80, port, flags).build());
  }

  /** Opens connections to a pod of another node, which policy lets answer only on these. */
  private void establish(int connections) {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    for (int port = FIRST; port < FIRST + connections; port++) {
      assertPasses(opener(port, Tcp.SYN));
      assertPasses(replier(port, Tcp.SYN | Tcp.ACK));
      assertPasses(opener(port, Tcp.ACK));
    }
    assertDropped(POLICY_DENIED, replier(FIRST - 1, Tcp.ACK));
  }

  /** SYNs that nobody answers, each of another connection. */
  private void flood() {
    byte[] syn = CLIENT.sends(REMOTE_IPV4).tcp(1, 9, Tcp.SYN).build();
    node.openAtOnce(CLIENT, List.of(syn), FLOOD);
    passed(FLOOD);
  }

  @Test
  void synFlood_bucketFullOfLiving_takesThePlaceOfItsOwnKind() {
    establish(WAYS - 1);
    flood();
    assertEquals(WAYS, node.connectionSlots().size());
    for (int port = FIRST; port < FIRST + WAYS - 1; port++) {
      assertTrue(slot(port).connection().expires() > System.nanoTime());
      assertPasses(replier(port, Tcp.ACK));
      assertPasses(opener(port, Tcp.ACK));
    }
  }

  /** Somewhere the first SYN must go; the others take its place. */
  @Test
  void synFlood_bucketFullOfEstablished_costsOnlyTheOneThatWasSilentLongest() {
    establish(WAYS);
    int silent = FIRST + 7;
    node.rewrite(tuple(silent), slot(silent).connection().expires(living(3600).expires()));
    flood();
    for (int port = FIRST; port < FIRST + WAYS; port++) {
      if (port == silent) {
        assertDropped(POLICY_DENIED, replier(port, Tcp.ACK));
      } else {
        assertPasses(replier(port, Tcp.ACK));
      }
    }
  }

  /** Each connection of one is pushed out by one of the other, at any moment. */
  @Test
  void floods_onTwoProcessorsAtOnce_leaveNoSlotUnfinished() {
    byte[] one = CLIENT.sends(REMOTE_IPV4).tcp(1, 9, Tcp.SYN).build();
    byte[] other = CLIENT.sends(REMOTE_IPV4).tcp(1, 10, Tcp.SYN).build();
    node.openAtOnce(CLIENT, List.of(one, other), FLOOD);
    passed(2 * FLOOD);
    assertEquals(WAYS, node.connectionSlots().size());
    long now = System.nanoTime();
    for (ConnectionSlot slot : node.connectionSlots()) {
      long left = slot.connection().expires() - now;
      assertTrue(left > 50 * SECOND && left <= 60 * SECOND, slot::toString);
      assertEquals(1, slot.connection().opener().packets());
      assertEquals(Tcp.SYN, slot.connection().openerFlags());
    }
  }

  @Test
  void newConnection_fullBucket_takesThePlaceOfTheFirstToEnd() {
    var lifetimes = new ArrayList<>(IntStream.range(0, WAYS).boxed().toList());
    Collections.shuffle(lifetimes, new Random(1));
    for (int i = 0; i < WAYS; i++) {
      node.rewrite(tuple(FIRST + i), living(1000 + lifetimes.get(i)));
    }
    var there = new HashSet<>(ports());
    assertEquals(WAYS, there.size());
    for (int i = 0; i < WAYS; i++) {
      int first = FIRST + lifetimes.indexOf(i);
      int way = slot(first).way();
      node.rewrite(tuple(1 + i), living(5000));
      assertEquals(way, slot(1 + i).way());
      there.remove(first);
      there.add(1 + i);
      assertEquals(there, ports());
    }
  }

  @Test
  void newConnection_emptySlots_takesOneOfThem() {
    for (int i = 0; i < WAYS; i++) {
      node.rewrite(tuple(FIRST + i), living(1000));
      assertEquals(i + 1, ports().size());
    }
  }

  /** By chance two connections have one tag: one in 100 million, in a table that is half full. */
  @Test
  void newConnection_tagOfOthers_takesNoneOfTheirPlaces() {
    node.connectionTables().beginWithoutPorts(0);
    try {
      establish(WAYS);
      assertEquals(WAYS, node.connectionSlots().size());
      for (int port = FIRST; port < FIRST + WAYS; port++) {
        assertPasses(replier(port, Tcp.ACK));
        assertPasses(opener(port, Tcp.ACK));
      }
      assertEquals(WAYS, node.connectionSlots().size());
    } finally {
      node.placeConnections(0);
    }
  }

  @Test
  void newConnection_fullBucket_takesThePlaceOfOneThatHasEnded() {
    for (int i = 0; i < WAYS; i++) {
      node.rewrite(tuple(FIRST + i), living(i % 4 == 0 ? 1000 : 100));
    }
    var living = new HashSet<>(ports());
    for (int i = 0; i < WAYS; i += 4) {
      node.rewrite(tuple(FIRST + i), ended());
      living.remove(FIRST + i);
    }
    for (int port = 1; port <= WAYS / 4; port++) {
      assertPasses(opener(port, Tcp.SYN));
      living.add(port);
    }
    assertEquals(living, ports());
  }

  /**
   * Ended ones are found first at the place where its search begins, unless it looks for itself.
   */
  @ParameterizedTest
  @ValueSource(ints = {WAYS / 2, WAYS})
  void sameTuple_afterItsEnd_takesItsOwnSlot(int connections) {
    for (int port = FIRST; port < FIRST + connections; port++) {
      assertPasses(opener(port, Tcp.SYN));
    }
    var before = new ArrayList<ConnectionSlot>();
    for (int port = FIRST; port < FIRST + connections; port++) {
      before.add(slot(port));
      node.rewrite(tuple(port), ended());
    }
    for (int port = FIRST + connections - 1; port >= FIRST; port--) {
      assertTrue(opener(port, Tcp.SYN).event(DatapathEvent.TRACE).opened());
    }
    assertEquals(connections, node.connectionSlots().size());
    for (ConnectionSlot was : before) {
      ConnectionSlot is = slot(was.tuple().sourcePort());
      assertEquals(was.way(), is.way());
      assertEquals(1, is.connection().opener().packets());
    }
  }
}
