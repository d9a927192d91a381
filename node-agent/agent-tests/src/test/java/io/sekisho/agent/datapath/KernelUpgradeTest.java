package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.Codec;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import io.sekisho.policy.compile.PolicyTable;
import io.sekisho.testkit.Await;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents whose maps have longer values come and go; what maps hold and traffic survive. */
final class KernelUpgradeTest {
  private static final String CONNECTIONS = "conntrack_any";
  private static final int SIZE = 112;
  private static final int LATER_SIZE = 128;
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

  /** The first 8 bytes of each value, the time at which it ends, do not count. */
  private Map<String, String> connections() {
    var all = new TreeMap<String, String>();
    pinned(
        CONNECTIONS,
        map -> {
          map.entries()
              .forEach(
                  (key, value) ->
                      all.put(
                          HexFormat.of().formatHex(key),
                          HexFormat.of().formatHex(Arrays.copyOfRange(value, 88, 108))));
          return map;
        });
    return all;
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

  /** Loads as an agent does that dies before its programs take the place of the old ones. */
  private void dieInTheMidst(Function<String, BpfObject> objects) {
    node.on(
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
            return loaded.migrations().size();
          }
        });
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

  private int capacity(String map) {
    return pinned(map, found -> found.info().maxEntries());
  }

  @Test
  void largerTables_underTraffic_keepEveryConnection() {
    try (var stream = new EchoStream(cluster.pod(11), cluster.pod(12), cluster.address(12, true))) {
      Await.until("echoes", () -> stream.echoed() > 10);
      var before = connections();

      reopenWith(10_000);
      assertEquals(10_000, capacity(CONNECTIONS));
      assertEquals(10_000, capacity("nat"));
      assertEquals(before, connections());

      reopenWith(1024);
      assertEquals(10_000, capacity(CONNECTIONS));
      reopen(LATER);
      assertEquals(10_000, capacity(CONNECTIONS));
      assertEquals(before, connections());
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
        int larger = capacity(CONNECTIONS) + 1000;
        node.config(TestNode.with(node.config(), larger));
        dieInTheMidst(NOW);
        var before = connections();

        reopenWith(next);

        assertEquals(Math.max(larger, next), capacity(CONNECTIONS));
        assertTrue(connections().keySet().containsAll(before.keySet()));
        assertFalse(Files.exists(pins().nextMap(CONNECTIONS)));
        stream.finish();
      }
    }
  }

  @Test
  void connectionsThatEnded_areSweptByTheNextAgent_thoseThatLiveStay() {
    try (var stream = new EchoStream(cluster.pod(11), cluster.pod(12), cluster.address(12, true))) {
      Await.until("echoes", () -> stream.echoed() > 10);
      var before = connections();
      byte[] ended = new byte[40];
      pinned(
          CONNECTIONS,
          map -> {
            map.put(ended, new byte[SIZE]);
            return map;
          });

      reopen(NOW);

      Await.until("sweep", () -> pinned(CONNECTIONS, map -> map.get(ended)).isEmpty());
      assertEquals(before, connections());
      stream.finish();
    }
  }

  @Test
  void policyTables_withLongerEntries_areCarriedOverOneByOne() {
    var before = table();

    int migrations =
        node.on(
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
              try (var loaded = new Loader(pins(), node.config(), LATER_POLICY).load(settings)) {
                loaded.finishMigrations();
                return loaded.migrations().size();
              }
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
