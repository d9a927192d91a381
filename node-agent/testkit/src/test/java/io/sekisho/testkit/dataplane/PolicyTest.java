package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which entry decides, and what becomes of open connections when policy changes. */
class PolicyTest extends DataplaneTestBase {
  private static final int DEFAULT_DENY = 133;
  private static final int NO_POLICY = 165;
  private static final int PROXY = 180;
  private static final int DENY = 181;
  private static final int PEER = CLIENT.identity();

  private static byte[] syn(int port) {
    return CLIENT.sends(SERVER.ipv4()).tcp(40000, port, Tcp.SYN).build();
  }

  private static byte[] ack(int port) {
    return CLIENT.sends(SERVER.ipv4()).tcp(40000, port, Tcp.ACK).build();
  }

  private Outcome connects(int port) {
    return sends(CLIENT, syn(port));
  }

  private static int rule(Outcome outcome) {
    return outcome.events().getLast().ruleId();
  }

  @Test
  void noEntry_notEnforced_passesByRuleOne() {
    Outcome outcome = connects(80);
    assertPasses(outcome);
    assertEquals(1, rule(outcome));
    assertTrue(outcome.events(DatapathEvent.VERDICT).isEmpty(), "no document decided");
  }

  @Test
  void noEntry_enforced_isDeniedByRuleTwo() {
    enforced(SERVER, Pod.ENFORCE_INGRESS);
    Outcome outcome = connects(80);
    assertDropped(DEFAULT_DENY, outcome);
    assertEquals(2, rule(outcome));
  }

  @Test
  void enforcement_isPerDirection() {
    enforced(SERVER, Pod.ENFORCE_EGRESS);
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    assertPasses(connects(80));
  }

  @Test
  void egress_enforced_isDeniedAtTheSender() {
    enforced(CLIENT, Pod.ENFORCE_EGRESS, PolicyRow.ingress(SERVER.identity(), 100));
    Outcome outcome = connects(80);
    assertDropped(DEFAULT_DENY, outcome);
    assertEquals(CLIENT.id(), outcome.event(DatapathEvent.DROP).endpoint());
    assertTrue(outcome.event(DatapathEvent.DROP).egress());
  }

  @Test
  void egress_allowed_ingressDenied_isDeniedAtTheReceiver() {
    enforced(CLIENT, Pod.ENFORCE_EGRESS, PolicyRow.egress(SERVER.identity(), 100));
    enforced(SERVER, Pod.ENFORCE_INGRESS);
    Outcome outcome = connects(80);
    assertDropped(DEFAULT_DENY, outcome);
    DatapathEvent drop = outcome.event(DatapathEvent.DROP);
    assertEquals(SERVER.id(), drop.endpoint());
    assertEquals(100, drop.otherRuleId());
    assertFalse(drop.egress());
  }

  @ParameterizedTest
  @CsvSource({
    "80, 101", // this port
    "8080, 102", // a range of ports
    "8087, 102",
    "8088, 103", // any port of the protocol
    "443, 103",
  })
  void longestPort_decides(int port, int rule) {
    enforced(
        SERVER,
        Pod.ENFORCE_INGRESS,
        PolicyRow.ingress(PEER, 104),
        PolicyRow.ingress(PEER, 103).ports(Protocol.TCP, 0, 0),
        PolicyRow.ingress(PEER, 102).ports(Protocol.TCP, 8080, 13),
        PolicyRow.ingress(PEER, 101).port(Protocol.TCP, 80));
    Outcome outcome = connects(port);
    assertPasses(outcome);
    assertEquals(rule, rule(outcome));
  }

  @Test
  void anyProtocol_decidesWhatNoProtocolDoes() {
    enforced(
        SERVER,
        Pod.ENFORCE_INGRESS,
        PolicyRow.ingress(PEER, 104),
        PolicyRow.ingress(PEER, 103).ports(Protocol.TCP, 0, 0));
    Outcome outcome = sends(CLIENT, CLIENT.sends(SERVER.ipv4()).udp(4000, 80).build());
    assertPasses(outcome);
    assertEquals(104, rule(outcome));
  }

  @ParameterizedTest
  @CsvSource({
    // peer: precedence, deny; any: precedence, deny; reason, rule
    "20, false, 10, true, 0, 101",
    "10, false, 20, true, 181, 102",
    "20, true, 10, false, 181, 101",
    "10, true, 20, false, 0, 102",
    "10, false, 10, true, 0, 101", // equal: the peer's own
    "10, true, 10, false, 181, 101",
  })
  void higherPrecedence_decidesBetweenPeerAndAny(
      int peer, boolean peerDenies, int any, boolean anyDenies, int reason, int rule) {
    PolicyRow own = PolicyRow.ingress(PEER, 101).precedence(peer);
    PolicyRow wildcard = PolicyRow.ingress(0, 102).precedence(any);
    enforced(
        SERVER,
        Pod.ENFORCE_INGRESS,
        peerDenies ? own.denying() : own,
        anyDenies ? wildcard.denying() : wildcard);
    Outcome outcome = connects(80);
    assertEquals(reason, outcome.dropReason(), outcome::toString);
    assertEquals(rule, rule(outcome));
  }

  @Test
  void anyPeer_alone_decides() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(0, 100).port(Protocol.TCP, 80));
    assertPasses(connects(80));
    assertDropped(DEFAULT_DENY, connects(81));
  }

  @Test
  void otherPeer_decidesNothing() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(PEER + 1, 100));
    assertDropped(DEFAULT_DENY, connects(80));
  }

  @Test
  void deny_withoutEnforcement_denies() {
    enforced(SERVER, 0, PolicyRow.ingress(PEER, 100).denying());
    Outcome outcome = connects(80);
    assertDropped(DENY, outcome);
    assertEquals(100, rule(outcome));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, Pod.ENFORCE_INGRESS, Pod.ENFORCE_INGRESS | Pod.AUDIT})
  void noTable_failsClosed(int flags) {
    Pod server = enforced(SERVER, flags);
    node.dropPolicy(server);
    assertDropped(NO_POLICY, connects(80));
  }

  @Test
  void proxyPort_withoutProxy_failsClosed() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(PEER, 100).proxy(15001));
    assertDropped(PROXY, connects(80));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void icmpType_standsForThePort(boolean ipv6) {
    int protocol = ipv6 ? Protocol.ICMPV6 : Protocol.ICMP;
    enforced(
        SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(PEER, 100).port(protocol, ipv6 ? 128 : 8));
    assertPasses(sends(CLIENT, CLIENT.sends(SERVER.address(ipv6)).echo(1).build()));
    assertDropped(
        DEFAULT_DENY, sends(CLIENT, CLIENT.sends(SERVER.address(ipv6)).echoReply(2).build()));
  }

  @Test
  void icmpType_allowed_opensNoWayForOthers() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(PEER, 100).port(Protocol.ICMP, 13));
    byte[] timestamp = CLIENT.sends(SERVER.ipv4()).icmp(13, 0, 0).build();
    assertPasses(sends(CLIENT, timestamp));
    assertPasses(sends(CLIENT, timestamp));
    assertDropped(DEFAULT_DENY, sends(CLIENT, CLIENT.sends(SERVER.ipv4()).icmp(17, 0, 0).build()));
  }

  @Test
  void audit_deniedPacketPasses_andIsTold() {
    enforced(SERVER, Pod.ENFORCE_INGRESS | Pod.AUDIT);
    Outcome outcome = connects(80);
    assertPasses(outcome);
    DatapathEvent verdict = outcome.event(DatapathEvent.VERDICT);
    assertTrue(verdict.audited() && verdict.denied());
    assertEquals(DEFAULT_DENY, verdict.subtype());
    assertEquals(2, verdict.ruleId());
    assertTrue(outcome.event(DatapathEvent.TRACE).audited());
    Outcome next = sends(CLIENT, ack(80));
    assertPasses(next);
    assertTrue(next.event(DatapathEvent.TRACE).audited(), "the connection stays an audited one");
  }

  @Test
  void audit_ofOnePolicy_passesItsDenialsOnly() {
    enforced(
        SERVER,
        Pod.ENFORCE_INGRESS,
        PolicyRow.ingress(PEER, 100).port(Protocol.TCP, 80).auditing(),
        PolicyRow.ingress(PEER, 101).port(Protocol.TCP, 81).denying());
    Outcome outcome = connects(80);
    assertPasses(outcome);
    DatapathEvent verdict = outcome.event(DatapathEvent.VERDICT);
    assertTrue(verdict.audited() && verdict.denied());
    assertEquals(DENY, verdict.subtype());
    assertEquals(100, verdict.ruleId());
    Outcome next = sends(CLIENT, ack(80));
    assertPasses(next);
    assertTrue(next.event(DatapathEvent.TRACE).audited(), "the connection stays an audited one");
    assertDropped(DENY, connects(81));
    assertDropped(DEFAULT_DENY, connects(82));
  }

  @Test
  void entryOfTheDefault_isNoRuleOfADocument() {
    enforced(SERVER, 0, PolicyRow.ingress(0, 2).precedence(0).denying());
    Outcome denied = connects(80);
    assertDropped(DEFAULT_DENY, denied);
    assertEquals(2, rule(denied));
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(0, 1).precedence(0));
    Outcome passed = connects(81);
    assertPasses(passed);
    assertTrue(passed.events(DatapathEvent.VERDICT).isEmpty(), "no document decided");
  }

  @Test
  void revision_tightened_cutsTheConnection() {
    Pod server = enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(PEER, 100));
    assertPasses(connects(80));
    node.policy(server, List.of());
    assertPasses(sends(CLIENT, ack(80)));
    node.update(server.policyRevision(2));
    assertDropped(DEFAULT_DENY, sends(CLIENT, ack(80)));

    // else the server would open it anew, and what the client sends would be replies
    Outcome reply = sends(SERVER, SERVER.sends(CLIENT.ipv4()).tcp(80, 40000, Tcp.ACK).build());
    assertDropped(DEFAULT_DENY, reply);
    assertTrue(reply.event(DatapathEvent.DROP).reply());
    assertDropped(DEFAULT_DENY, sends(CLIENT, ack(80)));
    assertEquals(2, node.connections().size());

    node.policy(server, List.of(PolicyRow.ingress(PEER, 100)));
    node.update(server.policyRevision(3));
    // the client may be waiting for what the server says
    assertPasses(sends(SERVER, SERVER.sends(CLIENT.ipv4()).tcp(80, 40000, Tcp.ACK).build()));
    assertPasses(sends(CLIENT, ack(80)));
  }

  @Test
  void revision_tightened_serverMayStillOpenOneOfItsOwn() {
    Pod server = enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(PEER, 100));
    assertPasses(connects(80));
    node.policy(server, List.of());
    node.update(server.policyRevision(2));
    assertDropped(DEFAULT_DENY, sends(CLIENT, ack(80)));

    assertPasses(sends(SERVER, SERVER.sends(CLIENT.ipv4()).tcp(80, 40000, Tcp.SYN).build()));
    assertDropped(DEFAULT_DENY, connects(80));
  }

  @Test
  void revision_tightened_underAuditRepliesPass() {
    Pod server = enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(PEER, 100));
    assertPasses(connects(80));
    node.policy(server, List.of());
    node.update(server.policyRevision(2));
    assertDropped(DEFAULT_DENY, sends(CLIENT, ack(80)));
    node.update(server.flags(Pod.ENFORCE_INGRESS | Pod.AUDIT).policyRevision(3));
    assertPasses(sends(SERVER, SERVER.sends(CLIENT.ipv4()).tcp(80, 40000, Tcp.ACK).build()));
  }

  @Test
  void revision_otherRule_isNotedOnce() {
    Pod server = enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(PEER, 100));
    assertPasses(connects(80));
    node.policy(server, List.of(PolicyRow.ingress(PEER, 200)));
    node.update(server.policyRevision(2));
    Outcome outcome = sends(CLIENT, ack(80));
    assertEquals(200, outcome.event(DatapathEvent.VERDICT).ruleId());
    assertFalse(outcome.event(DatapathEvent.TRACE).opened());
    assertTrue(sends(CLIENT, ack(80)).events().isEmpty());
    Connection kept =
        node.connections().entrySet().stream()
            .filter(e -> !e.getKey().egress())
            .findFirst()
            .orElseThrow()
            .getValue();
    assertEquals(3, kept.opener().packets());
    assertEquals(2, kept.policyRevision());
    assertEquals(200, kept.ruleId());
  }

  @Test
  void revision_reply_isNotDecidedAgain() {
    enforced(CLIENT, Pod.ENFORCE_EGRESS, PolicyRow.egress(SERVER.identity(), 100));
    assertPasses(connects(80));
    node.policy(CLIENT, List.of());
    node.update(CLIENT.flags(Pod.ENFORCE_EGRESS | Pod.ENFORCE_INGRESS).policyRevision(2));
    assertPasses(
        sends(SERVER, SERVER.sends(CLIENT.ipv4()).tcp(80, 40000, Tcp.SYN | Tcp.ACK).build()));
    assertDropped(DEFAULT_DENY, sends(CLIENT, ack(80)));
  }

  @Test
  void peerIdentity_changed_isDecidedAgain() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(PEER, 100));
    assertPasses(connects(80));
    node.update(CLIENT.identity(4711));
    assertDropped(DEFAULT_DENY, sends(CLIENT, ack(80)));
  }

  @Test
  void synOnClosing_isDecidedAgain() {
    Pod server = enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(PEER, 100));
    assertPasses(connects(80));
    sends(CLIENT, CLIENT.sends(SERVER.ipv4()).tcp(40000, 80, Tcp.RST).build());
    node.policy(server, List.of());
    assertDropped(DEFAULT_DENY, connects(80));
  }

  @Test
  void host_alwaysComesIn_byRuleThree() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(0, 100).denying());
    Outcome outcome =
        getsFromHost(SERVER, SERVER.gets(Dataplane.NODE_IPV4).tcp(5000, 80, Tcp.SYN).build());
    assertPasses(outcome);
    assertEquals(3, rule(outcome));
    assertEquals(1, outcome.event(DatapathEvent.TRACE).sourceIdentity());
  }

  @Test
  void hostAddress_fromOutside_isNotTheHost() {
    enforced(SERVER, Pod.ENFORCE_INGRESS);
    node.locate(new Location(Dataplane.NODE_IPV4, 32, 1, ""));
    Outcome outcome = gets(SERVER, SERVER.gets(Dataplane.NODE_IPV4).tcp(5000, 80, Tcp.SYN).build());
    assertDropped(DEFAULT_DENY, outcome);
    assertEquals(2, outcome.event(DatapathEvent.DROP).sourceIdentity());
  }

  @Test
  void toHost_isSubjectToEgressPolicy() {
    enforced(CLIENT, Pod.ENFORCE_EGRESS, PolicyRow.egress(1, 100).port(Protocol.TCP, 10250));
    assertPasses(
        sends(CLIENT, CLIENT.sends(Dataplane.NODE_IPV4).tcp(4000, 10250, Tcp.SYN).build()));
    assertDropped(
        DEFAULT_DENY,
        sends(CLIENT, CLIENT.sends(Dataplane.NODE_IPV4).tcp(4000, 22, Tcp.SYN).build()));
  }
}
