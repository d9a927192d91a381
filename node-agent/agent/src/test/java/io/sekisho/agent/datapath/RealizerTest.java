package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.MapInfo;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import io.sekisho.policy.compile.PolicyTable;
import io.sekisho.testkit.TestClock;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is desired gets into real maps, with as few writes as can be; no interface is needed. */
final class RealizerTest {
  private static final PolicyKey ANY = new PolicyKey(0, false, 0, 0, 0);
  private static final PolicyKey HTTP = new PolicyKey(1002, false, 6, 80, 16);
  private static final PolicyKey TLS = new PolicyKey(1002, false, 6, 443, 16);
  private static final PolicyEntry ALLOW = new PolicyEntry(false, 10, 100, 0);
  private static final PolicyEntry DENY = new PolicyEntry(true, 20, 101, 0);

  private DatapathMaps maps;
  private Realizer realizer;

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
          .maxEntries("conntrack_tcp", 64)
          .maxEntries("conntrack_any", 64)
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

  private static DesiredState state(PolicyTable... tables) {
    var endpoints = new HashMap<Integer, DesiredState.Endpoint>();
    for (int i = 0; i < tables.length; i++) {
      int id = i + 1;
      endpoints.put(id, new DesiredState.Endpoint(wired(id), 1000 + id, tables[i], false));
    }
    return new DesiredState(endpoints, Map.of(), Map.of());
  }

  private static PolicyTable table(Map<PolicyKey, PolicyEntry> entries) {
    return new PolicyTable(true, false, entries);
  }

  private static Map<Integer, WiredEndpoint> all() {
    return Map.of(1, wired(1), 2, wired(2));
  }

  private List<Datapath.RealizeError> apply(DesiredState desired) {
    return realizer.apply(desired, all());
  }

  private EndpointEntry entry(int id) {
    return maps.endpointConfig().get(100 + id).orElseThrow();
  }

  private int tableId(int id) {
    return maps.policies().get(id).orElseThrow();
  }

  private Map<PolicyKey, PolicyEntry> tableOf(int id) {
    try (var table = BpfMap.openById(tableId(id))) {
      return DatapathMaps.table(table).entries();
    }
  }

  @Test
  void apply_newEndpoint_isInEveryMap() {
    assertEquals(List.of(), apply(state(table(Map.of(HTTP, ALLOW)))));

    assertEquals(Map.of(HTTP, ALLOW), tableOf(1));
    assertEquals(1001, entry(1).identity());
    assertEquals(EndpointEntry.ENFORCE_INGRESS, entry(1).flags());
    for (String address : List.of("10.244.1.1", "fd00:1::1")) {
      assertEquals(Optional.of(entry(1)), maps.endpoints().get(Cidr.parse(address)));
    }
  }

  @Test
  void apply_sameAgain_keepsRevisionAndTable() {
    var state = state(table(Map.of(HTTP, ALLOW)));
    apply(state);
    var before = entry(1);
    int tableBefore = tableId(1);

    apply(state);

    assertEquals(before, entry(1));
    assertEquals(tableBefore, tableId(1));
  }

  @Test
  void apply_onlyMoreAllows_keepsTheTableAndRaisesTheRevision() {
    apply(state(table(Map.of(HTTP, ALLOW))));
    int tableBefore = tableId(1);
    int revisionBefore = entry(1).policyRevision();

    apply(state(table(Map.of(HTTP, ALLOW, TLS, ALLOW))));

    assertEquals(tableBefore, tableId(1));
    assertEquals(Map.of(HTTP, ALLOW, TLS, ALLOW), tableOf(1));
    assertNotEquals(revisionBefore, entry(1).policyRevision());
  }

  @Test
  void apply_allowAndDenyTogether_swapsTheTable() {
    apply(state(table(Map.of(HTTP, ALLOW))));
    int tableBefore = tableId(1);

    apply(state(table(Map.of(HTTP, ALLOW, TLS, ALLOW, ANY, DENY))));

    assertNotEquals(tableBefore, tableId(1));
    assertEquals(3, tableOf(1).size());
  }

  @Test
  void apply_fewerEntries_keepsTheTableAndRaisesTheRevision() {
    apply(state(table(Map.of(HTTP, ALLOW, TLS, ALLOW))));
    int tableBefore = tableId(1);
    int revisionBefore = entry(1).policyRevision();

    apply(state(table(Map.of(TLS, ALLOW))));

    assertEquals(tableBefore, tableId(1));
    assertEquals(Map.of(TLS, ALLOW), tableOf(1));
    assertNotEquals(revisionBefore, entry(1).policyRevision());
  }

  private static Map<PolicyKey, PolicyEntry> peers(int count) {
    var entries = new HashMap<PolicyKey, PolicyEntry>();
    for (int i = 0; i < count; i++) {
      entries.put(new PolicyKey(1000 + i, false, 6, 80, 16), ALLOW);
    }
    entries.put(ANY, DENY);
    return entries;
  }

  private static Map<PolicyKey, PolicyEntry> without(
      Map<PolicyKey, PolicyEntry> entries, PolicyKey key) {
    var out = new HashMap<>(entries);
    out.remove(key);
    return out;
  }

  private static Map<PolicyKey, PolicyEntry> with(
      Map<PolicyKey, PolicyEntry> entries, PolicyKey key, PolicyEntry value) {
    var out = new HashMap<>(entries);
    out.put(key, value);
    return out;
  }

  @Test
  void apply_someEntriesDiffer_writesThemAlone() {
    var many = peers(3000);
    apply(state(table(many), table(many)));
    assertEquals(2 * 3001, realizer.tableWrites());

    // one policy changes: a rule becomes another one for a peer, a peer loses its, one gets it
    var changed = with(with(many, HTTP, DENY), new PolicyKey(9000, false, 6, 80, 16), ALLOW);
    changed = without(changed, new PolicyKey(1003, false, 6, 80, 16));
    apply(state(table(changed), table(many)));
    assertEquals(2 * 3001 + 3, realizer.tableWrites());
    assertEquals(changed, tableOf(1));

    // a new identity: one entry for each endpoint that lets it in
    var peer = new PolicyKey(9001, false, 6, 80, 16);
    apply(state(table(with(changed, peer, ALLOW)), table(with(many, peer, ALLOW))));
    assertEquals(2 * 3001 + 5, realizer.tableWrites());

    apply(state(table(with(changed, peer, ALLOW)), table(with(many, peer, ALLOW))));
    assertEquals(2 * 3001 + 5, realizer.tableWrites());
  }

  @Test
  void apply_fullTableChanges_isExchanged() {
    var full = peers(maps.tableShape().maxEntries() - 1);
    assertEquals(List.of(), apply(state(table(full))));
    int before = tableId(1);

    var other = with(full, HTTP, DENY);
    assertEquals(List.of(), apply(state(table(other))));

    assertNotEquals(before, tableId(1));
    assertEquals(DENY, tableOf(1).get(HTTP));
    assertEquals(16_384, tableOf(1).size());
  }

  @Test
  void audit_asDesired_findsNothing() {
    var state = state(table(peers(50)), PolicyTable.OPEN);
    apply(state);
    var audit = new MapAudit(maps);

    state.endpoints().values().forEach(e -> assertEquals(List.of(), audit.endpoint(e)));
    assertEquals(List.of(), audit.shared(state));
  }

  @Test
  void audit_mapsChangedBehindOurBack_namesEachPlaceAndIsHealedByARereading() {
    var place = new DesiredState.Location(7, Optional.empty(), false);
    var state =
        new DesiredState(
            state(table(Map.of(HTTP, ALLOW, ANY, DENY)), PolicyTable.OPEN).endpoints(),
            Map.of(Cidr.parse("10.1.0.0/16"), place),
            Map.of());
    apply(state);
    try (var table = BpfMap.openById(tableId(1))) {
      var entries = DatapathMaps.table(table);
      entries.put(HTTP, DENY);
      entries.put(TLS, ALLOW);
      entries.remove(ANY);
    }
    maps.endpointConfig().put(102, entry(2).withFlags(EndpointEntry.ENFORCE));
    maps.ipcache().remove(Cidr.parse("10.1.0.0/16"));
    maps.ipcache().put(Cidr.parse("10.2.0.0/16"), IpcacheEntry.of(place));
    maps.endpoints().put(Cidr.parse("10.9.9.9"), entry(1));
    assertEquals(List.of(), apply(state), "what was written is remembered, not read");
    var audit = new MapAudit(maps);

    var first = audit.endpoint(state.endpoints().get(1));
    assertEquals(
        List.of(
            new MapDifference(
                "policies",
                1,
                "ingress from any peer, any port",
                "deny by rule 101, precedence 20",
                ""),
            new MapDifference(
                "policies",
                1,
                "ingress from peer 1002, 443/TCP",
                "",
                "allow by rule 100, precedence 10"),
            new MapDifference(
                "policies",
                1,
                "ingress from peer 1002, 80/TCP",
                "allow by rule 100, precedence 10",
                "deny by rule 101, precedence 20")),
        first);
    var second = audit.endpoint(state.endpoints().get(2));
    assertEquals(List.of("endpoint_config"), second.stream().map(MapDifference::map).toList());
    assertEquals(
        List.of("ipcache", "ipcache", "endpoints"),
        audit.shared(state).stream().map(MapDifference::map).toList());

    realizer.reread();
    assertEquals(List.of(), apply(state));
    state.endpoints().values().forEach(e -> assertEquals(List.of(), audit.endpoint(e)));
    assertEquals(List.of(), audit.shared(state));
  }

  @Test
  void audit_tableGone_isOneDifference() {
    var state = state(table(Map.of(HTTP, ALLOW)));
    apply(state);
    maps.policies().remove(1);
    var audit = new MapAudit(maps);

    assertEquals(
        List.of(new MapDifference("policies", 1, "the table", "1 entries", "")),
        audit.endpoint(state.endpoints().get(1)));
    realizer.reread();
    apply(state);
    assertEquals(List.of(), audit.endpoint(state.endpoints().get(1)));
  }

  @Test
  void apply_moreIdentitiesThanATrieHolds_ipcacheTakesAllOf65536() {
    maps.close();
    maps = maps(262_144);
    realizer = new Realizer(maps, new TestClock());
    var ipcache = new HashMap<Cidr, DesiredState.Location>();
    for (int i = 0; i < 65_536; i++) {
      var address = "10.%d.%d.%d".formatted(1 + (i >> 16), (i >> 8) & 255, i & 255);
      ipcache.put(
          Cidr.parse(address),
          new DesiredState.Location(
              256 + i, Optional.of(InetAddress.ofLiteral("198.18.0.2")), true));
    }
    var state = new DesiredState(Map.of(), ipcache, Map.of());

    assertEquals(List.of(), apply(state));

    assertEquals(65_536, maps.ipcache().count());
    assertEquals(List.of(), new MapAudit(maps).shared(state));
  }

  @Test
  void apply_tableTooLarge_keepsTheOldOneAndServesOthers() {
    apply(state(table(Map.of(HTTP, ALLOW)), PolicyTable.OPEN));
    var before = entry(1);
    var tooMany = new HashMap<PolicyKey, PolicyEntry>();
    for (int i = 0; i <= maps.tableShape().maxEntries(); i++) {
      tooMany.put(new PolicyKey(1000 + i, false, 6, 80, 16), ALLOW);
    }

    var errors = apply(state(table(tooMany), table(Map.of(TLS, DENY))));

    assertEquals(
        List.of("endpoint 1"), errors.stream().map(Datapath.RealizeError::object).toList());
    assertTrue(errors.getFirst().message().contains("16385 entries do not fit"));
    assertEquals(Map.of(HTTP, ALLOW), tableOf(1));
    assertEquals(before, entry(1));
    assertEquals(Map.of(TLS, DENY), tableOf(2));
  }

  @Test
  void apply_newEndpointWithTableTooLarge_staysUnknown() {
    var tooMany = new HashMap<PolicyKey, PolicyEntry>();
    for (int i = 0; i <= maps.tableShape().maxEntries(); i++) {
      tooMany.put(new PolicyKey(1000 + i, false, 6, 80, 16), ALLOW);
    }

    assertEquals(1, apply(state(table(tooMany))).size());

    assertEquals(0, maps.endpointConfig().count());
    assertEquals(0, maps.endpoints().count());
  }

  @Test
  void apply_endpointGone_removesAllOfIt() {
    apply(state(PolicyTable.OPEN, PolicyTable.OPEN));

    apply(state(PolicyTable.OPEN));

    assertEquals(Optional.empty(), maps.endpointConfig().get(102));
    assertEquals(2, maps.endpoints().count());
    assertEquals(Optional.empty(), maps.policies().get(2));
  }

  @Test
  void apply_directionNoLongerEnforced_endsOpenWithNewRevision() {
    apply(state(table(Map.of())));
    int before = entry(1).policyRevision();

    apply(state(PolicyTable.OPEN));

    assertEquals(0, entry(1).flags());
    assertNotEquals(before, entry(1).policyRevision());
  }

  private static final int BLOCK = Identity.FIRST_BLOCK;
  private static final Cidr OUTER = Cidr.parse("10.0.0.0/8");
  private static final Cidr INNER = Cidr.parse("10.1.0.0/16");

  private static PolicyTable blocked(int... numbers) {
    var entries = new HashMap<PolicyKey, PolicyEntry>();
    for (int number : numbers) {
      entries.put(new PolicyKey(number, false, 6, 80, 16), ALLOW);
    }
    return table(entries);
  }

  @Test
  void apply_blocks_areInTheMapAndReadBack() {
    var state = state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK, INNER, BLOCK + 1));

    assertEquals(List.of(), apply(state));

    assertEquals(Map.of(OUTER, BLOCK, INNER, BLOCK + 1), maps.policyBlocks().entries());
    var audit = new MapAudit(maps);
    assertEquals(List.of(), audit.shared(state));
    maps.policyBlocks().put(INNER, 7);
    maps.policyBlocks().remove(OUTER);
    assertEquals(
        List.of(
            new MapDifference("policy_blocks", 0, "10.0.0.0/8", Integer.toString(BLOCK), ""),
            new MapDifference("policy_blocks", 0, "10.1.0.0/16", Integer.toString(BLOCK + 1), "7")),
        audit.shared(state));
    realizer.reread();
    assertEquals(List.of(), apply(state));
    assertEquals(List.of(), audit.shared(state));
  }

  @Test
  void apply_blockComesAndGoes_openConnectionsAreDecidedAgain() {
    apply(state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK)));
    int before = entry(1).policyRevision();
    // the table says the same, and something else: the exception is cut out of the block
    apply(state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK, INNER, BLOCK + 1)));
    int excepted = entry(1).policyRevision();
    assertTrue(excepted != before);
    assertEquals(blocked(BLOCK).entries(), tableOf(1));

    apply(state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK)));

    assertTrue(entry(1).policyRevision() != excepted);
    assertEquals(blocked(BLOCK).entries(), tableOf(1));
    assertEquals(Map.of(OUTER, BLOCK), maps.policyBlocks().entries());
  }

  @Test
  void apply_blocksTooMany_neitherWhatIsMissingNorWhatIsAroundItIsMeant() {
    apply(state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK)));
    var wanted = new HashMap<Cidr, Integer>(Map.of(OUTER, BLOCK));
    for (int i = 0; i < 70; i++) {
      wanted.put(Cidr.parse("10.1.0." + i), BLOCK + 1 + i);
    }

    var errors = apply(state(blocked(BLOCK)).with(wanted));

    assertEquals("policy_blocks", errors.getFirst().object());
    assertTrue(errors.getFirst().message().contains("prefixes are missing"), errors::toString);
    assertEquals(Optional.empty(), maps.policyBlocks().get(OUTER));

    assertEquals(List.of(), apply(state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK))));
    assertEquals(Map.of(OUTER, BLOCK), maps.policyBlocks().entries());
  }

  @Test
  void apply_tableTooLargeWhileAnExceptionGoes_theExceptionStays() {
    apply(state(blocked(BLOCK)).with(Map.of(OUTER, BLOCK, INNER, BLOCK + 1)));
    var tooMany = new HashMap<PolicyKey, PolicyEntry>();
    for (int i = 0; i <= maps.tableShape().maxEntries(); i++) {
      tooMany.put(new PolicyKey(1000 + i, false, 6, 80, 16), ALLOW);
    }

    apply(state(table(tooMany)).with(Map.of(OUTER, BLOCK)));

    assertEquals(
        Map.of(OUTER, BLOCK, INNER, BLOCK + 1),
        maps.policyBlocks().entries(),
        "the old table is in force, and must not allow what it excepted");
  }

  @Test
  void apply_ipcacheTooLarge_saysHowManyAreMissing() {
    var ipcache = new HashMap<Cidr, DesiredState.Location>();
    for (int i = 0; i < 70; i++) {
      ipcache.put(
          Cidr.parse("10.0.0." + i),
          new DesiredState.Location(i, Optional.of(InetAddress.ofLiteral("198.18.0.2")), false));
    }

    var errors = apply(new DesiredState(Map.of(), ipcache, Map.of()));

    assertEquals(1, errors.size());
    assertEquals("ipcache", errors.getFirst().object());
    assertTrue(errors.getFirst().message().startsWith("6 prefixes are missing"), errors::toString);
    assertEquals(64, maps.ipcache().count());
  }

  @Test
  void apply_ipcacheChanges_writesAndRemoves() {
    var one = Cidr.parse("10.0.0.1");
    var two = Cidr.parse("10.1.0.0/16");
    var first = new DesiredState.Location(1, Optional.empty(), false);
    var second = new DesiredState.Location(2, Optional.empty(), false);
    apply(new DesiredState(Map.of(), Map.of(one, first, two, first), Map.of()));

    apply(new DesiredState(Map.of(), Map.of(two, second), Map.of()));

    assertEquals(Map.of(two, IpcacheEntry.of(second)), maps.ipcache().entries());
  }

  private int ipcacheVersion() {
    return maps.ipcacheVersion().get(0).orElseThrow();
  }

  @Test
  void apply_ipcacheChanges_programsForgetWhatTheyRememberOfIt() {
    var prefix = Cidr.parse("10.0.0.1");
    var one = new DesiredState.Location(1, Optional.empty(), false);
    var two = new DesiredState.Location(2, Optional.empty(), false);
    var versions = new ArrayList<Integer>();
    versions.add(ipcacheVersion());
    for (var ipcache :
        List.of(Map.of(prefix, one), Map.of(prefix, two), Map.<Cidr, DesiredState.Location>of())) {
      apply(new DesiredState(Map.of(), ipcache, Map.of()));
      versions.add(ipcacheVersion());
      apply(new DesiredState(Map.of(), ipcache, Map.of()));
      assertEquals(versions.getLast(), ipcacheVersion(), "nothing changed");
    }

    assertEquals(4, Set.copyOf(versions).size(), versions::toString);
    assertTrue(versions.stream().allMatch(version -> version % 2 == 0), versions::toString);
  }

  @Test
  void renew_afterAnEndInTheMiddle_isAnotherEvenNumber() {
    maps.ipcacheVersion().put(0, 7); // as an agent leaves it that dies while it writes

    new IpcacheVersion(maps.ipcacheVersion()).renew();

    assertEquals(8, ipcacheVersion());
  }

  @Test
  void readBack_afterRestart_goesOnWhereTheOtherEnded() {
    var state = state(table(Map.of(HTTP, ALLOW)), PolicyTable.OPEN);
    apply(state);
    var before = List.of(entry(1), entry(2), tableId(1), tableId(2));

    realizer = new Realizer(maps, new TestClock());
    assertEquals(List.of(), apply(state));

    assertEquals(before, List.of(entry(1), entry(2), tableId(1), tableId(2)));
  }

  @Test
  void restart_afterAnEndBetweenTableAndEntry_decidesOpenConnectionsAnew() {
    var state = state(table(Map.of(HTTP, ALLOW)), PolicyTable.OPEN);
    apply(state);
    var before = entry(1);
    assertEquals(0, NodeState.flags(maps.nodeState()));

    maps.nodeState().put(0, NodeState.UNSETTLED); // as an agent leaves it that dies then
    realizer = new Realizer(maps, new TestClock());
    assertEquals(List.of(), apply(state));

    assertNotEquals(before.policyRevision(), entry(1).policyRevision());
    assertEquals(before.withRevision(0), entry(1).withRevision(0));
    assertEquals(0, NodeState.flags(maps.nodeState()));
  }
}
