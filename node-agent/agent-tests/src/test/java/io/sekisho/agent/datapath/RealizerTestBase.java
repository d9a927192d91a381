package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.MapInfo;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import io.sekisho.policy.compile.PolicyTable;
import io.sekisho.testkit.TestClock;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A {@link Realizer} on real maps, which nobody pins; no interface is needed. */
abstract class RealizerTestBase {
  static final PolicyKey ANY = new PolicyKey(0, false, 0, 0, 0);
  static final PolicyKey HTTP = new PolicyKey(1002, false, 6, 80, 16);
  static final PolicyKey TLS = new PolicyKey(1002, false, 6, 443, 16);
  static final PolicyEntry ALLOW = new PolicyEntry(false, 10, 100, 0);
  static final PolicyEntry DENY = new PolicyEntry(true, 20, 101, 0);

  DatapathMaps maps;
  Realizer realizer;

  @BeforeEach
  void create() {
    maps = maps(64);
    realizer = new Realizer(maps, new TestClock());
  }

  @AfterEach
  void close() {
    maps.close();
  }

  /** Maps of their own, that nobody pins. */
  static DatapathMaps maps(int ipcacheEntries) {
    var all = new HashMap<String, BpfMap<byte[], byte[]>>();
    try (var object = BpfObject.openResource("endpoint")) {
      MapInfo shape = object.declaredInner("policies");
      object
          .mapsOnly()
          .maxEntries("ipcache", ipcacheEntries)
          .maxEntries("policy_blocks", ipcacheEntries)
          .maxEntries("events", 4096)
          .maxEntries("conntrack_tcp", 2)
          .maxEntries("conntrack_any", 2)
          .load();
      object.mapNames().forEach(name -> all.put(name, object.map(name)));
      var used = DatapathMaps.of(all, shape);
      all.get("metrics").close();
      return used;
    }
  }

  static WiredEndpoint wired(int id) {
    return new WiredEndpoint(
        id,
        EndpointDevices.name(id),
        100 + id,
        "02:00:00:00:00:01",
        "02:00:00:00:00:02",
        List.of(InetAddress.ofLiteral("10.244.1." + id), InetAddress.ofLiteral("fd00:1::" + id)),
        1450);
  }

  static DesiredState state(PolicyTable... tables) {
    var endpoints = new HashMap<Integer, DesiredState.Endpoint>();
    for (int i = 0; i < tables.length; i++) {
      int id = i + 1;
      endpoints.put(id, new DesiredState.Endpoint(wired(id), 1000 + id, tables[i], false));
    }
    return new DesiredState(endpoints, Map.of(), Map.of());
  }

  static PolicyTable table(Map<PolicyKey, PolicyEntry> entries) {
    return new PolicyTable(true, false, entries);
  }

  static Map<Integer, WiredEndpoint> all() {
    return Map.of(1, wired(1), 2, wired(2));
  }

  List<Datapath.RealizeError> apply(DesiredState desired) {
    return realizer.apply(desired, all());
  }

  EndpointEntry entry(int id) {
    return maps.endpointConfig().get(100 + id).orElseThrow();
  }

  int tableId(int id) {
    return maps.policies().get(id).orElseThrow();
  }

  Map<PolicyKey, PolicyEntry> tableOf(int id) {
    try (var table = BpfMap.openById(tableId(id))) {
      return DatapathMaps.table(table).entries();
    }
  }

  static Map<PolicyKey, PolicyEntry> peers(int count) {
    var entries = new HashMap<PolicyKey, PolicyEntry>();
    for (int i = 0; i < count; i++) {
      entries.put(new PolicyKey(1000 + i, false, 6, 80, 16), ALLOW);
    }
    entries.put(ANY, DENY);
    return entries;
  }

  static Map<PolicyKey, PolicyEntry> without(Map<PolicyKey, PolicyEntry> entries, PolicyKey key) {
    var out = new HashMap<>(entries);
    out.remove(key);
    return out;
  }

  static Map<PolicyKey, PolicyEntry> with(
      Map<PolicyKey, PolicyEntry> entries, PolicyKey key, PolicyEntry value) {
    var out = new HashMap<>(entries);
    out.put(key, value);
    return out;
  }

  /** One entry more than there is room for. */
  PolicyTable tooLarge() {
    return table(peers(maps.tableShape().maxEntries()));
  }
}
