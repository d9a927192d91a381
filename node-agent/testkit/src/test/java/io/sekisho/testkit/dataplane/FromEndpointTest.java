package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where what a pod sends goes to, and what it must not send. */
class FromEndpointTest extends DataplaneTestBase {
  private static final int SOURCE_MAC = 130;
  private static final int DESTINATION_MAC = 131;
  private static final int SOURCE_IP = 132;
  private static final int UNSUPPORTED_L3 = 139;
  private static final int FORGED_TUNNEL = 170;
  private static final int INVALID_IDENTITY = 171;
  private static final int FORBIDDEN_ICMPV6 = 176;
  private static final int VLAN = 182;
  private static final int TTL_EXCEEDED = 196;
  private static final int NOT_READY = 203;

  private static final int TO_HOST = 2;
  private static final int TO_STACK = 3;
  private static final int TO_OVERLAY = 4;
  private static final int TO_NETWORK = 11;
  private static final int TO_ENDPOINT = 101;

  private static byte[] syn(String destination) {
    return CLIENT.sends(destination).tcp(40000, 80, Tcp.SYN).build();
  }

  private static int point(Outcome outcome) {
    return outcome.event(DatapathEvent.TRACE).subtype();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void toLocalPod_isRedirectedWithItsMacsAndOneHopLess(boolean ipv6) {
    Outcome outcome = sends(CLIENT, syn(SERVER.address(ipv6)));
    assertEquals(Outcome.REDIRECT, outcome.action());
    assertEquals(TO_ENDPOINT, point(outcome));
    Frame frame = Frame.of(outcome.packet());
    assertArrayEquals(SERVER.podMac(), frame.destinationMac());
    assertArrayEquals(SERVER.hostMac(), frame.sourceMac());
    assertEquals(63, frame.hopLimit());
    assertTrue(frame.headerChecksumRight());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 64, 255})
  void toLocalPod_anyTtl_keepsTheChecksumRight(int ttl) {
    for (int port = 0; port < 300; port++) {
      byte[] packet = CLIENT.sends(SERVER.ipv4()).hopLimit(ttl).payload(port).udp(port, 9).build();
      Frame frame = Frame.of(sends(CLIENT, packet).packet());
      assertEquals(ttl - 1, frame.hopLimit());
      assertTrue(frame.headerChecksumRight());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void toRemotePod_goesIntoTheOverlay(boolean ipv6) {
    Outcome outcome = sends(CLIENT, syn(ipv6 ? REMOTE_IPV6 : REMOTE_IPV4));
    assertEquals(Outcome.REDIRECT, outcome.action());
    assertEquals(TO_OVERLAY, point(outcome));
    assertEquals(63, Frame.of(outcome.packet()).hopLimit());
    DatapathEvent event = outcome.event(DatapathEvent.TRACE);
    assertEquals(CLIENT.identity(), event.sourceIdentity());
    assertEquals(REMOTE_IDENTITY, event.destinationIdentity());
    assertTrue(event.egress());
  }

  @Test
  void toRemotePod_overIpv6Underlay_goesIntoTheOverlay() {
    node.locate(new Location("10.244.3.3", 32, 1010, "fd18::3"));
    Outcome outcome = sends(CLIENT, syn("10.244.3.3"));
    assertEquals(TO_OVERLAY, point(outcome));
  }

  @Test
  void toRemotePod_identityTooLongForTheTunnel_isDropped() {
    Pod local = CLIENT.identity(1 << 24);
    node.update(local);
    assertDropped(INVALID_IDENTITY, sends(local, syn(REMOTE_IPV4)));
  }

  @ParameterizedTest
  @ValueSource(strings = {Dataplane.NODE_IPV4, Dataplane.NODE_IPV6})
  void toOwnNode_goesToTheStackUntouched(String destination) {
    byte[] packet = syn(destination);
    Outcome outcome = sends(CLIENT, packet);
    assertEquals(Outcome.OK, outcome.action());
    assertEquals(TO_HOST, point(outcome));
    assertArrayEquals(packet, outcome.packet());
    assertEquals(1, outcome.event(DatapathEvent.TRACE).destinationIdentity());
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void toWorld_goesStraightToTheUnderlay(String destination) {
    Outcome outcome = sends(CLIENT, syn(destination));
    assertEquals(Outcome.REDIRECT, outcome.action());
    assertEquals(TO_NETWORK, point(outcome));
    assertEquals(63, Frame.of(outcome.packet()).hopLimit());
    assertEquals(2, outcome.event(DatapathEvent.TRACE).destinationIdentity());
  }

  @Test
  void toPrefixOfTheIpcache_hasItsIdentity() {
    node.locate(new Location("198.51.100.0", 24, 1 << 24, ""));
    node.locate(new Location("198.51.100.128", 25, (1 << 24) + 1, ""));
    assertEquals(
        1 << 24,
        sends(CLIENT, syn("198.51.100.7")).event(DatapathEvent.TRACE).destinationIdentity());
    assertEquals(
        (1 << 24) + 1,
        sends(CLIENT, syn("198.51.100.200")).event(DatapathEvent.TRACE).destinationIdentity());
  }

  private int identityOf(String destination) {
    byte[] packet = CLIENT.sends(destination).udp(node.connections().size() + 1, 9).build();
    return sends(CLIENT, packet).event(DatapathEvent.TRACE).destinationIdentity();
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.77", "2001:db8:77::77"})
  void toAddressThatChangesHands_theNextPacketKnows(String address) {
    int length = address.contains(":") ? 128 : 32;
    assertEquals(2, identityOf(address));
    assertEquals(2, identityOf(address));
    node.locate(new Location(address, length, 1010, ""));
    assertEquals(1010, identityOf(address));
    node.locate(new Location(address, length, 1011, ""));
    assertEquals(1011, identityOf(address));
    assertEquals(1011, identityOf(address));
  }

  @Test
  void whileTheIpcacheChanges_nothingIsRemembered() {
    String address = "192.0.2.78";
    int version = node.ipcacheVersion();
    node.locate(new Location(address, 32, 1010, ""));
    node.ipcacheVersion(version + 1);
    assertEquals(1010, identityOf(address));
    node.locate(new Location(address, 32, 1011, ""));
    node.ipcacheVersion(version + 1);
    assertEquals(1011, identityOf(address));
    node.ipcacheVersion(version + 6);
  }

  @Test
  void addressesOfOnePlace_areToldApart() {
    node.locate(new Location("192.0.2.79", 32, 1010, ""));
    node.locate(new Location("192.0.2.81", 32, 1011, ""));
    for (int i = 0; i < 512; i++) { // more than one place holds
      assertEquals(2, identityOf("198.19." + i / 256 + "." + i % 256));
    }
    assertEquals(1010, identityOf("192.0.2.79"));
    assertEquals(1011, identityOf("192.0.2.81"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"224.0.0.251", "255.255.255.255", "ff02::fb"})
  void toGroup_isLeftToTheStack(String group) {
    Outcome outcome = sends(CLIENT, CLIENT.sends(group).udp(5353, 5353).build());
    assertEquals(Outcome.OK, outcome.action());
    assertEquals(TO_STACK, point(outcome));
  }

  @ParameterizedTest
  @CsvSource({
    "10.244.1.12, 0",
    "10.244.1.12, 1",
    "fd00:10:244:1::12, 1",
    "10.244.2.13, 1",
    "203.0.113.9, 1"
  })
  void lastHop_isADropThatTheStackAnswers(String destination, int hopLimit) {
    byte[] packet = CLIENT.sends(destination).hopLimit(hopLimit).udp(40000, 33434).build();
    Outcome outcome = sends(CLIENT, packet);
    assertEquals(Outcome.OK, outcome.action());
    assertEquals(TTL_EXCEEDED, outcome.dropReason());
    assertArrayEquals(packet, outcome.packet());
    assertTrue(node.connections().isEmpty());
  }

  @Test
  void lastHop_toOwnNode_passes() {
    assertPasses(sends(CLIENT, CLIENT.sends(Dataplane.NODE_IPV4).hopLimit(1).udp(1, 2).build()));
  }

  @Test
  void otherSourceMac_isDropped() {
    byte[] packet =
        PacketBuilder.packet(CLIENT.ipv4(), SERVER.ipv4())
            .macs(SERVER.podMac(), CLIENT.hostMac())
            .tcp(1, 2, Tcp.SYN)
            .build();
    assertDropped(SOURCE_MAC, sends(CLIENT, packet));
  }

  @Test
  void otherDestinationMac_isDropped() {
    byte[] packet =
        PacketBuilder.packet(CLIENT.ipv4(), SERVER.ipv4())
            .macs(CLIENT.podMac(), SERVER.podMac())
            .tcp(1, 2, Tcp.SYN)
            .build();
    assertDropped(DESTINATION_MAC, sends(CLIENT, packet));
  }

  @ParameterizedTest
  @CsvSource({
    "10.244.1.12, 10.244.1.12", // another pod's
    "10.244.1.99, 10.244.1.12", // nobody's
    "0.0.0.0, 255.255.255.255",
    "fd00:10:244:1::12, fd00:10:244:1::12",
    "fe80::b, fd00:10:244:1::12",
    "::, ff02::1"
  })
  void otherSourceAddress_isDropped(String source, String destination) {
    byte[] packet =
        PacketBuilder.packet(source, destination)
            .macs(CLIENT.podMac(), CLIENT.hostMac())
            .udp(68, 67)
            .build();
    assertDropped(SOURCE_IP, sends(CLIENT, packet));
  }

  @Test
  void podWithoutIpv6_sendingFromNoAddress_isDropped() {
    Pod single = new Pod(21, 1021, "10.244.1.21", "", 0, 1);
    node.wire(single);
    byte[] packet =
        PacketBuilder.packet("::", SERVER.ipv6())
            .macs(single.podMac(), single.hostMac())
            .udp(1, 2)
            .build();
    assertDropped(SOURCE_IP, sends(single, packet));
    node.unwire(single);
  }

  @Test
  void unknownInterface_passesNothing() {
    node.unwire(CLIENT);
    assertDropped(NOT_READY, sends(CLIENT, syn(SERVER.ipv4())));
  }

  @ParameterizedTest
  @CsvSource({"198.18.0.2", "198.18.0.1", "203.0.113.9"})
  void vxlanByAPod_isDropped(String destination) {
    assertDropped(FORGED_TUNNEL, sends(CLIENT, CLIENT.sends(destination).udp(40000, 8472).build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.244.1.12", REMOTE_IPV4})
  void theOverlaysPort_betweenPods_isAPortAsAnyOther(String destination) {
    assertPasses(sends(CLIENT, CLIENT.sends(destination).udp(40000, 8472).build()));
  }

  @Test
  void arp_isLeftToTheStackWithoutNoise() {
    byte[] packet =
        PacketBuilder.ethernet(CLIENT.podMac(), new byte[6], Protocol.ETHERTYPE_ARP, new byte[28]);
    Outcome outcome = sends(CLIENT, packet);
    assertEquals(Outcome.OK, outcome.action());
    assertTrue(outcome.events().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "133, ff02::2, fe80::b", // router solicitation
    "135, ff02::1:ff00:1, ::", // duplicate address detection
    "136, fe80::1, fe80::b", // neighbour advertisement
    "131, ff02::16, fe80::b" // listener report
  })
  void neighbourDiscovery_isLeftToTheStackWithoutNoise(
      int type, String destination, String source) {
    byte[] packet =
        PacketBuilder.packet(source, destination)
            .macs(CLIENT.podMac(), CLIENT.hostMac())
            .hopLimit(255)
            .payload(16)
            .icmp(type, 0, 0)
            .build();
    Outcome outcome = sends(CLIENT, packet);
    assertEquals(Outcome.OK, outcome.action());
    assertTrue(outcome.events().isEmpty());
    assertTrue(node.connections().isEmpty());
  }

  @Test
  void listenerReport_behindRouterAlert_isLeftToTheStack() {
    byte[] packet =
        PacketBuilder.packet("fe80::b", "ff02::16")
            .macs(CLIENT.podMac(), CLIENT.hostMac())
            .hopLimit(1)
            .extension(Protocol.HOP_BY_HOP, new byte[] {5, 2, 0, 0, 1, 0})
            .payload(20)
            .icmp(143, 0, 0)
            .build();
    Outcome outcome = sends(CLIENT, packet);
    assertEquals(Outcome.OK, outcome.action());
    assertTrue(outcome.events().isEmpty());
  }

  @Test
  void neighbourDiscovery_beyondTheLink_isTraffic() {
    assertDropped(
        SOURCE_IP,
        sends(
            CLIENT,
            PacketBuilder.packet("fe80::b", SERVER.ipv6())
                .macs(CLIENT.podMac(), CLIENT.hostMac())
                .icmp(135, 0, 0)
                .build()));
  }

  @ParameterizedTest
  @ValueSource(ints = {134, 137})
  void routerMessages_byAPod_areDropped(int type) {
    assertDropped(
        FORBIDDEN_ICMPV6, sends(CLIENT, CLIENT.sends("ff02::1").icmp(type, 0, 0).build()));
  }

  @ParameterizedTest
  @CsvSource({"0x8100, 182", "0x88A8, 182", "0x88CC, 139", "0x8847, 139"})
  void otherEthertypes_areDropped(String type, int reason) {
    byte[] packet =
        PacketBuilder.ethernet(
            CLIENT.podMac(), CLIENT.hostMac(), Integer.decode(type), new byte[46]);
    assertDropped(reason, sends(CLIENT, packet));
    assertTrue(reason == VLAN || reason == UNSUPPORTED_L3);
  }
}
