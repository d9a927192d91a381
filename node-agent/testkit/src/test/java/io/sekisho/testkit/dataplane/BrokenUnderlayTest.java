package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Truncated and random packets on the underlay: those for pods are dropped for a typed reason,
 * those for the node are left to it.
 */
class BrokenUnderlayTest extends NetdevTestBase {
  private static final int IP = Frame.ETHERNET;
  private static final Set<Integer> BROKEN = Set.of(134, 135, 156);

  /** One right packet of each kind. */
  private static List<byte[]> kinds(String source, String destination) {
    byte[] quoted = PacketBuilder.packet(destination, source).payload(9).udp(50_000, 53).build();
    var kinds = new ArrayList<byte[]>();
    kinds.add(incoming(source, destination).payload(11).udp(53, 50_000).build());
    kinds.add(incoming(source, destination).tcp(443, 50_000, Tcp.ACK).build());
    kinds.add(incoming(source, destination).sctp(443, 50_000).build());
    kinds.add(incoming(source, destination).echoReply(50_000).build());
    kinds.add(incoming(source, destination).unreachable(quoted).build());
    if (source.contains(":")) {
      kinds.add(
          incoming(source, destination)
              .extension(Protocol.HOP_BY_HOP, new byte[6])
              .extension(Protocol.DESTINATION_OPTIONS, new byte[14])
              .tcp(443, 50_000, Tcp.ACK)
              .build());
    } else {
      kinds.add(
          incoming(source, destination).options(new byte[8]).tcp(443, 50_000, Tcp.ACK).build());
    }
    return kinds;
  }

  private static int shortest(byte[] packet) {
    return IP + (packet[IP] >> 4 == 6 ? 40 : 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void truncated_forTheNode_staysWithTheNode(String world) {
    for (byte[] whole : kinds(world, own(world))) {
      for (int length = shortest(whole); length <= whole.length; length++) {
        staysWithTheNode(Arrays.copyOf(whole, length));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void truncated_forAPod_isDropped(String world) {
    for (byte[] whole : kinds(world, SERVER.address(world.contains(":")))) {
      for (int length = shortest(whole); length < whole.length; length++) {
        Outcome outcome = arrives(Arrays.copyOf(whole, length));
        assertEquals(Outcome.SHOT, outcome.action());
        assertTrue(BROKEN.contains(outcome.dropReason()), outcome::toString);
        assertEquals(SERVER.id(), outcome.event(DatapathEvent.DROP).endpoint());
      }
    }
    assertTrue(node.connections().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void truncated_onItsWayOut_isDropped(String world) {
    byte[] quoted = CLIENT.gets(world).udp(53, 40_000).build();
    for (byte[] whole :
        List.of(
            CLIENT.sends(world).payload(11).udp(1, 2).build(),
            CLIENT.sends(world).tcp(1, 2, Tcp.SYN).build(),
            CLIENT.sends(world).echo(1).build(),
            CLIENT.sends(world).unreachable(quoted).build())) {
      for (int length = shortest(whole); length < whole.length; length++) {
        Outcome outcome = leaves(Dataplane.MARK_MASQUERADE, Arrays.copyOf(whole, length));
        assertEquals(Outcome.SHOT, outcome.action());
        assertTrue(BROKEN.contains(outcome.dropReason()), outcome::toString);
      }
    }
    assertTrue(node.mappings().isEmpty());
  }

  /** One count and one event if it is the dataplane's, none if it is the node's. */
  private void assertTyped(Outcome outcome) {
    if (outcome.action() == Outcome.OK && outcome.events().isEmpty()) {
      return;
    }
    counted(outcome);
    boolean stackAnswers = outcome.action() == Outcome.OK && outcome.dropReason() == 196;
    assertTrue(outcome.action() != Outcome.OK || stackAnswers, () -> "told and passed: " + outcome);
  }

  @ParameterizedTest
  @ValueSource(ints = {Protocol.ETHERTYPE_IPV4, Protocol.ETHERTYPE_IPV6})
  void random_content_isTyped(int ethertype) {
    Random random = new Random(ethertype);
    for (int i = 0; i < 500; i++) {
      byte[] content = new byte[40 + random.nextInt(160)];
      random.nextBytes(content);
      byte[] frame =
          PacketBuilder.ethernet(new byte[6], Dataplane.UNDERLAY_MAC, ethertype, content);
      assertTyped(node.fromNetdev(frame));
      assertTyped(node.toNetdev(Dataplane.MARK_MASQUERADE, frame));
    }
  }

  @Test
  void random_changesOfRightPackets_areTyped() {
    Random random = new Random(42);
    var kinds = new ArrayList<byte[]>();
    for (String world : List.of(WORLD_IPV4, WORLD_IPV6)) {
      masquerades(CLIENT, CLIENT.sends(world).udp(40_000, 53).build());
      kinds.addAll(kinds(world, own(world)));
      kinds.addAll(kinds(world, SERVER.address(world.contains(":"))));
    }
    for (int i = 0; i < 3000; i++) {
      byte[] packet = kinds.get(random.nextInt(kinds.size())).clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        packet[IP + random.nextInt(packet.length - IP)] = (byte) random.nextInt();
      }
      byte[] cut = Arrays.copyOf(packet, packet.length - random.nextInt(2));
      assertTyped(node.fromNetdev(cut));
      assertTyped(node.toNetdev(Dataplane.MARK_MASQUERADE, cut));
    }
  }
}
