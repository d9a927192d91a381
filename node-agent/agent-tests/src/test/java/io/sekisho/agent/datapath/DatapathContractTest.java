package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.compile.PolicyTable;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every datapath must do; one subclass for each implementation. */
abstract class DatapathContractTest {
  /** An opened datapath on an empty kernel. */
  abstract Datapath datapath();

  /** Closes the present datapath and opens another one on the same kernel. */
  abstract List<WiredEndpoint> reopen();

  /** A wiring whose network namespace exists. */
  abstract Wiring wiring(int endpointId);

  static DesiredState state(WiredEndpoint... endpoints) {
    var byId = new java.util.HashMap<Integer, DesiredState.Endpoint>();
    var ipcache = new java.util.HashMap<Cidr, DesiredState.Location>();
    for (var endpoint : endpoints) {
      int identity = 1000 + endpoint.endpointId();
      byId.put(
          endpoint.endpointId(),
          new DesiredState.Endpoint(endpoint, identity, PolicyTable.OPEN, false));
      for (InetAddress address : endpoint.addresses()) {
        ipcache.put(Cidr.of(address), new DesiredState.Location(identity, Optional.empty(), false));
      }
    }
    return new DesiredState(byId, ipcache, Map.of());
  }

  @Test
  void wire_newEndpoint_namesItsInterface() {
    var made = datapath().wire(wiring(0x2a));

    assertEquals("lxc002a", made.hostInterface());
    assertEquals(wiring(0x2a).addresses(), made.addresses());
    assertTrue(made.hostIndex() > 0);
    assertTrue(made.mtu() >= 1280);
  }

  @Test
  void wire_twice_isIdempotent() {
    assertEquals(datapath().wire(wiring(7)), datapath().wire(wiring(7)));
  }

  @Test
  void wire_idOutOfRange_fails() {
    var tooLarge = new Wiring(65536, wiring(1).networkNamespace(), "eth0", List.of(), 0);

    var error = assertThrows(DatapathException.class, () -> datapath().wire(tooLarge));

    assertEquals(DatapathException.Code.WIRING_FAILED, error.code());
  }

  @Test
  void unwire_unknownEndpoint_doesNothing() {
    datapath().unwire(99);
  }

  @Test
  void wire_podOfAnEndpointThatWasJustUnwired_hasItsInterface() {
    var before = datapath().wire(wiring(1));
    datapath().unwire(1);

    var after =
        datapath().wire(new Wiring(2, wiring(1).networkNamespace(), "eth0", before.addresses(), 0));

    assertEquals(before.addresses(), after.addresses());
    assertEquals(Map.of(2, after), byId(reopen()));
  }

  @Test
  void apply_endpointWithoutInterface_isOneErrorAndOthersAreRealized() {
    var real = datapath().wire(wiring(1));
    var ghost =
        new WiredEndpoint(
            2, "lxc0002", 0x7ffffff0, "02:00:00:00:00:02", "02:00:00:01:00:02", List.of(), 1450);

    var errors = datapath().apply(state(real, ghost));

    assertEquals(
        List.of("endpoint 2"), errors.stream().map(Datapath.RealizeError::object).toList());
  }

  @Test
  void apply_sameTwice_hasNoErrors() {
    var state = state(datapath().wire(wiring(1)), datapath().wire(wiring(2)));

    assertEquals(List.of(), datapath().apply(state));
    assertEquals(List.of(), datapath().apply(state));
  }

  @Test
  void fill_afterApply_countsIpcache() {
    var state = state(datapath().wire(wiring(1)));
    datapath().apply(state);

    var fill = datapath().fill().stream().filter(f -> f.name().equals("ipcache")).findFirst();

    assertEquals(state.ipcache().size(), fill.orElseThrow().entries());
  }

  @Test
  void open_afterClose_returnsEndpoints() {
    var first = datapath().wire(wiring(1));
    var second = datapath().wire(wiring(2));
    datapath().apply(state(first, second));

    assertEquals(Map.of(1, first, 2, second), byId(reopen()));
  }

  @Test
  void open_afterUnwire_returnsWhatIsLeft() {
    var first = datapath().wire(wiring(1));
    var second = datapath().wire(wiring(2));
    datapath().apply(state(first, second));
    datapath().unwire(1);

    assertEquals(Map.of(2, second), byId(reopen()));
  }

  private static Map<Integer, WiredEndpoint> byId(List<WiredEndpoint> endpoints) {
    return endpoints.stream()
        .collect(java.util.stream.Collectors.toMap(WiredEndpoint::endpointId, e -> e));
  }
}
