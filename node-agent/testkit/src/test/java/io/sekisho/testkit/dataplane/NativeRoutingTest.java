package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.Tcp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node without overlay: packets between pods of two nodes travel as they are. */
class NativeRoutingTest extends NetdevTestBase {
  private static final int TO_NETWORK = 11;

  @BeforeAll
  static void withoutOverlay() {
    reload(NodeSettings.USUAL.with(NodeSettings.Flag.NATIVE_ROUTING));
  }

  @BeforeEach
  void locate() {
    node.locate(new Location(REMOTE_IPV4, 32, REMOTE_IDENTITY, "", true));
    node.locate(new Location(REMOTE_IPV6, 128, REMOTE_IDENTITY, "", true));
  }

  @ParameterizedTest
  @ValueSource(strings = {REMOTE_IPV4, REMOTE_IPV6})
  void toRemotePod_leavesAsItIs(String remote) {
    byte[] packet = CLIENT.sends(remote).tcp(40_000, 80, Tcp.SYN).build();
    Outcome sent = sends(CLIENT, packet);
    assertEquals(Outcome.REDIRECT, sent.action());
    DatapathEvent event = sent.event(DatapathEvent.TRACE);
    assertEquals(TO_NETWORK, event.subtype());
    assertEquals(REMOTE_IDENTITY, event.destinationIdentity());
    assertEquals(0, sent.mark());
    Frame frame = sound(sent);
    assertEquals(63, frame.hopLimit());
    assertEquals(text(CLIENT.address(remote.contains(":"))), frame.source());
    assertArrayEquals(sent.packet(), leaves(sent.mark(), sent.packet()).packet());
    assertTrue(node.mappings().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {REMOTE_IPV4, REMOTE_IPV6})
  void fromRemotePod_isDeliveredUnderItsIdentity(String remote) {
    byte[] packet =
        incoming(remote, SERVER.address(remote.contains(":"))).tcp(40_000, 80, Tcp.SYN).build();
    Outcome outcome = arrives(packet);
    delivered(outcome, SERVER);
    DatapathEvent event = outcome.event(DatapathEvent.TRACE);
    assertEquals(REMOTE_IDENTITY, event.sourceIdentity());
    assertFalse(event.reply());
  }

  @ParameterizedTest
  @ValueSource(strings = {REMOTE_IPV4, REMOTE_IPV6})
  void answerOfRemotePod_isAReply(String remote) {
    sends(CLIENT, CLIENT.sends(remote).tcp(40_000, 80, Tcp.SYN).build());
    byte[] answer =
        incoming(remote, CLIENT.address(remote.contains(":")))
            .tcp(80, 40_000, Tcp.SYN | Tcp.ACK)
            .build();
    Outcome outcome = arrives(answer);
    delivered(outcome, CLIENT);
    assertTrue(outcome.event(DatapathEvent.TRACE).reply());
  }

  @ParameterizedTest
  @ValueSource(strings = {REMOTE_IPV4, WORLD_IPV4})
  void portOfTunnels_isOneAsAnyOther(String destination) {
    assertPasses(sends(CLIENT, CLIENT.sends(destination).udp(1, 8472).build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void toTheWorld_isMasqueraded(String world) {
    masqueraded(masquerades(CLIENT, CLIENT.sends(world).udp(1, 2).build()));
  }
}
