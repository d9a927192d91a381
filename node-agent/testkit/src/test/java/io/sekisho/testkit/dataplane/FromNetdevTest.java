package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Fragments;
import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in by the underlay: to pods by their own address, and what is the node's own. */
class FromNetdevTest extends NetdevTestBase {
  private static final int SOURCE_IP = 132;
  private static final int POLICY_DENIED = 133;
  private static final int NO_ENDPOINT = 152;
  private static final int TTL_EXCEEDED = 196;
  private static final int WORLD = 2;
  private static final int TO_ENDPOINT = 101;

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void toPod_fromTheWorld_isDelivered(String world) {
    String pod = SERVER.address(world.contains(":"));
    Outcome outcome = arrives(incoming(world, pod).tcp(50_000, 80, Tcp.SYN).build());
    Frame got = delivered(outcome, SERVER);
    assertEquals(63, got.hopLimit());
    assertEquals(80, got.destinationPort());
    DatapathEvent event = outcome.event(DatapathEvent.TRACE);
    assertEquals(TO_ENDPOINT, event.subtype());
    assertEquals(WORLD, event.sourceIdentity());
    assertEquals(SERVER.identity(), event.destinationIdentity());
    assertTrue(event.opened());
  }

  @ParameterizedTest
  @CsvSource({
    "10.244.9.9, 1010",
    "fd00:10:244:9::9, 1010",
    "198.18.0.9, 6",
    "198.18.0.8, 6",
    "203.0.113.99, 2"
  })
  void toPod_identityIsThatOfTheIpcache(String source, int identity) {
    node.locate(new Location("10.244.9.9", 32, 1010, "", true));
    node.locate(new Location("fd00:10:244:9::9", 128, 1010, "", true));
    node.locate(new Location("198.18.0.9", 32, 6, "", true));
    node.locate(new Location("198.18.0.8", 32, 6, "198.18.0.8"));
    String pod = SERVER.address(source.contains(":"));
    Outcome outcome = arrives(incoming(source, pod).udp(1, 2).build());
    delivered(outcome, SERVER);
    assertEquals(identity, outcome.event(DatapathEvent.TRACE).sourceIdentity());
  }

  @Test
  void toPod_fromWhoClaimsToBeAHost_isTheWorld() {
    node.locate(new Location("198.18.0.77", 32, 1, ""));
    Outcome outcome = arrives(incoming("198.18.0.77", SERVER.ipv4()).udp(1, 2).build());
    assertEquals(WORLD, outcome.event(DatapathEvent.TRACE).sourceIdentity());
  }

  @ParameterizedTest
  @CsvSource({
    "198.18.0.1, 10.244.1.12", // the node's own
    "fd18::1, fd00:10:244:1::12",
    "10.244.1.11, 10.244.1.12", // a pod of the node
    "10.244.1.12, 10.244.1.12",
    "10.244.2.13, 10.244.1.12", // behind a tunnel
    "fd00:10:244:2::13, fd00:10:244:1::12",
    "127.0.0.1, 10.244.1.12",
    "0.0.0.0, 10.244.1.12",
    "224.0.0.1, 10.244.1.12",
    "::1, fd00:10:244:1::12",
    "::, fd00:10:244:1::12",
    "ff02::1, fd00:10:244:1::12"
  })
  void toPod_byAnAddressThatIsNotOutThere_isDropped(String source, String pod) {
    locateRemote();
    assertDropped(SOURCE_IP, arrives(incoming(source, pod).udp(1, 2).build()));
    assertTrue(node.connections().isEmpty());
  }

  private static void locateRemote() {
    node.locate(new Location(REMOTE_IPV4, 32, REMOTE_IDENTITY, "198.18.0.2"));
    node.locate(new Location(REMOTE_IPV6, 128, REMOTE_IDENTITY, "198.18.0.2"));
  }

  @Test
  void toPod_policyDenies_isDropped() {
    Pod closed = enforced(SERVER, Pod.ENFORCE_INGRESS);
    Outcome outcome = arrives(incoming(WORLD_IPV4, closed.ipv4()).udp(1, 2).build());
    assertDropped(POLICY_DENIED, outcome);
    assertEquals(closed.id(), outcome.event(DatapathEvent.DROP).endpoint());
  }

  @ParameterizedTest
  @CsvSource({"203.0.113.9, 1", "203.0.113.9, 0", "2001:db8::9, 1"})
  void toPod_lastHop_isADropThatTheStackAnswers(String world, int hopLimit) {
    String pod = SERVER.address(world.contains(":"));
    byte[] packet = incoming(world, pod).hopLimit(hopLimit).udp(1, 2).build();
    Outcome outcome = arrives(packet);
    assertEquals(Outcome.OK, outcome.action());
    assertEquals(TTL_EXCEEDED, outcome.dropReason());
    assertArrayEquals(packet, outcome.packet());
    assertTrue(node.connections().isEmpty());
  }

  @Test
  void toPod_portOfTheTunnel_isDelivered() {
    delivered(arrives(incoming(WORLD_IPV4, SERVER.ipv4()).udp(8472, 8472).build()), SERVER);
  }

  @ParameterizedTest
  @ValueSource(ints = {22, 80, 8472, 50_000})
  void toNode_staysWithTheNode(int port) {
    for (String world : new String[] {WORLD_IPV4, WORLD_IPV6}) {
      staysWithTheNode(incoming(world, own(world)).tcp(443, port, Tcp.ACK).build());
      staysWithTheNode(incoming(world, own(world)).payload(40).udp(443, port).build());
      staysWithTheNode(incoming(world, own(world)).sctp(443, port).build());
      staysWithTheNode(incoming(world, own(world)).echo(port).build());
      staysWithTheNode(incoming(world, own(world)).echoReply(port).build());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"198.18.0.7", "10.244.3.99", "10.244.2.13", "255.255.255.255", "224.0.0.5"})
  void toOthers_staysWithTheNode(String destination) {
    staysWithTheNode(incoming(WORLD_IPV4, destination).udp(1, 2).build());
  }

  private static void locateOwnRanges() {
    node.locate(Location.own("10.244.1.0", 24));
    node.locate(Location.own("fd00:10:244:1::", 64));
  }

  @ParameterizedTest
  @CsvSource({"203.0.113.9, 10.244.1.99", "2001:db8::9, fd00:10:244:1::99"})
  void toNobody_inTheNodesOwnRange_isADropThatTheStackAnswers(String world, String nobody) {
    locateOwnRanges();
    for (byte[] packet :
        List.of(
            incoming(world, nobody).tcp(50_000, 80, Tcp.SYN).build(),
            incoming(world, nobody).udp(50_000, 50_001).build(),
            incoming(world, nobody).echo(7).build())) {
      Outcome outcome = arrives(packet);
      assertEquals(Outcome.OK, outcome.action());
      assertEquals(NO_ENDPOINT, outcome.dropReason());
      DatapathEvent event = outcome.event(DatapathEvent.DROP);
      assertEquals(text(nobody), text(event.destination()));
      assertEquals(WORLD, event.sourceIdentity());
      assertArrayEquals(packet, outcome.packet());
    }
    assertTrue(node.connections().isEmpty());
  }

  @Test
  void toNobody_inFragments_eachIsToldForTheSameReason() {
    locateOwnRanges();
    byte[] whole = incoming(WORLD_IPV4, "10.244.1.99").payload(400).udp(1, 2).build();
    for (byte[] fragment : Fragments.cut(whole, 9, 200)) {
      Outcome outcome = arrives(fragment);
      assertEquals(Outcome.OK, outcome.action());
      assertEquals(NO_ENDPOINT, outcome.dropReason());
    }
  }

  @Test
  void toNobody_bySomebodyWhoIsNotOutThere_isDropped() {
    locateOwnRanges();
    assertDropped(SOURCE_IP, arrives(incoming(CLIENT.ipv4(), "10.244.1.99").udp(1, 2).build()));
  }

  @Test
  void toNobody_whomTheNodesRoutesKnow_staysWithTheNode() {
    node.locate(Location.own("192.0.2.64", 26));
    staysWithTheNode(incoming("198.18.0.7", "192.0.2.77").udp(1, 2).build());
  }

  @Test
  void tunnel_staysWithTheNode() {
    byte[] inner = CLIENT.gets(WORLD_IPV4).udp(1, 2).build();
    staysWithTheNode(incoming("198.18.0.2", Dataplane.NODE_IPV4).vxlan(8472, 7, inner).build());
    staysWithTheNode(incoming("fd18::2", Dataplane.NODE_IPV6).vxlan(8472, 7, inner).build());
  }

  @Test
  void toPod_frameForAnotherMachine_staysWithTheNode() {
    byte[] other = HexFormat.of().parseHex("02dd00000002");
    byte[] broadcast = HexFormat.of().parseHex("ffffffffffff");
    for (byte[] mac : new byte[][] {other, broadcast}) {
      staysWithTheNode(
          PacketBuilder.packet(WORLD_IPV4, SERVER.ipv4()).macs(other, mac).udp(1, 2).build());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Protocol.ETHERTYPE_ARP, Protocol.ETHERTYPE_VLAN, 0x88cc})
  void otherFrames_stayWithTheNode(int type) {
    staysWithTheNode(
        PacketBuilder.ethernet(new byte[6], Dataplane.UNDERLAY_MAC, type, new byte[60]));
  }

  @Test
  void neighbourDiscovery_ofAPodsAddress_staysWithTheNode() {
    byte[] solicitation =
        incoming("fd18::2", "ff02::1:ff00:12").hopLimit(255).icmp(135, 0, 0).build();
    staysWithTheNode(solicitation);
    byte[] probe = incoming("fe80::2", "fe80::1").hopLimit(255).icmp(135, 0, 0).build();
    staysWithTheNode(probe);
  }
}
