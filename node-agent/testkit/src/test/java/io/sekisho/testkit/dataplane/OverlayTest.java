package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Fragments;
import io.sekisho.testkit.packet.Frame;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is believed in the overlay, and what the node's own stack sends and gets there. */
class OverlayTest extends DataplaneTestBase {
  private static final int SOURCE_IP = 132;
  private static final int POLICY_DENIED = 133;
  private static final int INVALID = 134;
  private static final int NO_LOCAL_ENDPOINT = 152;
  private static final int FORGED_TUNNEL = 170;
  private static final int INVALID_IDENTITY = 171;
  private static final int UNKNOWN_SENDER = 172;
  private static final int FRAGMENT_NOT_FOUND = 175;

  private static final int HOST = 1;
  private static final int WORLD = 2;
  private static final int TO_HOST = 2;
  private static final int TO_STACK = 3;
  private static final int TO_OVERLAY = 4;
  private static final int MARK = 0x5d000000;

  private static PacketBuilder remote(boolean ipv6) {
    return PacketBuilder.packet(ipv6 ? REMOTE_IPV6 : REMOTE_IPV4, SERVER.address(ipv6));
  }

  private static PacketBuilder toNode(boolean ipv6) {
    return PacketBuilder.packet(
        ipv6 ? REMOTE_IPV6 : REMOTE_IPV4, ipv6 ? Dataplane.NODE_IPV6 : Dataplane.NODE_IPV4);
  }

  private static PacketBuilder fromNode(boolean ipv6) {
    return PacketBuilder.packet(
        ipv6 ? Dataplane.NODE_IPV6 : Dataplane.NODE_IPV4, ipv6 ? REMOTE_IPV6 : REMOTE_IPV4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"198.18.0.3", "fd18::3", REMOTE_IPV4, WORLD_IPV6, Dataplane.NODE_IPV4})
  void in_fromWhoIsNoNode_isDropped(String sender) {
    byte[] packet = remote(false).udp(1, 2).build();
    Outcome outcome = counted(node.fromOverlay(sender, REMOTE_IDENTITY, packet));
    assertDropped(UNKNOWN_SENDER, outcome);
    assertEquals(0, outcome.event(DatapathEvent.DROP).sourceIdentity());
    assertTrue(node.connections().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {REMOTE_NODE_IPV4, REMOTE_NODE_IPV6})
  void in_fromANode_passes(String sender) {
    Outcome outcome =
        counted(node.fromOverlay(sender, REMOTE_IDENTITY, remote(true).udp(1, 2).build()));
    assertPasses(outcome);
    assertEquals(Outcome.REDIRECT, outcome.action());
  }

  @Test
  void in_fromTheOtherNodeItself_isRemoteNode() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(REMOTE_NODE, 100));
    byte[] packet =
        PacketBuilder.packet(REMOTE_NODE_IPV4, SERVER.ipv4()).tcp(40000, 80, Tcp.SYN).build();
    Outcome outcome = tunnelled(HOST, packet);
    assertPasses(outcome);
    assertEquals(REMOTE_NODE, outcome.event(DatapathEvent.TRACE).sourceIdentity());
    assertDropped(POLICY_DENIED, tunnelled(WORLD, packet));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void in_toTheNodeItself_goesToItsStackUntouched(boolean ipv6) {
    Fates before = node.fates();
    byte[] packet = toNode(ipv6).hopLimit(1).tcp(80, 40000, Tcp.SYN | Tcp.ACK).build();
    Outcome outcome = tunnelled(REMOTE_IDENTITY, packet);
    assertEquals(Outcome.OK, outcome.action());
    assertTrue(outcome.events().isEmpty(), outcome::toString);
    assertArrayEquals(packet, outcome.packet());
    assertEquals(1, node.fates().since(before).ingress().get(TO_HOST).packets());
    assertTrue(node.connections().isEmpty());
  }

  @Test
  void in_toTheNodesOwnTunnel_isDropped() {
    assertDropped(
        FORGED_TUNNEL, tunnelled(REMOTE_IDENTITY, toNode(false).udp(40000, 8472).build()));
    byte[] large = toNode(false).payload(64).udp(40000, 8472).build();
    for (byte[] fragment : Fragments.cut(large, 5, 16)) {
      assertDropped(FORGED_TUNNEL, tunnelled(REMOTE_IDENTITY, fragment));
    }
  }

  @Test
  void in_toTheNode_laterFragmentAlone_isDropped() {
    byte[] large = toNode(true).payload(64).udp(1, 2).build();
    assertDropped(
        FRAGMENT_NOT_FOUND, tunnelled(REMOTE_IDENTITY, Fragments.cut(large, 5, 16).get(1)));
  }

  private static long out(Fates since) {
    Fates.Sum sum = since.egress().get(TO_OVERLAY);
    return sum == null ? 0 : sum.packets();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void out_byTheNode_toARemotePod_passes(boolean ipv6) {
    Fates before = node.fates();
    byte[] packet = fromNode(ipv6).tcp(40000, 80, Tcp.SYN).build();
    Outcome outcome = counted(node.hostToOverlay(packet));
    assertEquals(Outcome.OK, outcome.action());
    assertTrue(outcome.events().isEmpty(), outcome::toString);
    assertArrayEquals(packet, outcome.packet());
    assertEquals(1, out(node.fates().since(before)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void out_byAPod_thatTheStackCut_passes(boolean ipv6) {
    byte[] large = CLIENT.sends(ipv6 ? REMOTE_IPV6 : REMOTE_IPV4).payload(64).udp(1, 2).build();
    for (byte[] fragment : Fragments.cut(large, 5, 16, 16)) {
      Outcome outcome = counted(node.podToOverlay(CLIENT, fragment));
      assertEquals(Outcome.OK, outcome.action());
      assertTrue(outcome.events().isEmpty(), outcome::toString);
    }
  }

  /** To an address that no map knows, so that the drop tells who the sender is taken for. */
  private static int identityOf(Outcome outcome) {
    assertDropped(NO_LOCAL_ENDPOINT, outcome);
    return outcome.event(DatapathEvent.DROP).sourceIdentity();
  }

  @Test
  void out_toAnAbsentPod_isDropped_withTheSendersIdentity() {
    String absent = "10.244.2.99";
    byte[] own = PacketBuilder.packet(Dataplane.NODE_IPV4, absent).udp(1, 2).build();
    byte[] pods = CLIENT.sends(absent).udp(1, 2).build();
    byte[] others = PacketBuilder.packet(WORLD_IPV4, absent).udp(1, 2).build();
    byte[] nodes = PacketBuilder.packet(REMOTE_NODE_IPV4, absent).udp(1, 2).build();
    assertEquals(HOST, identityOf(counted(node.hostToOverlay(own))));
    assertEquals(CLIENT.identity(), identityOf(counted(node.podToOverlay(CLIENT, pods))));
    assertEquals(WORLD, identityOf(counted(node.forwardToOverlay(0, others))));
    assertEquals(WORLD, identityOf(counted(node.forwardToOverlay(0, nodes))));
    assertEquals(WORLD, identityOf(counted(node.forwardToOverlay(0, own))), "not made here");
  }

  @Test
  void out_toWhoIsBehindNoTunnel_isDropped() {
    byte[] packet = PacketBuilder.packet(Dataplane.NODE_IPV4, SERVER.ipv4()).udp(1, 2).build();
    assertDropped(NO_LOCAL_ENDPOINT, counted(node.hostToOverlay(packet)));
  }

  @Test
  void out_withAPodsAddress_notFromItsInterface_isDropped() {
    byte[] packet = CLIENT.sends(REMOTE_IPV4).udp(1, 2).build();
    assertDropped(SOURCE_IP, counted(node.podToOverlay(SERVER, packet)));
    assertDropped(SOURCE_IP, counted(node.hostToOverlay(packet)));
    assertDropped(SOURCE_IP, counted(node.forwardToOverlay(0, packet)));
    byte[] others = PacketBuilder.packet(REMOTE_IPV4, REMOTE_IPV4).udp(1, 2).build();
    assertDropped(SOURCE_IP, counted(node.forwardToOverlay(0, others)));
  }

  @Test
  void out_identityTooLongForTheTunnel_isDropped() {
    Pod local = CLIENT.identity(1 << 24);
    node.update(local);
    byte[] packet = CLIENT.sends(REMOTE_IPV4).udp(1, 2).build();
    assertDropped(INVALID_IDENTITY, counted(node.podToOverlay(local, packet)));
  }

  @Test
  void out_broken_isDropped() {
    byte[] packet = Frame.with(fromNode(false).udp(1, 2).build(), Frame.ETHERNET, 0x55);
    assertDropped(INVALID, counted(node.hostToOverlay(packet)));
  }

  @Test
  void out_neighbourDiscovery_passesWithoutNoise() {
    byte[] packet = PacketBuilder.packet("fe80::1", "ff02::2").payload(8).icmp(133, 0, 0).build();
    Outcome outcome = counted(node.hostToOverlay(packet));
    assertEquals(Outcome.OK, outcome.action());
    assertTrue(outcome.events().isEmpty());
  }

  /**
   * What a pod sent is decided, counted and told by from_endpoint: the hook of the way lets it go.
   */
  @ParameterizedTest
  @CsvSource({"false, " + REMOTE_IPV4, "true, " + REMOTE_IPV6})
  void out_ofFromEndpoint_passesTheNextHookUncounted(boolean ipv6, String destination) {
    Outcome first = sends(CLIENT, CLIENT.sends(destination).udp(1, 2).build());
    assertEquals(TO_OVERLAY, first.event(DatapathEvent.TRACE).subtype());
    int mark = node.markAfter();
    assertEquals(MARK, mark & 0xff000000);
    Outcome next = node.forwardToOverlay(mark | 7, first.packet());
    assertEquals(Outcome.OK, next.action());
    assertTrue(next.events().isEmpty(), next::toString);
    assertEquals(7, node.markAfter(), "others' bits stay, ours ends here");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fromEndpoint_tooLongForTheOverlay_isLeftToTheStack(boolean ipv6) {
    int headers = ipv6 ? 60 : 40;
    String destination = ipv6 ? REMOTE_IPV6 : REMOTE_IPV4;
    byte[] fits = CLIENT.sends(destination).payload(1500 - headers).tcp(1, 2, Tcp.ACK).build();
    byte[] tooLong = CLIENT.sends(destination).payload(1501 - headers).tcp(3, 4, Tcp.ACK).build();
    assertEquals(TO_OVERLAY, sends(CLIENT, fits).event(DatapathEvent.TRACE).subtype());
    Outcome outcome = sends(CLIENT, tooLong);
    assertEquals(Outcome.OK, outcome.action());
    assertEquals(TO_STACK, outcome.event(DatapathEvent.TRACE).subtype());
    assertArrayEquals(tooLong, outcome.packet());
    assertEquals(0, node.markAfter());
  }

  /** The stack may put the packet together again, and then needs all of it. */
  @ParameterizedTest
  @CsvSource({REMOTE_IPV4 + ", 1600", REMOTE_IPV6 + ", 1600", "192.0.2.65, 800"})
  void fromEndpoint_firstFragmentTooLong_allAreLeftToTheStack(String destination, int length) {
    byte[] whole = CLIENT.sends(destination).payload(2 * length).udp(1, 2).build();
    for (byte[] fragment : Fragments.cut(whole, 6, length, 64)) {
      Outcome outcome = sends(CLIENT, fragment);
      assertPasses(outcome);
      assertEquals(Outcome.OK, outcome.action());
    }
    for (byte[] fragment : Fragments.cut(whole, 7, 64, 64).subList(0, 2)) {
      assertEquals(Outcome.REDIRECT, sends(CLIENT, fragment).action());
    }
  }

  /** The stack would route it past the overlay. */
  @Test
  void fromEndpoint_tooLongForTheOverlay_toANode_isCarriedAnyway() {
    byte[] packet = CLIENT.sends(REMOTE_NODE_IPV4).payload(1900).udp(1, 2).build();
    Outcome outcome = sends(CLIENT, packet);
    assertEquals(Outcome.REDIRECT, outcome.action());
    assertEquals(TO_OVERLAY, outcome.event(DatapathEvent.TRACE).subtype());
  }
}
