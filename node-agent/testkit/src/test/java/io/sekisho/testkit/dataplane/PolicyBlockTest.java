package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Fragments;
import io.sekisho.testkit.packet.PacketBuilder;
import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prefixes by which pods are meant where nothing but the default denies. */
class PolicyBlockTest extends DataplaneTestBase {
  private static final int DEFAULT_DENY = 133;
  private static final int DENY = 181;
  private static final int BLOCK = 3 << 24;
  private static final int INNER = BLOCK + 1;
  private static final int PEER = CLIENT.identity();

  private static final List<Location> OUTER =
      List.of(
          new Location("10.244.0.0", 16, BLOCK, ""), new Location("fd00:10:244::", 48, BLOCK, ""));

  /** The client alone. */
  private static final List<Location> CLIENTS =
      List.of(
          new Location(CLIENT.ipv4(), 32, INNER, ""), new Location(CLIENT.ipv6(), 128, INNER, ""));

  @BeforeEach
  void block() {
    OUTER.forEach(node::block);
  }

  @AfterEach
  void unblock() {
    Stream.concat(OUTER.stream(), CLIENTS.stream()).forEach(node::unblock);
  }

  private static byte[] packet(boolean ipv6, int port, int flags) {
    return CLIENT.sends(SERVER.address(ipv6)).tcp(40000, port, flags).build();
  }

  private Outcome connects(boolean ipv6) {
    return sends(CLIENT, packet(ipv6, 80, Tcp.SYN));
  }

  private static int rule(Outcome outcome) {
    return outcome.events().getLast().ruleId();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ingress_blockHoldsThePeer_passesByItsRule(boolean ipv6) {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(BLOCK, 100).port(Protocol.TCP, 80));
    Outcome outcome = connects(ipv6);
    assertPasses(outcome);
    assertEquals(100, rule(outcome));
    assertEquals(100, outcome.event(DatapathEvent.VERDICT).ruleId());
    assertEquals(PEER, outcome.event(DatapathEvent.VERDICT).sourceIdentity());
    assertDropped(DEFAULT_DENY, sends(CLIENT, packet(ipv6, 81, Tcp.SYN)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void egress_blockHoldsThePeer_passesAndSoDoReplies(boolean ipv6) {
    enforced(CLIENT, Pod.ENFORCE_EGRESS, PolicyRow.egress(BLOCK, 100));
    assertPasses(connects(ipv6));
    assertPasses(
        sends(
            SERVER, SERVER.sends(CLIENT.address(ipv6)).tcp(80, 40000, Tcp.SYN | Tcp.ACK).build()));
    assertPasses(
        sends(CLIENT, CLIENT.sends(ipv6 ? REMOTE_IPV6 : REMOTE_IPV4).tcp(1, 2, Tcp.SYN).build()));
    assertDropped(
        DEFAULT_DENY,
        sends(CLIENT, CLIENT.sends(ipv6 ? WORLD_IPV6 : WORLD_IPV4).tcp(1, 2, Tcp.SYN).build()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fromTunnel_blockHoldsTheRemotePod_passes(boolean ipv6) {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(BLOCK, 100));
    String remote = ipv6 ? REMOTE_IPV6 : REMOTE_IPV4;
    assertPasses(
        tunnelled(
            REMOTE_IDENTITY,
            PacketBuilder.packet(remote, SERVER.address(ipv6)).tcp(1, 2, Tcp.SYN).build()));
  }

  @Test
  void node_addressInABlock_isMeant() {
    var nodes = new Location("198.18.0.0", 24, INNER, "");
    node.block(nodes);
    enforced(CLIENT, Pod.ENFORCE_EGRESS, PolicyRow.egress(INNER, 100));
    Outcome outcome =
        sends(CLIENT, CLIENT.sends(Dataplane.NODE_IPV4).tcp(4000, 10250, Tcp.SYN).build());
    node.unblock(nodes);
    assertPasses(outcome);
    assertEquals(100, rule(outcome));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void except_longerPrefixWithoutEntry_isDenied(boolean ipv6) {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(BLOCK, 100));
    CLIENTS.forEach(node::block);
    Outcome outcome = connects(ipv6);
    assertDropped(DEFAULT_DENY, outcome);
    assertEquals(2, rule(outcome));
  }

  @Test
  void denyOfThePeer_beatsTheBlock() {
    enforced(
        SERVER,
        Pod.ENFORCE_INGRESS,
        PolicyRow.ingress(PEER, 101).denying(),
        PolicyRow.ingress(BLOCK, 100).precedence(1000));
    Outcome outcome = connects(false);
    assertDropped(DENY, outcome);
    assertEquals(101, rule(outcome));
  }

  @Test
  void allowOfThePeer_isTheRuleThatIsTold() {
    enforced(
        SERVER,
        Pod.ENFORCE_INGRESS,
        PolicyRow.ingress(PEER, 101),
        PolicyRow.ingress(BLOCK, 100).precedence(1000));
    assertEquals(101, rule(connects(false)));
  }

  @Test
  void defaultAsAnEntry_isLiftedByTheBlock() {
    enforced(
        SERVER,
        0,
        PolicyRow.ingress(0, 2).precedence(0).denying(),
        PolicyRow.ingress(PEER, 2).precedence(1 << 30).denying(),
        PolicyRow.ingress(BLOCK, 100));
    assertEquals(100, rule(connects(false)));
  }

  @Test
  void entryThatDenies_ofABlock_liftsNothing() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(BLOCK, 100).denying());
    Outcome outcome = connects(false);
    assertDropped(DEFAULT_DENY, outcome);
    assertEquals(2, rule(outcome));
  }

  @Test
  void entryUnderAudit_ofABlock_passesAndIsTold() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(BLOCK, 2).auditing());
    Outcome outcome = connects(false);
    assertPasses(outcome);
    assertTrue(outcome.event(DatapathEvent.VERDICT).audited());
    assertEquals(2, rule(outcome));
  }

  @Test
  void notEnforced_passesWithoutAskingForTheAddress() {
    node.policy(SERVER, List.of(PolicyRow.ingress(BLOCK, 100)));
    assertEquals(1, rule(connects(false)));
  }

  @Test
  void audit_blockHoldsThePeer_passesUnaudited() {
    enforced(SERVER, Pod.ENFORCE_INGRESS | Pod.AUDIT, PolicyRow.ingress(BLOCK, 100));
    assertFalse(connects(false).event(DatapathEvent.VERDICT).audited());
    CLIENTS.forEach(node::block);
    assertTrue(sends(CLIENT, packet(false, 81, Tcp.SYN)).event(DatapathEvent.VERDICT).audited());
  }

  @Test
  void defaultUnderAudit_blockHoldsThePeer_isNotToldAsAudited() {
    enforced(
        SERVER,
        0,
        PolicyRow.ingress(0, 2).precedence(0).auditing(),
        PolicyRow.ingress(BLOCK, 1).port(Protocol.TCP, 80));
    Outcome passed = connects(false);
    assertEquals(1, rule(passed));
    assertTrue(passed.events(DatapathEvent.VERDICT).isEmpty(), "no document decided");
    assertTrue(sends(CLIENT, packet(false, 81, Tcp.SYN)).event(DatapathEvent.VERDICT).audited());
  }

  @Test
  void fragments_goTheWayOfTheirFirstOne() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(BLOCK, 100).port(Protocol.UDP, 80));
    byte[] whole = CLIENT.sends(SERVER.ipv4()).payload(100).udp(40000, 80).build();
    Fragments.cut(whole, 4711, 24, 40, 8).forEach(f -> assertPasses(sends(CLIENT, f)));
    byte[] other = CLIENT.sends(SERVER.ipv4()).payload(100).udp(40000, 81).build();
    Fragments.cut(other, 4712, 24, 40, 8)
        .forEach(f -> assertDropped(DEFAULT_DENY, sends(CLIENT, f)));
  }

  @Test
  void exceptionComes_openConnectionIsCutUntilItGoes() {
    Pod server = enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(BLOCK, 100));
    assertPasses(connects(false));
    CLIENTS.forEach(node::block);
    assertPasses(sends(CLIENT, packet(false, 80, Tcp.ACK)));
    node.update(server.policyRevision(2));
    assertDropped(DEFAULT_DENY, sends(CLIENT, packet(false, 80, Tcp.ACK)));

    CLIENTS.forEach(node::unblock);
    node.update(server.policyRevision(3));
    // asked for the opener by the other side's packet, whose source is not the peer
    assertPasses(sends(SERVER, SERVER.sends(CLIENT.ipv4()).tcp(80, 40000, Tcp.ACK).build()));
    assertPasses(sends(CLIENT, packet(false, 80, Tcp.ACK)));
  }
}
