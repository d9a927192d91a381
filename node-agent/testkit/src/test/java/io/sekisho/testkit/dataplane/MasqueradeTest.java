package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves the cluster has the node's address, and its answers find the pod. */
class MasqueradeTest extends NetdevTestBase {
  private static final int TO_ENDPOINT = 101;
  private static final int TO_NETWORK = 11;

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void tcp_thereAndBack_isTranslated(String world) {
    byte[] syn = CLIENT.sends(world).tcp(40_000, 443, Tcp.SYN).build();
    Frame left = masqueraded(masquerades(CLIENT, syn));
    assertEquals(text(world), left.destination());
    assertEquals(443, left.destinationPort());
    assertTrue(left.sourcePort() >= FIRST_PORT);

    byte[] answer =
        incoming(world, own(world)).tcp(443, left.sourcePort(), Tcp.SYN | Tcp.ACK).build();
    Outcome arrived = arrives(answer);
    Frame got = delivered(arrived, CLIENT);
    assertEquals(text(world), got.source());
    assertEquals(443, got.sourcePort());
    assertEquals(40_000, got.destinationPort());
    assertEquals(63, got.hopLimit());
  }

  @ParameterizedTest
  @CsvSource({"203.0.113.9, 0", "203.0.113.9, 1", "2001:db8::9, 0", "2001:db8::9, 1401"})
  void udp_thereAndBack_isTranslated(String world, int payload) {
    byte[] query = CLIENT.sends(world).payload(payload).udp(40_000, 53).build();
    Frame left = masqueraded(masquerades(CLIENT, query));
    byte[] answer = incoming(world, own(world)).payload(payload).udp(53, left.sourcePort()).build();
    Frame got = delivered(arrives(answer), CLIENT);
    assertEquals(53, got.sourcePort());
    assertEquals(40_000, got.destinationPort());
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void echo_thereAndBack_isTranslated(String world) {
    byte[] ping = CLIENT.sends(world).payload(56).echo(7).build();
    Frame left = masqueraded(masquerades(CLIENT, ping));
    assertTrue(left.echoId() >= FIRST_PORT);
    byte[] answer = incoming(world, own(world)).payload(56).echoReply(left.echoId()).build();
    assertEquals(7, delivered(arrives(answer), CLIENT).echoId());
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void sctp_thereAndBack_keepsItsPort(String world) {
    byte[] packet = CLIENT.sends(world).payload(12).sctp(40_000, 36_412).build();
    Outcome left = masquerades(CLIENT, packet);
    assertEquals(Dataplane.MARK_MASQUERADED, left.mark());
    Frame frame = Frame.of(left.packet());
    assertEquals(text(own(world)), frame.source());
    assertEquals(40_000, frame.sourcePort());
    assertTrue(frame.headerChecksumRight());
    byte[] answer = incoming(world, own(world)).sctp(36_412, 40_000).build();
    Outcome arrived = arrives(answer);
    assertPasses(arrived);
    assertEquals(
        text(CLIENT.address(world.contains(":"))), Frame.of(arrived.packet()).destination());
  }

  @Test
  void sctp_portOfAnotherPod_isDropped() {
    masquerades(CLIENT, CLIENT.sends(WORLD_IPV4).sctp(40_000, 36_412).build());
    Outcome sent = sends(SERVER, SERVER.sends(WORLD_IPV4).sctp(40_000, 36_412).build());
    assertDropped(NO_MAPPING, leaves(sent.mark(), sent.packet()));
  }

  @Test
  void udp_withoutChecksum_staysWithout() {
    byte[] right = CLIENT.sends(WORLD_IPV4).payload(9).udp(40_000, 53).build();
    byte[] packet = Frame.with(Frame.with(right, 40, 0), 41, 0);
    Outcome left = masquerades(CLIENT, packet);
    assertEquals(0, left.packet()[40]);
    assertEquals(0, left.packet()[41]);
    Frame frame = masqueraded(left);
    byte[] answer = incoming(WORLD_IPV4, own(WORLD_IPV4)).udp(53, frame.sourcePort()).build();
    Outcome arrived = arrives(Frame.with(Frame.with(answer, 40, 0), 41, 0));
    assertEquals(0, arrived.packet()[40] | arrived.packet()[41]);
    delivered(arrived, CLIENT);
  }

  @Test
  void answer_event_speaksOfThePod() {
    byte[] query = CLIENT.sends(WORLD_IPV4).udp(40_000, 53).build();
    Outcome sent = sends(CLIENT, query);
    DatapathEvent out = sent.event(DatapathEvent.TRACE);
    assertEquals(TO_NETWORK, out.subtype());
    assertEquals(CLIENT.ipv4(), out.source());
    assertEquals(40_000, out.sourcePort());
    Frame left = masqueraded(leaves(sent.mark(), sent.packet()));
    byte[] answer = incoming(WORLD_IPV4, own(WORLD_IPV4)).udp(53, left.sourcePort()).build();
    DatapathEvent in = arrives(answer).event(DatapathEvent.TRACE);
    assertEquals(TO_ENDPOINT, in.subtype());
    assertEquals(CLIENT.ipv4(), in.destination());
    assertEquals(40_000, in.destinationPort());
    assertEquals(CLIENT.id(), in.endpoint());
    assertEquals(2, in.sourceIdentity());
    assertEquals(CLIENT.identity(), in.destinationIdentity());
    assertTrue(in.reply());
    assertTrue(in.egress());
  }

  @Test
  void connection_secondPacket_keepsItsPort() {
    byte[] syn = CLIENT.sends(WORLD_IPV4).tcp(40_000, 443, Tcp.SYN).build();
    byte[] ack = CLIENT.sends(WORLD_IPV4).tcp(40_000, 443, Tcp.ACK).build();
    int port = masqueraded(masquerades(CLIENT, syn)).sourcePort();
    for (int i = 0; i < 5; i++) {
      assertEquals(port, masqueraded(masquerades(CLIENT, ack)).sourcePort());
    }
    assertEquals(2, node.mappings().size());
  }

  @Test
  void pods_samePorts_areToldApart() {
    Frame first = masqueraded(masquerades(CLIENT, CLIENT.sends(WORLD_IPV4).udp(5353, 53).build()));
    Frame second = masqueraded(masquerades(SERVER, SERVER.sends(WORLD_IPV4).udp(5353, 53).build()));
    assertNotEquals(first.sourcePort(), second.sourcePort());
    byte[] toFirst = incoming(WORLD_IPV4, own(WORLD_IPV4)).udp(53, first.sourcePort()).build();
    byte[] toSecond = incoming(WORLD_IPV4, own(WORLD_IPV4)).udp(53, second.sourcePort()).build();
    delivered(arrives(toSecond), SERVER);
    delivered(arrives(toFirst), CLIENT);
  }

  @Test
  void answer_ofAnother_isTheNodesOwn() {
    Frame left = masqueraded(masquerades(CLIENT, CLIENT.sends(WORLD_IPV4).udp(5353, 53).build()));
    String own = own(WORLD_IPV4);
    int port = left.sourcePort();
    staysWithTheNode(incoming("203.0.113.10", own).udp(53, port).build());
    staysWithTheNode(incoming(WORLD_IPV4, own).udp(54, port).build());
    staysWithTheNode(incoming(WORLD_IPV4, own).tcp(53, port, Tcp.ACK).build());
    staysWithTheNode(incoming(WORLD_IPV4, own).udp(53, port ^ 1).build());
  }

  @Test
  void answer_toAPodThatIsGone_isTheNodesOwn() {
    Frame left = masqueraded(masquerades(CLIENT, CLIENT.sends(WORLD_IPV4).udp(5353, 53).build()));
    node.unwire(CLIENT);
    staysWithTheNode(incoming(WORLD_IPV4, own(WORLD_IPV4)).udp(53, left.sourcePort()).build());
  }

  @Test
  void answer_toAForgottenConnection_opensNone() {
    Frame left = masqueraded(masquerades(CLIENT, CLIENT.sends(WORLD_IPV4).udp(5353, 53).build()));
    node.forgetConnections();
    byte[] late = incoming(WORLD_IPV4, own(WORLD_IPV4)).udp(53, left.sourcePort()).build();
    Outcome outcome = arrives(late);
    assertDropped(NO_MAPPING, outcome);
    assertEquals(CLIENT.id(), outcome.event(DatapathEvent.DROP).endpoint());
    assertTrue(node.connections().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"198.51.100.7", "2001:db8:1::7"})
  void direct_keepsThePodsAddress(String destination) {
    node.locate(new Location("198.51.100.0", 24, 1 << 24, "", true));
    node.locate(new Location("2001:db8:1::", 48, 1 << 24, "", true));
    byte[] packet = CLIENT.sends(destination).udp(1, 2).build();
    Outcome sent = sends(CLIENT, packet);
    assertEquals(Outcome.REDIRECT, sent.action());
    assertEquals(TO_NETWORK, sent.event(DatapathEvent.TRACE).subtype());
    assertEquals(0, sent.mark());
    Outcome left = leaves(sent.mark(), sent.packet());
    assertArrayEquals(sent.packet(), left.packet());
  }

  @Test
  void reply_toWhoCameFromOutside_keepsThePodsAddress() {
    byte[] request = incoming(WORLD_IPV4, SERVER.ipv4()).tcp(50_000, 80, Tcp.SYN).build();
    delivered(arrives(request), SERVER);
    Outcome reply =
        sends(SERVER, SERVER.sends(WORLD_IPV4).tcp(80, 50_000, Tcp.SYN | Tcp.ACK).build());
    assertTrue(reply.event(DatapathEvent.TRACE).reply());
    assertEquals(0, reply.mark());
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.244.1.12", "10.244.2.13", "198.18.0.1"})
  void marks_ofTheDataplane_areNotAPods(String destination) {
    byte[] packet = CLIENT.sends(destination).udp(1, 2).build();
    int foreign = Dataplane.MARK_MASQUERADED | 0xc0de;
    int mark = counted(node.fromEndpoint(foreign, CLIENT, packet)).mark();
    assertEquals(0xc0de, mark & 0xffffff);
    assertNotEquals(Dataplane.MARK_MASQUERADE >>> 25, mark >>> 25, "one of both marks");
  }

  @Test
  void marks_ofOthers_stay() {
    byte[] packet = CLIENT.sends(WORLD_IPV4).udp(1, 2).build();
    Outcome sent = counted(node.fromEndpoint(0xc0de, CLIENT, packet));
    assertEquals(Dataplane.MARK_MASQUERADE | 0xc0de, sent.mark());
    assertEquals(Dataplane.MARK_MASQUERADED | 0xc0de, leaves(sent.mark(), sent.packet()).mark());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 0x5d000000, 0x5f000000, 0x4000})
  void unmarked_leavesUntouched(int mark) {
    for (byte[] packet :
        List.of(
            CLIENT.sends(WORLD_IPV4).udp(1, 2).build(),
            incoming(Dataplane.NODE_IPV4, WORLD_IPV4).tcp(22, 5, Tcp.ACK).build())) {
      Outcome left = leaves(mark, packet);
      assertArrayEquals(packet, left.packet());
      assertEquals(mark, left.mark());
    }
    assertTrue(node.mappings().isEmpty());
  }

  @Test
  void marked_withTheNodesAddressAlready_leavesUntouched() {
    byte[] packet = incoming(Dataplane.NODE_IPV4, WORLD_IPV4).udp(50_000, 53).build();
    assertArrayEquals(packet, leaves(Dataplane.MARK_MASQUERADE, packet).packet());
    assertTrue(node.mappings().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"203.0.113.9, 13", "203.0.113.9, 0", "2001:db8::9, 129", "2001:db8::9, 200"})
  void icmp_withoutAnswerThatIsKnown_isDropped(String world, int type) {
    byte[] packet = CLIENT.sends(world).icmp(type, 0, 7).build();
    Outcome sent = sends(CLIENT, packet);
    Outcome left = leaves(sent.mark(), sent.packet());
    assertDropped(UNSUPPORTED, left);
    DatapathEvent drop = left.event(DatapathEvent.DROP);
    assertEquals(CLIENT.id(), drop.endpoint());
    assertEquals(CLIENT.identity(), drop.sourceIdentity());
    assertEquals(text(CLIENT.address(world.contains(":"))), drop.source());
    assertTrue(drop.egress());
  }

  @Test
  void mappings_haveTwoHalves() {
    Frame left = masqueraded(masquerades(CLIENT, CLIENT.sends(WORLD_IPV4).udp(5353, 53).build()));
    var sent = new Tuple(CLIENT.ipv4(), WORLD_IPV4, 5353, 53, Protocol.UDP, true);
    var back =
        new Tuple(WORLD_IPV4, Dataplane.NODE_IPV4, 53, left.sourcePort(), Protocol.UDP, false);
    Mapping out = node.mappings().get(sent);
    Mapping in = node.mappings().get(back);
    assertEquals(Dataplane.NODE_IPV4, out.address());
    assertEquals(left.sourcePort(), out.port());
    assertEquals(CLIENT.ipv4(), in.address());
    assertEquals(5353, in.port());
    assertFalse(out.used() > System.nanoTime());
  }
}
