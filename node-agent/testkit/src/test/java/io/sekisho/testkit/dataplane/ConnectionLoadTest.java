package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many connections in tables that have room for them: how well they spread, and what two processors
 * make of a table.
 */
class ConnectionLoadTest extends DataplaneTestBase {
  private static final int SECRETS = 16;
  private static final int ROUNDS = 50;
  private static final long LATER = 1_000_000_000_000L;

  private static byte[] syn(int firstPort, int destinationPort) {
    return CLIENT.sends(REMOTE_IPV4).tcp(firstPort - 1, destinationPort, Tcp.SYN).build();
  }

  private static byte[] record(Tuple tuple) {
    var none = new Connection.Side(0, 0, 0, 0, 0);
    var connection =
        new Connection(
            System.nanoTime() + LATER,
            none,
            none,
            11,
            1,
            1003,
            1,
            Connection.ESTABLISHED,
            Tcp.SYN,
            Tcp.SYN);
    return ConnectionTables.record(
        Layouts.TUPLE.encode(tuple), Layouts.CONNECTION.encode(connection));
  }

  private static Tuple random(Random random) {
    return new Tuple(
        "10.%d.%d.%d".formatted(random.nextInt(256), random.nextInt(256), random.nextInt(256)),
        "203.0.113." + random.nextInt(256),
        random.nextInt(1 << 16),
        random.nextInt(1 << 16),
        Protocol.TCP,
        random.nextBoolean());
  }

  /** How many of as many different connections are not in the table when all have been put. */
  private int lost(boolean random, int connections, long seed) {
    node.placeConnections(seed);
    if (!random) {
      node.openAtOnce(CLIENT, List.of(syn(20_000, 80)), connections);
      passed(connections);
      return connections - node.connectionSlots().size();
    }
    var tuples = new HashSet<Tuple>();
    var generator = new Random(seed);
    while (tuples.size() < connections) {
      tuples.add(random(generator));
    }
    for (Tuple tuple : tuples) {
      assertEquals(
          1, node.connectionTables().carry(ConnectionTables.asked(List.of(record(tuple)))));
    }
    Set<Tuple> there =
        node.connectionSlots().stream().map(ConnectionSlot::tuple).collect(Collectors.toSet());
    return connections - there.size();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connections_halfOfWhatTheTableIsMeantFor_areAllThere(boolean random) {
    assertEquals(0, lost(random, Dataplane.CONNECTIONS / 2, 0));
  }

  /** By chance one connection in 5,400 finds its bucket full. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connections_ninetyPercent_nearlyAllAreThereWithAnySecret(boolean random) {
    int connections = Dataplane.CONNECTIONS * 9 / 10;
    int lost = 0;
    for (int seed = 1; seed <= SECRETS; seed++) {
      lost += lost(random, connections, seed);
    }
    assertTrue(lost * 1000 < SECRETS * connections, "lost " + lost);
  }

  /** 130 SYNs for each bucket, none of which the established ones fill. */
  @Test
  void synFlood_manyBuckets_harmsNoEstablishedConnection() {
    int connections = Dataplane.CONNECTIONS * 4 / 10;
    var random = new Random(7);
    for (int i = 0; i < connections; i++) {
      var one = List.of(record(random(random)));
      assertEquals(1, node.connectionTables().carry(ConnectionTables.asked(one)));
    }
    node.openAtOnce(CLIENT, List.of(syn(1, 9)), 50_000);
    passed(50_000);
    assertEquals(connections, established().size());
  }

  private static List<ConnectionSlot> established() {
    return node.connectionSlots().stream()
        .filter(slot -> slot.connection().flags() == Connection.ESTABLISHED)
        .toList();
  }

  private record Count(int slots, int connections) {}

  private static Count count() {
    var slots = node.connectionSlots();
    var keys = slots.stream().map(ConnectionSlot::tuple).collect(Collectors.toSet());
    return new Count(slots.size(), keys.size());
  }

  @Test
  void sameConnections_onTwoProcessorsAtOnce_areThereOnce() {
    int connections = Dataplane.CONNECTIONS / 3;
    int twice = 0;
    for (int round = 0; round < ROUNDS; round++) {
      node.placeConnections(round);
      byte[] syn = syn(10_000, 80);
      node.openAtOnce(CLIENT, List.of(syn, syn), connections);
      passed(2 * connections);
      Count count = count();
      assertEquals(connections, count.connections());
      twice += count.slots() - count.connections();
    }
    assertTrue(twice * 1000 < ROUNDS * connections, "twice " + twice);
  }

  @Test
  void otherConnections_onTwoProcessorsAtOnce_areAllThere() {
    int connections = Dataplane.CONNECTIONS / 6;
    int lost = 0;
    for (int round = 0; round < ROUNDS; round++) {
      node.placeConnections(round);
      node.openAtOnce(CLIENT, List.of(syn(10_000, 80), syn(10_000, 81)), connections);
      passed(2 * connections);
      Count count = count();
      assertEquals(count.connections(), count.slots());
      lost += 2 * connections - count.connections();
    }
    assertTrue(lost * 1000 < 2 * ROUNDS * connections, "lost " + lost);
  }
}
