package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.Codec;
import io.sekisho.libbpf.MapInfo;
import io.sekisho.libbpf.MapType;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import io.sekisho.policy.compile.PolicyTable;
import io.sekisho.testkit.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents whose maps have longer values come and go; what maps hold and traffic survive. */
final class KernelUpgradeTest {
  private static final String CONNECTIONS = "conntrack_any";
  private static final int SIZE = 64 + 16 * 128;
  private static final int LATER_SIZE = 64 + 16 * (128 + 16);
  private static final int KEY = ConnectionTable.KEY;
  private static final int SLOT = ConnectionTable.SLOT;
  private static final int HASHED = 112;
  private static final int ENTRIES = 20_000;
  private static final int ENDPOINT = ConnectionTable.KEY + 8;
  private static final int TCP_FLAGS = ConnectionTable.KEY + 26;
  private static final Set<Byte> STRAY = Set.of((byte) 133, (byte) 167);
  private static final Function<String, BpfObject> NOW = BpfObject::openResource;
  private static final Function<String, BpfObject> LATER =
      name -> BpfObject.openResource("longer-conntrack/" + name);
  private static final Function<String, BpfObject> LATER_POLICY =
      name -> BpfObject.openResource("longer-policy/" + name);

  private TestCluster cluster;
  private TestNode node;

  @BeforeEach
  void create() {
    cluster = new TestCluster();
    node = cluster.node(1);
    // What comes in needs this allow, or an entry of its connection: nothing else lets it pass.
    var peer = new PolicyKey(1011, false, 0, 0, 0);
    var allow = new PolicyEntry(false, 10, 77, 0);
    for (int pod : List.of(12, 21)) {
      cluster.policy(pod, new PolicyTable(true, false, Map.of(peer, allow)));
    }
    cluster.policy(11, new PolicyTable(true, false, Map.of()));
    assertEquals(List.of(), cluster.apply());
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private PinFolder pins() {
    return new PinFolder(node.config().pinRoot(), node.config().node());
  }

  private <T> T pinned(String map, Function<BpfMap<byte[], byte[]>, T> question) {
    try (var pinned = BpfMap.openPinned(pins().map(map))) {
      return question.apply(pinned);
    }
  }

  /** Who decided what of each living connection: the time at which it ends does not count. */
  private Map<String, String> connections() {
    var all = new TreeMap<String, String>();
    slots(System.nanoTime())
        .forEach(
            slot ->
                all.put(
                    HexFormat.of().formatHex(slot, 0, ConnectionTable.KEY),
                    HexFormat.of().formatHex(slot, ENDPOINT, TCP_FLAGS)));
    return all;
  }

  /** Those that live at a time. */
  private List<byte[]> slots(long now) {
    var found = new ArrayList<byte[]>();
    pinned(
        CONNECTIONS,
        table -> {
          ConnectionTable.scan(table, now, found::add);
          return table;
        });
    return found;
  }

  private void reopen(Function<String, BpfObject> objects) {
    node.objects(objects);
    assertEquals(2, node.reopen().size());
    assertEquals(List.of(), node.datapath().apply(cluster.desired(1)));
  }

  private int valueSize() {
    return pinned(CONNECTIONS, map -> map.info().valueSize());
  }

  @Test
  void upgradeAndDowngrade_underTraffic_loseNoPacketAndNoConnection() {
    try (var sameNode =
            new EchoStream(cluster.pod(11), cluster.pod(12), cluster.address(12, true));
        var crossNode =
            new EchoStream(cluster.pod(11), cluster.pod(21), cluster.address(21, false))) {
      Await.until("echoes", () -> sameNode.echoed() > 10 && crossNode.echoed() > 10);
      int ipcache = pinned("ipcache", map -> map.info().id());
      for (int round = 0; round < 2; round++) {
        var before = connections();
        assertTrue(before.size() >= 3, before::toString);

        reopen(LATER);
        assertEquals(LATER_SIZE, valueSize());
        assertEquals(before, connections());

        reopen(NOW);
        assertEquals(SIZE, valueSize());
        assertEquals(before, connections());
      }
      int after = pinned("ipcache", map -> map.info().id());
      assertEquals(ipcache, after);
      sameNode.finish();
      crossNode.finish();
      assertTrue(sameNode.sent() > 100 && crossNode.sent() > 100);
    }
  }

  /** Packets that were dropped as those of no connection: by policy, or for want of a mapping. */
  private long dropped() {
    return pinned(
        "metrics",
        map -> {
          long[] sum = {0};
          map.entries()
              .forEach(
                  (key, value) -> {
                    if (STRAY.contains(key[0])) {
                      var counts = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
                      for (int at = 0; at < value.length; at += 16) {
                        sum[0] += counts.getLong(at);
                      }
                    }
                  });
          return sum[0];
        });
  }

  @Test
  void upgradeAndDowngrade_whileConnectionsAreOpened_denyNoAnswer() throws IOException {
    try (var sameNode =
            new ConnectStream(cluster.pod(11), cluster.pod(12), cluster.address(12, false));
        var crossNode =
            new ConnectStream(cluster.pod(11), cluster.pod(21), cluster.address(21, true))) {
      for (var next : List.of(LATER, NOW, LATER, NOW)) {
        int same = sameNode.answered();
        int cross = crossNode.answered();
        Await.until(
            "connections", () -> sameNode.answered() > same + 20 && crossNode.answered() > cross);

        reopen(next);
      }
      assertEquals(0, sameNode.failed() + crossNode.failed());
      assertEquals(0, dropped());
    }
  }

  /** Loads as an agent does whose programs do not take the place of the old ones, or not yet. */
  private <T> T load(Function<String, BpfObject> objects, Function<Loader.Loaded, T> then) {
    return node.on(
        () -> {
          var settings =
              new NodeSettings(
                  1,
                  1,
                  1,
                  Routing.VXLAN,
                  false,
                  false,
                  8472,
                  Masquerade.USUAL,
                  List.of(),
                  List.of());
          try (var loaded = new Loader(pins(), node.config(), objects).load(settings)) {
            return then.apply(loaded);
          }
        });
  }

  private int dieInTheMidst(Function<String, BpfObject> objects) {
    return load(objects, loaded -> loaded.migrations().size());
  }

  private boolean isThere(int map) {
    try (var found = BpfMap.openById(map)) {
      return found.info().id() == map;
    } catch (BpfException e) {
      assertEquals(BpfException.Code.NOT_FOUND, e.code());
      return false;
    }
  }

  /** They take as much memory as the new ones. */
  @Test
  void tablesOfTheAgentBefore_goWhenTheyAreCarriedOver() {
    var old = new ArrayList<Integer>();
    for (String map : ConnectionTable.NAMES) {
      old.add(pinned(map, found -> found.info().id()));
    }

    reopen(LATER);

    Await.until("the end of the old tables", () -> old.stream().noneMatch(this::isThere));
  }

  @Test
  void connectionsThatCannotBeCarriedOver_letNothingPass() {
    long until =
        load(
            LATER,
            loaded -> {
              loaded.migrations().forEach(Migration::close);
              assertThrows(IllegalStateException.class, loaded::catchUp);
              return pinned(
                  "conntrack_moving",
                  moving -> moving.as(Codec.u32(), Codec.u64()).get(0).orElseThrow());
            });

    assertEquals(0, until);
  }

  @Test
  void mapThatCannotBePinned_leavesTheOneThatWaits() {
    dieInTheMidst(LATER);
    var closed = BpfMap.openPinned(pins().nextMap(CONNECTIONS));
    int waits = closed.info().id();
    closed.close();

    assertThrows(IllegalStateException.class, () -> pins().pinNext(CONNECTIONS, closed));

    try (var still = BpfMap.openPinned(pins().nextMap(CONNECTIONS))) {
      assertEquals(waits, still.info().id());
    }
    reopen(NOW);
  }

  @Test
  void agentDies_whileItCarriesOver_theNextGoesOn() {
    for (var next : List.of(NOW, LATER)) {
      try (var stream =
          new EchoStream(cluster.pod(11), cluster.pod(12), cluster.address(12, true))) {
        Await.until("echoes", () -> stream.echoed() > 10);
        dieInTheMidst(LATER);
        var before = connections();

        reopen(next);

        assertTrue(connections().keySet().containsAll(before.keySet()));
        assertFalse(Files.exists(pins().nextMap(CONNECTIONS)));
        stream.finish();
      }
    }
    assertEquals(LATER_SIZE, valueSize());
  }

  private void reopenWith(int entries) {
    node.config(TestNode.with(node.config(), entries));
    reopen(NOW);
  }

  private int room(String map) {
    return pinned(map, found -> found.info().maxEntries());
  }

  private int capacity() {
    return ConnectionTable.capacity(room(CONNECTIONS));
  }

  @Test
  void largerTables_underTraffic_keepEveryConnection() {
    try (var stream = new EchoStream(cluster.pod(11), cluster.pod(12), cluster.address(12, true))) {
      Await.until("echoes", () -> stream.echoed() > 10);
      var before = connections();

      reopenWith(10_000);
      assertEquals(ConnectionTable.elements(10_000), room(CONNECTIONS));
      assertEquals(10_000, room("nat"));
      assertEquals(before, connections());

      reopenWith(1024);
      assertEquals(ConnectionTable.elements(10_000), room(CONNECTIONS));
      reopen(LATER);
      assertEquals(ConnectionTable.elements(10_000), room(CONNECTIONS));
      assertEquals(before, connections());
      stream.finish();
    }
  }

  /** For tables of 400 million connections this kernel has no memory. */
  @Test
  void largerTables_thatFindNoMemory_leaveThePresentOnes() {
    int before = capacity();
    try (var stream = new EchoStream(cluster.pod(11), cluster.pod(12), cluster.address(12, true))) {
      Await.until("echoes", () -> stream.echoed() > 10);

      reopenWith(400_000_000);

      assertEquals(before, capacity());
      assertFalse(Files.exists(pins().nextMap(CONNECTIONS)));
      stream.finish();
    }
  }

  @Test
  void agentDies_whileItCarriesOverIntoLargerTables_theNextGoesOnWhateverItsOwnAre() {
    int smaller = node.config().conntrackEntries();
    for (int next : List.of(smaller, 10_000)) {
      try (var stream =
          new EchoStream(cluster.pod(11), cluster.pod(12), cluster.address(12, true))) {
        Await.until("echoes", () -> stream.echoed() > 10);
        int larger = capacity() + 1000;
        node.config(TestNode.with(node.config(), larger));
        dieInTheMidst(NOW);
        var before = connections();

        reopenWith(next);

        assertEquals(ConnectionTable.elements(Math.max(larger, next)), room(CONNECTIONS));
        assertTrue(connections().keySet().containsAll(before.keySet()));
        assertFalse(Files.exists(pins().nextMap(CONNECTIONS)));
        stream.finish();
      }
    }
  }

  /** As agents up to layout 2 had them: a hash, with an entry of 112 bytes. */
  private void pinHashed(byte[] key, byte[] value) {
    var shape = new MapInfo(0, CONNECTIONS, MapType.LRU_HASH, KEY, HASHED, ENTRIES, 0);
    try (var old = BpfMap.create(shape)) {
      old.put(key, value);
      PinFolder.unpin(pins().map(CONNECTIONS));
      old.pin(pins().map(CONNECTIONS));
    }
  }

  private static ByteBuffer hashed(long expires) {
    var value = ByteBuffer.allocate(HASHED).order(ByteOrder.nativeOrder()).putLong(expires);
    for (int side = 1; side <= 2; side++) {
      long reported = side * 100L;
      value.putLong(reported + 7).putLong(side * 9000L).putLong(reported).putLong(side * 8000L);
      value.putLong((long) side << ConnectionTable.REPORT_SHIFT);
    }
    value.putInt(12).putInt(3).putInt(1011).putInt(77);
    return value.putShort((short) 0).putShort((short) 4).put((byte) 2).put((byte) 18);
  }

  @Test
  void hashedConnections_ofAgentsBefore_areCarriedOver_butNotWhatHasEnded() {
    byte[] key = new byte[KEY];
    Arrays.fill(key, (byte) 5);
    long expires = System.nanoTime() + 3_600_000_000_000L;
    for (long end : new long[] {expires, System.nanoTime()}) {
      pinHashed(key, hashed(end).array());

      reopen(NOW);

      assertEquals(ConnectionTable.elements(ENTRIES), room(CONNECTIONS));
      var found = slots(0);
      found.removeIf(slot -> !Arrays.equals(key, Arrays.copyOf(slot, KEY)));
      assertEquals(end == expires ? 1 : 0, found.size());
      if (end == expires) {
        var slot = ByteBuffer.wrap(found.getFirst()).order(ByteOrder.nativeOrder());
        assertEquals(expires, slot.getLong(KEY));
        assertArrayEquals(
            ByteBuffer.allocate(SLOT - KEY)
                .order(ByteOrder.nativeOrder())
                .putLong(expires)
                .putInt(12)
                .putInt(3)
                .putInt(1011)
                .putInt(77)
                .putShort((short) 4)
                .put((byte) 2)
                .put((byte) 18)
                .putInt(0)
                .putInt(1)
                .putInt(2)
                .putLong(9000)
                .putLong(8000)
                .putInt(107)
                .putInt(100)
                .putLong(18_000)
                .putLong(16_000)
                .putInt(207)
                .putInt(200)
                .array(),
            Arrays.copyOfRange(slot.array(), KEY, SLOT));
      }
    }
  }

  /** As one whose handshake ends meanwhile: what is known of it grows from a minute to hours. */
  @Test
  void connectionThatChanges_whileProgramsAreLoaded_isCarriedOverAsItIsThen() {
    byte[] key = new byte[KEY];
    Arrays.fill(key, (byte) 5);
    long soon = System.nanoTime() + 60_000_000_000L;
    long later = soon + 3_600_000_000_000L;
    pinHashed(key, hashed(soon).array());

    int migrations =
        load(
            NOW,
            loaded -> {
              try (var old = BpfMap.openPinned(pins().map(CONNECTIONS))) {
                old.put(key, hashed(later).array());
              }
              loaded.catchUp();
              loaded.finishMigrations();
              return loaded.migrations().size();
            });

    assertEquals(1, migrations);
    var ends =
        slots(System.nanoTime()).stream()
            .map(slot -> ByteBuffer.wrap(slot).order(ByteOrder.nativeOrder()).getLong(KEY))
            .toList();
    assertEquals(List.of(later), ends);
    node.reopen();
  }

  @Test
  void policyTables_withLongerEntries_areCarriedOverOneByOne() {
    var before = table();

    int migrations =
        load(
            LATER_POLICY,
            loaded -> {
              loaded.finishMigrations();
              return loaded.migrations().size();
            });

    assertEquals(1, migrations);
    var after = table();
    assertEquals(before.keySet(), after.keySet());
    after.forEach((key, value) -> assertEquals(before.get(key) + "00000000", value));
    // The running agent's maps are not the pinned ones any more: a downgrade brings them back.
    node.reopen();
    assertEquals(before, table());
  }

  private Map<String, String> table() {
    return pinned(
        "policies",
        outer -> {
          int id = outer.as(Codec.u32(), Codec.u32()).get(12).orElseThrow();
          try (var table = BpfMap.openById(id)) {
            var all = new TreeMap<String, String>();
            table
                .entries()
                .forEach(
                    (key, value) ->
                        all.put(HexFormat.of().formatHex(key), HexFormat.of().formatHex(value)));
            return all;
          }
        });
  }
}
