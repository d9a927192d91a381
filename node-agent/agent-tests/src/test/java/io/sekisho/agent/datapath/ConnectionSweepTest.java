package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.Datapath.MapFill;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.testkit.Await;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ended goes, and only what lives counts; in tables of a real kernel. */
final class ConnectionSweepTest {
  private static final long NOW = 1_000_000_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final long ENDED = NOW - ConnectionSweep.ENDED;
  private static final long QUIET = NOW - ConnectionSweep.QUIET;
  private static final int CONNTRACK_BYTES = 112;
  private static final int NAT_BYTES = 32;
  private static final byte INGRESS = 0;
  private static final byte EGRESS = 1;
  private static final byte TCP = 6;
  private static final byte UDP = 17;

  private final Map<String, BpfMap<byte[], byte[]>> maps = new HashMap<>();

  @BeforeEach
  void load() {
    try (var object = BpfObject.openResource("netdev")) {
      object.load();
      for (String name : List.of("conntrack_tcp", "conntrack_any", "nat", "fragments")) {
        maps.put(name, object.map(name));
      }
    }
  }

  @AfterEach
  void close() {
    maps.values().forEach(BpfMap::close);
  }

  /** From 10.0.0.1 and a port to 192.0.2.1, port 80. */
  private static byte[] sent(int port, byte protocol, byte direction) {
    return tuple(0x0a000001, 0xc0000201, port, 80, protocol, direction);
  }

  /** The answer to it, to the node's 198.18.0.1 and the same port plus 50,000. */
  private static byte[] answer(int port, byte protocol) {
    return tuple(0xc0000201, 0xc6120001, 80, 50_000 + port, protocol, INGRESS);
  }

  private static byte[] tuple(
      int source, int destination, int from, int to, byte protocol, byte direction) {
    var tuple = ByteBuffer.allocate(40);
    tuple.putShort(10, (short) -1).putInt(12, source);
    tuple.putShort(26, (short) -1).putInt(28, destination);
    tuple.putShort(32, (short) from).putShort(34, (short) to);
    return tuple.put(36, protocol).put(37, direction).array();
  }

  private void put(String map, byte[] key, int size, long time) {
    maps.get(map).put(key, value(size, time).array());
  }

  private static ByteBuffer value(int size, long time) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder()).putLong(0, time);
  }

  private void connection(String table, byte[] key, long expires) {
    put(table, key, CONNTRACK_BYTES, expires);
  }

  /** Both halves of a mapping. */
  private void mapping(int port, byte protocol, long used) {
    put("nat", sent(port, protocol, EGRESS), NAT_BYTES, used);
    var pod = value(NAT_BYTES, used).order(ByteOrder.BIG_ENDIAN);
    pod.putShort(18, (short) -1).putInt(20, 0x0a000001).putShort(24, (short) port);
    maps.get("nat").put(answer(port, protocol), pod.array());
  }

  private Map<String, Long> swept() {
    var out = new HashMap<String, Long>();
    for (MapFill fill : ConnectionSweep.run(maps::get, NOW)) {
      out.put(fill.name(), fill.entries());
      assertEquals(maps.get(fill.name()).info().maxEntries(), fill.capacity());
    }
    return out;
  }

  private boolean has(String map, byte[] key) {
    return maps.get(map).get(key).isPresent();
  }

  @Test
  void connections_thatEnded_goOnceNobodyMayUseTheirEntries() {
    for (String table : List.of("conntrack_tcp", "conntrack_any")) {
      connection(table, sent(1, TCP, EGRESS), NOW + 1);
      connection(table, sent(1, TCP, INGRESS), NOW + SECOND);
      connection(table, sent(2, TCP, EGRESS), NOW);
      connection(table, sent(3, TCP, EGRESS), ENDED + 1);
      connection(table, sent(4, TCP, EGRESS), ENDED);
      connection(table, sent(5, TCP, INGRESS), SECOND);

      assertEquals(2, swept().get(table));

      assertTrue(has(table, sent(2, TCP, EGRESS)) && has(table, sent(3, TCP, EGRESS)));
      assertEquals(4, maps.get(table).count());
    }
  }

  @Test
  void fullTable_ofWhatEnded_isEmptiedByOneSweep() {
    var map = maps.get("conntrack_any");
    var all = new HashMap<byte[], byte[]>();
    for (int port = 0; port < map.info().maxEntries(); port++) {
      all.put(sent(port, UDP, EGRESS), value(CONNTRACK_BYTES, SECOND).array());
    }
    map.putAll(all);
    assertTrue(map.count() > map.info().maxEntries() / 2);

    assertEquals(0, swept().get("conntrack_any"));

    assertEquals(0, map.count());
  }

  @Test
  void mappings_goWithTheirConnection_whenTheirPortHasRested() {
    connection("conntrack_tcp", sent(1, TCP, EGRESS), NOW + 1);
    connection("conntrack_any", sent(2, UDP, EGRESS), NOW + 1);
    connection("conntrack_any", sent(3, UDP, EGRESS), NOW);
    connection("conntrack_any", sent(4, TCP, EGRESS), NOW + 1);
    mapping(1, TCP, SECOND);
    mapping(2, UDP, SECOND);
    mapping(3, UDP, QUIET + 1);
    mapping(4, TCP, QUIET);
    mapping(5, UDP, QUIET);

    assertEquals(6, swept().get("nat"));

    assertEquals(6, maps.get("nat").count());
    for (byte protocol : new byte[] {TCP, UDP}) {
      for (int port : protocol == TCP ? new int[] {1} : new int[] {2, 3}) {
        assertTrue(has("nat", sent(port, protocol, EGRESS)), "sent from " + port);
        assertTrue(has("nat", answer(port, protocol)), "answer to " + port);
      }
    }
  }

  @Test
  void fragments_olderThanAnybodyWaits_doNotCount() {
    put("fragments", sent(1, UDP, INGRESS), 24, NOW - 59 * SECOND);
    put("fragments", sent(2, UDP, INGRESS), 24, NOW - 61 * SECOND);

    assertEquals(1, swept().get("fragments"));
  }

  /** As when a packet opens a connection anew between the look at its entry and its removal. */
  @Test
  void connection_openedWhileItsOldEntryIsTakenAway_stays() {
    var ended = value(CONNTRACK_BYTES, SECOND).array();
    var alive = value(CONNTRACK_BYTES, NOW + SECOND).array();
    var map = maps.get("conntrack_tcp");
    var keys = new ArrayList<byte[]>();
    for (int port = 1; port <= 200; port++) {
      keys.add(sent(port, TCP, EGRESS));
    }
    var over = new AtomicBoolean();
    var sweeps = new AtomicInteger();
    try (var sweeping = Executors.newSingleThreadExecutor()) {
      sweeping.execute(
          () -> {
            while (!over.get()) {
              swept();
              sweeps.incrementAndGet();
            }
          });
      try {
        for (int round = 0; round < 50; round++) {
          keys.forEach(key -> map.put(key, ended));
          keys.forEach(key -> map.put(key, alive));
          int before = sweeps.get();
          Await.until("the sweep's end", () -> sweeps.get() > before + 1);
          assertEquals(200, map.count(), "round " + round);
        }
      } finally {
        over.set(true);
      }
    }
  }
}
