package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes to a pod through the tunnel, and from the node's stack. */
class IngressTest extends DataplaneTestBase {
  private static final int SOURCE_IP = 132;
  private static final int POLICY_DENIED = 133;
  private static final int UNSUPPORTED_L3 = 139;
  private static final int TUNNEL_KEY = 147;
  private static final int NO_LOCAL_ENDPOINT = 152;
  private static final int TTL_EXCEEDED = 196;
  private static final int NOT_READY = 203;
  private static final int TO_ENDPOINT = 101;

  private static PacketBuilder remote(boolean ipv6) {
    return PacketBuilder.packet(ipv6 ? REMOTE_IPV6 : REMOTE_IPV4, SERVER.address(ipv6));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tunnel_toLocalPod_isRedirectedWithItsMacsAndOneHopLess(boolean ipv6) {
    Outcome outcome =
        tunnelled(REMOTE_IDENTITY, remote(ipv6).hopLimit(9).tcp(40000, 80, Tcp.SYN).build());
    assertEquals(Outcome.REDIRECT, outcome.action());
    Frame frame = Frame.of(outcome.packet());
    assertArrayEquals(SERVER.podMac(), frame.destinationMac());
    assertArrayEquals(SERVER.hostMac(), frame.sourceMac());
    assertEquals(8, frame.hopLimit());
    assertTrue(frame.headerChecksumRight());
    DatapathEvent event = outcome.event(DatapathEvent.TRACE);
    assertEquals(TO_ENDPOINT, event.subtype());
    assertEquals(REMOTE_IDENTITY, event.sourceIdentity());
    assertEquals(SERVER.identity(), event.destinationIdentity());
    assertTrue(event.opened());
    assertFalse(event.egress());
  }

  @Test
  void tunnel_identityOfTheKey_decides() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(REMOTE_IDENTITY, 100));
    byte[] packet = remote(false).tcp(40000, 80, Tcp.SYN).build();
    assertDropped(POLICY_DENIED, tunnelled(4711, packet));
    Outcome allowed = tunnelled(REMOTE_IDENTITY, packet);
    assertPasses(allowed);
    assertEquals(100, allowed.event(DatapathEvent.VERDICT).ruleId());
  }

  @Test
  void tunnel_replyToALocalPod_passes() {
    enforced(SERVER, Pod.ENFORCE_INGRESS | Pod.ENFORCE_EGRESS);
    node.policy(SERVER, List.of(PolicyRow.egress(REMOTE_IDENTITY, 100)));
    assertPasses(sends(SERVER, SERVER.sends(REMOTE_IPV4).tcp(40000, 80, Tcp.SYN).build()));
    Outcome reply =
        tunnelled(REMOTE_IDENTITY, remote(false).tcp(80, 40000, Tcp.SYN | Tcp.ACK).build());
    assertPasses(reply);
    DatapathEvent event = reply.event(DatapathEvent.TRACE);
    assertTrue(event.reply() && event.egress());
    assertEquals(100, event.ruleId());
  }

  @Test
  void tunnel_reply_goesBackThroughTheTunnel() {
    enforced(SERVER, Pod.ENFORCE_EGRESS);
    assertPasses(tunnelled(REMOTE_IDENTITY, remote(false).tcp(40000, 80, Tcp.SYN).build()));
    Outcome reply =
        sends(SERVER, SERVER.sends(REMOTE_IPV4).tcp(80, 40000, Tcp.SYN | Tcp.ACK).build());
    assertPasses(reply);
    DatapathEvent event = reply.event(DatapathEvent.TRACE);
    assertTrue(event.reply());
    assertFalse(event.egress());
  }

  @Test
  void tunnel_toNobody_isDropped() {
    assertDropped(
        NO_LOCAL_ENDPOINT,
        tunnelled(
            REMOTE_IDENTITY,
            PacketBuilder.packet(REMOTE_IPV4, "10.244.1.99").tcp(1, 2, Tcp.SYN).build()));
  }

  @Test
  void tunnel_lastHop_isDropped() {
    assertDropped(
        TTL_EXCEEDED, tunnelled(REMOTE_IDENTITY, remote(false).hopLimit(1).udp(1, 2).build()));
  }

  @Test
  void tunnel_withoutIdentity_isDropped() {
    assertDropped(TUNNEL_KEY, tunnelled(0, remote(false).udp(1, 2).build()));
  }

  @Test
  void overlayDevice_withoutTunnel_isDropped() {
    assertDropped(TUNNEL_KEY, counted(node.besideOverlay(remote(false).udp(1, 2).build())));
  }

  @Test
  void tunnel_arp_isDropped() {
    byte[] arp =
        PacketBuilder.ethernet(new byte[6], new byte[6], Protocol.ETHERTYPE_ARP, new byte[28]);
    assertDropped(UNSUPPORTED_L3, tunnelled(REMOTE_IDENTITY, arp));
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void stack_fromOutside_isWorld(String source) {
    byte[] packet = SERVER.gets(source).tcp(40000, 80, Tcp.SYN).build();
    Outcome outcome = gets(SERVER, packet);
    assertEquals(Outcome.OK, outcome.action());
    assertArrayEquals(packet, outcome.packet());
    DatapathEvent event = outcome.event(DatapathEvent.TRACE);
    assertEquals(2, event.sourceIdentity());
    assertEquals(TO_ENDPOINT, event.subtype());
  }

  @Test
  void stack_fromAPrefix_hasItsIdentity() {
    node.locate(new Location("192.0.2.0", 24, 1 << 24, ""));
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(1 << 24, 100));
    assertPasses(gets(SERVER, SERVER.gets("192.0.2.7").tcp(4, 80, Tcp.SYN).build()));
    assertDropped(POLICY_DENIED, gets(SERVER, SERVER.gets(WORLD_IPV4).tcp(4, 80, Tcp.SYN).build()));
  }

  @Test
  void stack_replyFromOutside_passes() {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    sends(CLIENT, CLIENT.sends(WORLD_IPV4).tcp(40000, 443, Tcp.SYN).build());
    assertPasses(gets(CLIENT, CLIENT.gets(WORLD_IPV4).tcp(443, 40000, Tcp.SYN | Tcp.ACK).build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.244.1.11", REMOTE_IPV4, REMOTE_IPV6})
  void stack_withAPodsAddress_isDropped(String source) {
    assertDropped(SOURCE_IP, gets(SERVER, SERVER.gets(source).udp(1, 2).build()));
  }

  @Test
  void stack_forAnotherAddress_isDropped() {
    assertDropped(
        NO_LOCAL_ENDPOINT,
        gets(SERVER, PacketBuilder.packet(WORLD_IPV4, CLIENT.ipv4()).udp(1, 2).build()));
  }

  @Test
  void stack_toUnknownInterface_isDropped() {
    node.unwire(SERVER);
    assertDropped(NOT_READY, gets(SERVER, SERVER.gets(WORLD_IPV4).udp(1, 2).build()));
  }

  @ParameterizedTest
  @CsvSource({"fe80::1, 135", "fe80::1, 136"})
  void stack_neighbourDiscovery_passesWithoutNoise(String source, int type) {
    byte[] packet =
        PacketBuilder.packet(source, "ff02::1:ff00:12")
            .macs(SERVER.hostMac(), SERVER.podMac())
            .hopLimit(255)
            .payload(16)
            .icmp(type, 0, 0)
            .build();
    Outcome outcome = getsFromHost(SERVER, packet);
    assertEquals(Outcome.OK, outcome.action());
    assertTrue(outcome.events().isEmpty());
  }
}
