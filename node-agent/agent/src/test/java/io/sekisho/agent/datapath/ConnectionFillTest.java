package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.agent.datapath.Datapath.MapFill;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Only what lives counts: the tables themselves are full on a busy node. */
final class ConnectionFillTest {
  private static final long NOW = 1_000_000_000_000L;
  private static final long SECOND = 1_000_000_000L;

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

  private static byte[] tuple(int number, int direction) {
    return ByteBuffer.allocate(40).putInt(number).put(37, (byte) direction).array();
  }

  private void put(String map, byte[] key, int size, long first) {
    byte[] value = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder()).putLong(first).array();
    maps.get(map).put(key, value);
  }

  private Map<String, Long> counted() {
    var out = new HashMap<String, Long>();
    for (MapFill fill : ConnectionFill.of(maps::get, NOW)) {
      out.put(fill.name(), fill.entries());
      assertEquals(maps.get(fill.name()).info().maxEntries(), fill.capacity());
    }
    return out;
  }

  @Test
  void connections_expired_doNotCount() {
    put("conntrack_tcp", tuple(1, 1), 112, NOW + 1);
    put("conntrack_tcp", tuple(2, 0), 112, NOW + SECOND);
    put("conntrack_tcp", tuple(3, 1), 112, NOW);
    put("conntrack_any", tuple(4, 1), 112, NOW - SECOND);

    assertEquals(2, counted().get("conntrack_tcp"));
    assertEquals(0, counted().get("conntrack_any"));
  }

  @Test
  void mappings_ofLivingConnections_countTwice() {
    put("conntrack_tcp", tuple(1, 1), 112, NOW + 1);
    put("conntrack_any", tuple(2, 1), 112, NOW + 1);
    put("conntrack_any", tuple(3, 1), 112, NOW - 1);
    for (int i = 1; i <= 4; i++) {
      put("nat", tuple(i, 1), 32, NOW);
      put("nat", tuple(100 + i, 0), 32, NOW);
    }

    assertEquals(4, counted().get("nat"));
  }

  @Test
  void fragments_olderThanAnybodyWaits_doNotCount() {
    put("fragments", tuple(1, 0), 24, NOW - 59 * SECOND);
    put("fragments", tuple(2, 0), 24, NOW - 61 * SECOND);

    assertEquals(1, counted().get("fragments"));
  }
}
