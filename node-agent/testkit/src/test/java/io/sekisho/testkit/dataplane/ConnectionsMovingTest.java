package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes while connections are carried over from tables of the agent before. */
class ConnectionsMovingTest extends DataplaneTestBase {
  private static final int POLICY_DENIED = 133;
  private static final int PORT = 40_000;
  private static final Duration HALF_OPEN = Duration.ofSeconds(60);
  private static final Duration ESTABLISHED = Duration.ofHours(6);

  @BeforeEach
  void move() {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    node.connectionsMoveUntil(System.nanoTime() + Duration.ofHours(1).toNanos());
  }

  @AfterEach
  void moved() {
    node.connectionsMoveUntil(0);
  }

  private static PacketBuilder answer() {
    return PacketBuilder.packet(REMOTE_IPV4, CLIENT.ipv4());
  }

  private Outcome replier(int flags) {
    return tunnelled(REMOTE_IDENTITY, answer().tcp(80, PORT, flags).build());
  }

  private Outcome opener(int flags) {
    return sends(CLIENT, CLIENT.sends(REMOTE_IPV4).tcp(PORT, 80, flags).build());
  }

  private static void assertLives(Duration lifetime) {
    var tuple = new Tuple(CLIENT.ipv4(), REMOTE_IPV4, PORT, 80, Protocol.TCP, true);
    assertEquals(Set.of(tuple), node.connections().keySet());
    long left = node.connections().get(tuple).expires() - System.nanoTime();
    assertTrue(
        left <= lifetime.toNanos() && left > lifetime.toNanos() * 9 / 10,
        () -> "lives " + Duration.ofNanos(left));
  }

  /** Else who answers on nothing at all could fill the table with what outlives all others. */
  @Test
  void answer_onNothingKnown_passes_andLivesLongOnceItsOpenerIsSeen() {
    assertPasses(replier(Tcp.ACK));
    assertLives(HALF_OPEN);
    assertPasses(replier(Tcp.ACK | Tcp.PSH));
    assertLives(HALF_OPEN);
    assertPasses(opener(Tcp.ACK));
    assertLives(ESTABLISHED);
    assertPasses(replier(Tcp.ACK));
    assertLives(ESTABLISHED);
  }

  @Test
  void answer_whoseOpenerIsDenied_isDropped() {
    enforced(
        CLIENT,
        Pod.ENFORCE_INGRESS | Pod.ENFORCE_EGRESS,
        PolicyRow.egress(REMOTE_IDENTITY, 100).port(Protocol.TCP, 81));
    assertDropped(POLICY_DENIED, replier(Tcp.ACK));
    assertTrue(node.connections().isEmpty());
  }

  @Test
  void syn_isNoAnswer() {
    assertDropped(POLICY_DENIED, replier(Tcp.SYN));
  }

  @Test
  void datagram_isNoAnswer() {
    assertDropped(
        POLICY_DENIED, tunnelled(REMOTE_IDENTITY, answer().payload(9).udp(80, PORT).build()));
  }

  @ParameterizedTest
  @ValueSource(ints = {Tcp.ACK, Tcp.SYN | Tcp.ACK, Tcp.RST})
  void answer_afterwards_isDropped(int flags) {
    node.connectionsMoveUntil(System.nanoTime() - Dataplane.TICK);
    assertDropped(POLICY_DENIED, replier(flags));
  }
}
