package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.testkit.Await;
import io.sekisho.testkit.packet.Tcp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs remember of endpoints, by interface and by address, and when they forget it. */
class RememberedEndpointTest extends DataplaneTestBase {
  private static final int OTHER = 1077;
  private static final int NO_ROUTE = 169;
  private static final int NOT_READY = 203;

  /** Identities of both ends, as a new connection between them is told. */
  private List<Integer> ends(boolean ipv6) {
    node.forgetConnections();
    DatapathEvent trace =
        sends(CLIENT, CLIENT.sends(SERVER.address(ipv6)).tcp(40000, 80, Tcp.SYN).build())
            .event(DatapathEvent.TRACE);
    return List.of(trace.sourceIdentity(), trace.destinationIdentity());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endpointsThatChange_theNextPacketKnows(boolean ipv6) {
    assertEquals(List.of(CLIENT.identity(), SERVER.identity()), ends(ipv6));
    node.update(CLIENT.identity(OTHER));
    assertEquals(List.of(OTHER, SERVER.identity()), ends(ipv6));
    node.update(SERVER.identity(OTHER + 1));
    assertEquals(List.of(OTHER, OTHER + 1), ends(ipv6));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sameVersion_isRemembered(boolean ipv6) {
    // a processor remembers for itself: both packets may have met different ones
    Await.until("what was remembered", () -> isRemembered(ipv6));
    assertEquals(List.of(OTHER, OTHER), ends(ipv6));
  }

  /** Whether a packet meets endpoints that are others by now, under the version of before. */
  private boolean isRemembered(boolean ipv6) {
    node.update(CLIENT);
    node.update(SERVER);
    List<Integer> first = ends(ipv6);
    int version = node.ipcacheVersion();
    node.update(CLIENT.identity(OTHER));
    node.update(SERVER.identity(OTHER));
    node.ipcacheVersion(version);
    List<Integer> again = ends(ipv6);
    node.ipcacheVersion(version + 4);
    return again.equals(first);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whileTablesChange_nothingIsRemembered(boolean ipv6) {
    int odd = node.ipcacheVersion() + 1;
    node.ipcacheVersion(odd);
    assertEquals(List.of(CLIENT.identity(), SERVER.identity()), ends(ipv6));
    node.update(CLIENT.identity(OTHER));
    node.update(SERVER.identity(OTHER));
    node.ipcacheVersion(odd);
    assertEquals(List.of(OTHER, OTHER), ends(ipv6));
    node.ipcacheVersion(odd + 1);
    assertEquals(List.of(OTHER, OTHER), ends(ipv6));
    node.ipcacheVersion(odd + 9);
  }

  @Test
  void addressesOfOnePlace_areToldApart() {
    Pod near = Pod.of(21, 1021);
    // the last two bytes of the address change places: the hash takes no note of it
    Pod far = new Pod(22, 1022, "10.244.21.1", "fd00:10:244:1::22", 0, 1);
    node.wire(near);
    node.wire(far);
    for (int i = 0; i < 3; i++) {
      for (Pod pod : List.of(near, far)) {
        node.forgetConnections();
        byte[] syn = CLIENT.sends(pod.ipv4()).tcp(40000, 80, Tcp.SYN).build();
        DatapathEvent trace = sends(CLIENT, syn).event(DatapathEvent.TRACE);
        assertEquals(pod.id(), trace.endpoint());
      }
    }
    node.unwire(near);
    node.unwire(far);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void receiverThatGoes_isForgotten(boolean ipv6) {
    byte[] syn = CLIENT.sends(SERVER.address(ipv6)).tcp(40000, 80, Tcp.SYN).build();
    assertEquals(Outcome.REDIRECT, sends(CLIENT, syn).action());
    node.unwire(SERVER);
    assertEquals(NO_ROUTE, sends(CLIENT, syn).dropReason());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void senderThatGoes_isForgotten(boolean ipv6) {
    byte[] syn = CLIENT.sends(SERVER.address(ipv6)).tcp(40000, 80, Tcp.SYN).build();
    assertPasses(sends(CLIENT, syn));
    node.unwire(CLIENT);
    assertDropped(NOT_READY, sends(CLIENT, syn));
  }
}
