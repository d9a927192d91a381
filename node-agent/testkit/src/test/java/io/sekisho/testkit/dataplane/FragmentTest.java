package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Fragments;
import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fragments go the way of their first one, or nowhere. */
class FragmentTest extends DataplaneTestBase {
  private static final int POLICY_DENIED = 133;
  private static final int INVALID = 134;
  private static final int INVALID_L4 = 135;
  private static final int NOT_FOUND = 175;
  private static final int ID = 4711;

  private static PacketBuilder datagram(boolean ipv6) {
    return CLIENT.sends(SERVER.address(ipv6)).payload(100);
  }

  private static byte[] transport(PacketBuilder packet, String protocol) {
    return switch (protocol) {
      case "TCP" -> packet.tcp(40000, 80, Tcp.ACK).build();
      case "UDP" -> packet.udp(40000, 80).build();
      case "SCTP" -> packet.sctp(40000, 80).build();
      default -> packet.echo(80).build();
    };
  }

  @ParameterizedTest
  @CsvSource({
    "false,TCP",
    "true,TCP",
    "false,UDP",
    "true,UDP",
    "false,SCTP",
    "true,SCTP",
    "false,ECHO",
    "true,ECHO"
  })
  void toLocalPod_goTheSameWay_asOneConnection(boolean ipv6, String protocol) {
    byte[] whole = transport(datagram(ipv6), protocol);
    for (byte[] fragment : Fragments.cut(whole, ID, 24, 40, 8)) {
      Outcome outcome = sends(CLIENT, fragment);
      assertPasses(outcome);
      assertEquals(Outcome.REDIRECT, outcome.action());
      assertEquals(63, Frame.of(outcome.packet()).hopLimit());
      assertTrue(Frame.of(outcome.packet()).headerChecksumRight());
    }
    assertEquals(2, node.connections().size());
    node.connections().values().forEach(c -> assertEquals(4, c.opener().packets()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void byEveryWay_pass(boolean ipv6) {
    String outside = ipv6 ? WORLD_IPV6 : WORLD_IPV4;
    String remote = ipv6 ? REMOTE_IPV6 : REMOTE_IPV4;
    var out = CLIENT.sends(outside).payload(50).udp(1, 2).build();
    var toRemote = CLIENT.sends(remote).payload(50).udp(1, 2).build();
    var in = SERVER.gets(outside).payload(50).udp(1, 2).build();
    var host = SERVER.gets(ipv6 ? Dataplane.NODE_IPV6 : Dataplane.NODE_IPV4);
    var tunnel = PacketBuilder.packet(remote, SERVER.address(ipv6)).payload(50).udp(1, 2).build();
    Fragments.cut(out, ID, 16).forEach(f -> assertPasses(sends(CLIENT, f)));
    Fragments.cut(toRemote, ID, 16).forEach(f -> assertPasses(sends(CLIENT, f)));
    Fragments.cut(in, ID, 16).forEach(f -> assertPasses(gets(SERVER, f)));
    Fragments.cut(host.payload(50).udp(1, 2).build(), ID, 16)
        .forEach(f -> assertPasses(getsFromHost(SERVER, f)));
    Fragments.cut(tunnel, ID, 16).forEach(f -> assertPasses(tunnelled(REMOTE_IDENTITY, f)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void deniedFirst_isDeniedWhole(boolean ipv6) {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(CLIENT.identity(), 100).port(17, 81));
    for (byte[] fragment : Fragments.cut(datagram(ipv6).udp(40000, 80).build(), ID, 16, 16)) {
      assertDropped(POLICY_DENIED, sends(CLIENT, fragment));
    }
    Fragments.cut(datagram(ipv6).udp(40000, 81).build(), ID + 1, 16, 16)
        .forEach(f -> assertPasses(sends(CLIENT, f)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reply_passes(boolean ipv6) {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    assertPasses(sends(CLIENT, datagram(ipv6).udp(40000, 80).build()));
    byte[] reply = SERVER.sends(CLIENT.address(ipv6)).payload(64).udp(80, 40000).build();
    Fragments.cut(reply, ID, 16, 16).forEach(f -> assertPasses(sends(SERVER, f)));
    byte[] other = SERVER.sends(CLIENT.address(ipv6)).payload(64).udp(81, 40000).build();
    Fragments.cut(other, ID + 1, 16).forEach(f -> assertDropped(POLICY_DENIED, sends(SERVER, f)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void later_withoutFirst_isDropped(boolean ipv6) {
    List<byte[]> fragments = Fragments.cut(datagram(ipv6).udp(1, 2).build(), ID, 16);
    Outcome outcome = sends(CLIENT, fragments.get(1));
    assertDropped(NOT_FOUND, outcome);
    assertEquals(0, outcome.event(DatapathEvent.DROP).sourcePort());
    assertDropped(NOT_FOUND, tunnelled(REMOTE_IDENTITY, fragments.get(1)));
    assertDropped(NOT_FOUND, gets(SERVER, fragments.get(1)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void later_ofAnotherPacket_isDropped(boolean ipv6) {
    byte[] whole = datagram(ipv6).udp(1, 2).build();
    assertPasses(sends(CLIENT, Fragments.cut(whole, ID, 16).get(0)));
    assertDropped(NOT_FOUND, sends(CLIENT, Fragments.cut(whole, ID + 1, 16).get(1)));
    byte[] toClient = SERVER.sends(CLIENT.address(ipv6)).payload(100).udp(1, 2).build();
    assertDropped(NOT_FOUND, sends(SERVER, Fragments.cut(toClient, ID, 16).get(1)));
  }

  @Test
  void ipv4_laterOfAnotherProtocol_isDropped() {
    assertPasses(sends(CLIENT, Fragments.cut(datagram(false).udp(1, 2).build(), ID, 16).get(0)));
    byte[] tcp = datagram(false).tcp(1, 2, Tcp.ACK).build();
    assertDropped(NOT_FOUND, sends(CLIENT, Fragments.cut(tcp, ID, 24).get(1)));
  }

  @Test
  void ipv6_nextHeaderOfALaterOne_doesNotCount() {
    List<byte[]> fragments = Fragments.cut(datagram(true).udp(1, 2).build(), ID, 16);
    assertPasses(sends(CLIENT, fragments.get(0)));
    Outcome later = sends(CLIENT, Frame.with(fragments.get(1), Frame.ETHERNET + 40, Protocol.TCP));
    assertPasses(later);
    assertEquals(2, node.connections().size());
  }

  @ParameterizedTest
  @CsvSource({"false, 30", "true, 60"})
  void later_tooLate_isDropped(boolean ipv6, int seconds) {
    List<byte[]> fragments = Fragments.cut(datagram(ipv6).udp(1, 2).build(), ID, 16, 16);
    assertPasses(sends(CLIENT, fragments.get(0)));
    node.ageFragments(Duration.ofSeconds(seconds - 10).toNanos());
    assertPasses(sends(CLIENT, fragments.get(1)));
    node.ageFragments(Duration.ofSeconds(10).toNanos());
    assertDropped(NOT_FOUND, sends(CLIENT, fragments.get(2)));
  }

  @ParameterizedTest
  @CsvSource({"false, TCP, 3", "true, TCP, 3", "false, SCTP, 2", "true, SCTP, 2", "false, UDP, 1"})
  void later_overTheHeaderOfLayer4_isDropped(boolean ipv6, String protocol, int least) {
    byte[] whole = transport(datagram(ipv6), protocol);
    assertPasses(sends(CLIENT, Fragments.cut(whole, ID, 24).get(0)));
    for (int offset = 1; offset <= 4; offset++) {
      Outcome outcome = sends(CLIENT, Fragments.cut(whole, ID, 8 * offset).get(1));
      assertEquals(offset < least ? INVALID : 0, outcome.dropReason(), "offset " + offset);
    }
  }

  @Test
  void ipv6_laterOverAnExtensionHeader_isDropped() {
    byte[] whole =
        CLIENT
            .sends(SERVER.ipv6())
            .extension(Protocol.DESTINATION_OPTIONS, new byte[14])
            .payload(60)
            .udp(1, 2)
            .build();
    assertPasses(sends(CLIENT, Fragments.cut(whole, ID, 32).get(0)));
    assertDropped(INVALID, sends(CLIENT, Fragments.cut(whole, ID, 8).get(1)));
    assertDropped(INVALID, sends(CLIENT, Fragments.cut(whole, ID, 16).get(1)));
    assertPasses(sends(CLIENT, Fragments.cut(whole, ID, 24).get(1)));
  }

  @ParameterizedTest
  @CsvSource({"false, TCP, 16", "true, TCP, 16", "false, SCTP, 8", "true, SCTP, 8"})
  void first_withoutWholeHeader_isDropped(boolean ipv6, String protocol, int length) {
    byte[] whole = transport(datagram(ipv6), protocol);
    List<byte[]> fragments = Fragments.cut(whole, ID, length);
    assertDropped(INVALID_L4, sends(CLIENT, fragments.get(0)));
    assertDropped(NOT_FOUND, sends(CLIENT, fragments.get(1)));
  }

  @Test
  void first_withTcpOptionsCutOff_isDropped() {
    byte[] whole = transport(datagram(false), "TCP");
    whole[Frame.ETHERNET + 20 + 12] = (byte) 0xa0;
    assertDropped(INVALID_L4, sends(CLIENT, Fragments.cut(whole, ID, 24).get(0)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void later_beyondTheLongestPacket_isDropped(boolean ipv6) {
    sends(CLIENT, Fragments.cut(datagram(ipv6).udp(1, 2).build(), ID, 16).get(0));
    byte[] last =
        CLIENT.sends(SERVER.address(ipv6)).fragment(8191, false).payload(8).udp(1, 2).build();
    assertDropped(INVALID, sends(CLIENT, last));
  }

  @Test
  void later_withoutContent_isDropped() {
    byte[] empty = CLIENT.sends(SERVER.ipv4()).fragment(9, false).payload(0).protocol(17).build();
    assertDropped(INVALID, sends(CLIENT, empty));
  }

  @Test
  void first_ofALiar_isNotRemembered() {
    byte[] lie =
        PacketBuilder.packet(CLIENT.ipv4(), SERVER.ipv4())
            .macs(SERVER.podMac(), SERVER.hostMac())
            .payload(100)
            .udp(1, 2)
            .build();
    assertDropped(132, sends(SERVER, Fragments.cut(lie, ID, 16).get(0)));
    assertDropped(
        NOT_FOUND, sends(CLIENT, Fragments.cut(datagram(false).udp(1, 2).build(), ID, 16).get(1)));
  }

  @Test
  void laterOfTcp_neitherEstablishesNorCloses() {
    byte[] syn = datagram(false).tcp(40000, 80, Tcp.SYN).build();
    Fragments.cut(syn, ID, 24, 24).forEach(f -> assertPasses(sends(CLIENT, f)));
    for (Connection c : node.connections().values()) {
      assertEquals(0, c.flags());
      assertEquals(Tcp.SYN, c.openerFlags());
      assertEquals(3, c.opener().packets());
    }
  }

  @Test
  void later_ofAForgottenConnection_opensNone_butIsTold() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(CLIENT.identity(), 100));
    List<byte[]> fragments = Fragments.cut(datagram(false).tcp(1, 2, Tcp.ACK).build(), ID, 24);
    assertPasses(sends(CLIENT, fragments.get(0)));
    node.forgetConnections();
    Outcome outcome = sends(CLIENT, fragments.get(1));
    assertPasses(outcome);
    assertTrue(node.connections().isEmpty());
    DatapathEvent event = outcome.event(DatapathEvent.TRACE);
    assertEquals(1, event.packets());
    assertEquals(100, event.ruleId());
    assertEquals(2, event.destinationPort());
    assertTrue(!event.opened());
  }

  @Test
  void policyChanged_laterIsDecidedAgain() {
    List<byte[]> fragments = Fragments.cut(datagram(false).udp(1, 2).build(), ID, 16);
    assertPasses(sends(CLIENT, fragments.get(0)));
    enforced(SERVER.policyRevision(2), Pod.ENFORCE_INGRESS);
    assertDropped(POLICY_DENIED, sends(CLIENT, fragments.get(1)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void icmpError_aboutALater_passesIfTheFirstIsKnown(boolean ipv6) {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    List<byte[]> known = Fragments.cut(datagram(ipv6).udp(40000, 80).build(), ID, 16, 16);
    known.forEach(f -> assertPasses(sends(CLIENT, f)));
    List<byte[]> unknown = Fragments.cut(datagram(ipv6).udp(40000, 80).build(), ID + 1, 16);
    known.forEach(f -> assertPasses(sends(SERVER, error(ipv6, f))));
    assertDropped(POLICY_DENIED, sends(SERVER, error(ipv6, unknown.get(1))));
  }

  private static byte[] error(boolean ipv6, byte[] fragment) {
    return SERVER.sends(CLIENT.address(ipv6)).quoting(fragment).build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void icmpError_inFragments_isDecidedByPolicy(boolean ipv6) {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    byte[] cause = datagram(ipv6).udp(40000, 80).build();
    assertPasses(sends(CLIENT, cause));
    byte[] error = SERVER.sends(CLIENT.address(ipv6)).unreachable(cause).build();
    assertPasses(sends(SERVER, error));
    Fragments.cut(error, ID, 16).forEach(f -> assertDropped(POLICY_DENIED, sends(SERVER, f)));
  }

  @Test
  void neighbourDiscovery_inFragments_isNotLeftToTheStack() {
    byte[] solicitation =
        PacketBuilder.packet(CLIENT.ipv6(), "ff02::1:ff00:1")
            .macs(CLIENT.podMac(), CLIENT.hostMac())
            .payload(16)
            .icmp(135, 0, 0)
            .build();
    assertTrue(sends(CLIENT, solicitation).events().isEmpty());
    enforced(CLIENT, Pod.ENFORCE_EGRESS);
    Fragments.cut(solicitation, ID, 8).forEach(f -> assertDropped(POLICY_DENIED, sends(CLIENT, f)));
  }

  @Test
  void anyDatagram_cutAnyhow_passesWholeOrIsDeniedWhole() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(CLIENT.identity(), 100).port(17, 80));
    Random random = new Random(7);
    for (int i = 0; i < 400; i++) {
      boolean allowed = random.nextBoolean();
      byte[] whole =
          CLIENT
              .sends(SERVER.address(random.nextBoolean()))
              .payload(9 + random.nextInt(1400))
              .udp(1 + random.nextInt(65535), allowed ? 80 : 81 + random.nextInt(1000))
              .build();
      Set<Integer> reasons =
          Fragments.cutAtRandom(whole, i, 8, random).stream()
              .map(f -> sends(CLIENT, f).dropReason())
              .collect(Collectors.toSet());
      assertEquals(Set.of(allowed ? 0 : POLICY_DENIED), reasons, "datagram " + i);
    }
  }
}
