package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.Cidr;
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
import org.junit.jupiter.api.Test;

/** What is desired gets into real maps, with as few writes as can be; no interface is needed. */
final class RealizerTest extends RealizerTestBase {
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
    var errors = apply(state(tooLarge(), table(Map.of(TLS, DENY))));

    assertEquals(
        List.of("endpoint 1"), errors.stream().map(Datapath.RealizeError::object).toList());
    assertTrue(errors.getFirst().message().contains("16385 entries do not fit"));
    assertEquals(Map.of(HTTP, ALLOW), tableOf(1));
    assertEquals(before, entry(1));
    assertEquals(Map.of(TLS, DENY), tableOf(2));
  }

  @Test
  void apply_newEndpointWithTableTooLarge_staysUnknown() {
    assertEquals(1, apply(state(tooLarge())).size());

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

    new TablesVersion(maps.ipcacheVersion()).renew();

    assertEquals(8, ipcacheVersion());
  }

  @Test
  void changing_failsInTheMiddle_theNumberIsEvenAgain() {
    var version = new TablesVersion(maps.ipcacheVersion());
    var seen = new ArrayList<Integer>();

    assertThrows(
        IllegalStateException.class,
        () ->
            version.changing(
                () -> {
                  seen.add(ipcacheVersion());
                  throw new IllegalStateException("in the middle");
                }));

    assertEquals(List.of(1), seen);
    assertEquals(2, ipcacheVersion());
  }

  @Test
  void apply_aChangeWasNotEnded_isEndedThoughNothingChanges() {
    var state = state(table(Map.of(HTTP, ALLOW)));
    apply(state);
    int left = ipcacheVersion() | 1;
    maps.ipcacheVersion().put(0, left); // as if the write that ends a change had failed

    assertEquals(List.of(), apply(state));

    assertEquals(left + 1, ipcacheVersion());
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
