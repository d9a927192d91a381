package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.compile.PolicyTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What differs from the desired in real maps is found, and mended by a rereading. */
final class MapAuditTest extends RealizerTestBase {
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
  void audit_aChangeWasNotEnded_isFoundAndEnded() {
    var state = state(table(Map.of(HTTP, ALLOW)));
    apply(state);
    maps.ipcacheVersion().put(0, 7);
    var audit = new MapAudit(maps);

    assertEquals(
        List.of(
            new MapDifference(
                "ipcache_version", 0, "changes of ipcache and endpoints", "ended", "not ended")),
        audit.shared(state));
    apply(state);
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
}
