package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Fragments;
import io.sekisho.testkit.packet.Tcp;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The node's own traffic under a policy, on every way that it takes. */
class HostPolicyTest extends NetdevTestBase {
  private static final int BOTH = Pod.ENFORCE_INGRESS | Pod.ENFORCE_EGRESS;
  private static final int DEFAULT_DENY = 133;
  private static final int DENY_RULE = 181;
  private static final int SOURCE_IP = 132;
  private static final int WORLD = 2;
  private static final int TCP = 6;
  private static final int RULE = 4711;
  private static final int TO_HOST = 2;
  private static final int TO_NETWORK = 11;
  private static final byte[] ALL_MAC = HexFormat.of().parseHex("ffffffffffff");

  @AfterEach
  void release() {
    node.releaseHost();
  }

  private static void enforce(int flags, PolicyRow... rows) {
    node.enforceHost(flags, 1, List.of(rows));
  }

  private Outcome leaves(byte[] frame) {
    return counted(node.toNetdev(0, frame));
  }

  private static DatapathEvent denied(int reason, Outcome outcome) {
    assertDropped(reason, outcome);
    DatapathEvent event = outcome.event(DatapathEvent.DROP);
    assertEquals(Pod.host().id(), event.endpoint());
    return event;
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void fromNetdev_noPolicyOfTheNode_isUntouched(String world) {
    staysWithTheNode(incoming(world, own(world)).tcp(50_000, 80, Tcp.SYN).build());
    assertTrue(node.connections().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void fromNetdev_portNotAllowed_isDefaultDeny(String world) {
    enforce(Pod.ENFORCE_INGRESS, PolicyRow.ingress(WORLD, RULE).port(TCP, 443));
    DatapathEvent event =
        denied(DEFAULT_DENY, arrives(incoming(world, own(world)).tcp(50_000, 80, Tcp.SYN).build()));
    assertEquals(WORLD, event.sourceIdentity());
    assertEquals(1, event.destinationIdentity());
    assertEquals(2, event.ruleId());
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void fromNetdev_portAllowed_passesAndNamesTheRule_answerToo(String world) {
    enforce(BOTH, PolicyRow.ingress(WORLD, RULE).port(TCP, 443));
    Outcome in = arrives(incoming(world, own(world)).tcp(50_000, 443, Tcp.SYN).build());
    assertPasses(in);
    assertEquals(Outcome.OK, in.action());
    assertEquals(RULE, in.event(DatapathEvent.VERDICT).ruleId());
    assertEquals(TO_HOST, in.event(DatapathEvent.TRACE).subtype());
    Outcome out = leaves(incoming(own(world), world).tcp(443, 50_000, Tcp.SYN | Tcp.ACK).build());
    assertPasses(out);
    DatapathEvent told = out.event(DatapathEvent.TRACE);
    assertEquals(TO_NETWORK, told.subtype());
    assertTrue(told.reply());
    assertEquals(RULE, told.ruleId());
  }

  @Test
  void toNetdev_ownConnection_isDecidedAndItsAnswerPasses() {
    enforce(BOTH, PolicyRow.egress(WORLD, RULE).port(TCP, 443));
    denied(
        DEFAULT_DENY,
        leaves(incoming(own(WORLD_IPV4), WORLD_IPV4).tcp(40_000, 80, Tcp.SYN).build()));
    assertPasses(leaves(incoming(own(WORLD_IPV4), WORLD_IPV4).tcp(40_000, 443, Tcp.SYN).build()));
    byte[] answer =
        incoming(WORLD_IPV4, own(WORLD_IPV4)).tcp(443, 40_000, Tcp.SYN | Tcp.ACK).build();
    assertPasses(arrives(answer));
    denied(
        DEFAULT_DENY,
        arrives(incoming(WORLD_IPV4, own(WORLD_IPV4)).tcp(443, 40_001, Tcp.ACK).build()));
  }

  @Test
  void toNetdev_denyRule_beatsWhatIsNotEnforced() {
    enforce(0, PolicyRow.egress(WORLD, RULE).port(TCP, 25).denying());
    DatapathEvent event =
        denied(
            DENY_RULE,
            leaves(incoming(own(WORLD_IPV4), WORLD_IPV4).tcp(40_000, 25, Tcp.SYN).build()));
    assertEquals(RULE, event.ruleId());
    assertPasses(leaves(incoming(own(WORLD_IPV4), WORLD_IPV4).tcp(40_000, 80, Tcp.SYN).build()));
  }

  @Test
  void toNetdev_onlyForwarded_isUntouched() {
    enforce(BOTH);
    Outcome out = node.forwardToNetdev(incoming("10.9.9.9", WORLD_IPV4).udp(1, 2).build());
    assertEquals(Outcome.OK, out.action());
    assertTrue(out.events().isEmpty());
  }

  @Test
  void toNetdev_forwardedWithTheNodesAddress_isTheNodes() {
    enforce(BOTH);
    denied(
        DEFAULT_DENY,
        counted(node.forwardToNetdev(incoming(own(WORLD_IPV4), WORLD_IPV4).udp(1, 2).build())));
  }

  @Test
  void toNetdev_tunnelToANode_isUntouched_toOthersNot() {
    enforce(BOTH);
    byte[] tunnel = incoming(own(REMOTE_NODE_IPV4), REMOTE_NODE_IPV4).udp(50_000, 8472).build();
    Outcome out = node.toNetdev(0, tunnel);
    assertEquals(Outcome.OK, out.action(), out::toString);
    assertTrue(out.events().isEmpty());
    denied(DEFAULT_DENY, leaves(incoming(own(WORLD_IPV4), WORLD_IPV4).udp(50_000, 8472).build()));
  }

  @Test
  void audit_deniedTraffic_passesAndIsTold() {
    enforce(BOTH | Pod.AUDIT);
    Outcome in = arrives(incoming(WORLD_IPV4, own(WORLD_IPV4)).tcp(50_000, 80, Tcp.SYN).build());
    assertPasses(in);
    assertTrue(in.event(DatapathEvent.VERDICT).audited());
  }

  @ParameterizedTest
  @CsvSource({"8, 0, 133", "3, 4, 0", "11, 0, 133"})
  void icmp_isDecidedByItsType(int type, int code, int reason) {
    enforce(Pod.ENFORCE_INGRESS, PolicyRow.ingress(0, RULE).port(1, 3));
    Outcome in = arrives(incoming(WORLD_IPV4, own(WORLD_IPV4)).icmp(type, code, 7).build());
    assertEquals(reason, in.dropReason(), in::toString);
  }

  @ParameterizedTest
  @CsvSource({"136, 255, true", "135, 255, true", "136, 254, false", "129, 255, false"})
  void neighbourDiscovery_toTheNodesAddress_isLeftToTheStack(int type, int hops, boolean left) {
    enforce(BOTH);
    byte[] in =
        incoming(WORLD_IPV6, own(WORLD_IPV6)).hopLimit(hops).icmp(type, 0, 0).payload(24).build();
    if (left) {
      staysWithTheNode(in);
    } else {
      denied(DEFAULT_DENY, arrives(in));
    }
  }

  @ParameterizedTest
  @CsvSource({"112, 0", "47, 133"})
  void protocolWithoutPorts_isDecidedByItsNumber(int protocol, int reason) {
    enforce(BOTH, PolicyRow.ingress(0, RULE).ports(112, 0, 0), PolicyRow.egress(0, 9));
    byte[] in = incoming(WORLD_IPV4, own(WORLD_IPV4)).protocol(protocol).payload(64).build();
    assertEquals(reason, arrives(in).dropReason());
    byte[] out = incoming(own(WORLD_IPV4), WORLD_IPV4).protocol(protocol).payload(64).build();
    assertPasses(leaves(out));
    assertTrue(node.connections().isEmpty());
  }

  @Test
  void fromNetdev_toEverybody_isTheNodes() {
    enforce(Pod.ENFORCE_INGRESS, PolicyRow.ingress(0, RULE).port(17, 67));
    byte[] other =
        incoming(WORLD_IPV4, "255.255.255.255")
            .macs(Dataplane.UNDERLAY_MAC, ALL_MAC)
            .udp(9, 9)
            .build();
    denied(DEFAULT_DENY, arrives(other));
    byte[] dhcp =
        incoming("0.0.0.0", "255.255.255.255")
            .macs(Dataplane.UNDERLAY_MAC, ALL_MAC)
            .udp(68, 67)
            .build();
    assertPasses(arrives(dhcp));
  }

  @ParameterizedTest
  @ValueSource(strings = {"198.18.0.1", "10.244.1.11", "10.244.2.13"})
  void fromNetdev_byAnAddressThatIsNotOutThere_isDropped(String source) {
    enforce(0);
    assertDropped(SOURCE_IP, arrives(incoming(source, own(source)).udp(1, 2).build()));
  }

  @Test
  void fromNetdev_laterFragmentWithoutFirst_isLeftToTheStack() {
    enforce(Pod.ENFORCE_INGRESS);
    byte[] whole = incoming(WORLD_IPV4, own(WORLD_IPV4)).udp(1, 2).payload(64).build();
    List<byte[]> parts = Fragments.cut(whole, 77, 32, 40);
    staysWithTheNode(parts.get(1));
    denied(DEFAULT_DENY, arrives(parts.get(0)));
    denied(DEFAULT_DENY, arrives(parts.get(1)));
  }

  @Test
  void pod_toItsNode_bothEndsDecide() {
    enforce(Pod.ENFORCE_INGRESS, PolicyRow.ingress(CLIENT.identity(), RULE).port(TCP, 443));
    Pod pod = enforced(CLIENT, Pod.ENFORCE_EGRESS, PolicyRow.egress(1, 99));
    Outcome allowed = sends(pod, pod.sends(Dataplane.NODE_IPV4).tcp(1, 443, Tcp.SYN).build());
    assertPasses(allowed);
    DatapathEvent told = allowed.event(DatapathEvent.TRACE);
    assertEquals(RULE, told.ruleId());
    assertEquals(99, told.otherRuleId());
    denied(DEFAULT_DENY, sends(pod, pod.sends(Dataplane.NODE_IPV4).tcp(1, 80, Tcp.SYN).build()));
    Outcome answer =
        getsFromHost(pod, pod.gets(Dataplane.NODE_IPV4).tcp(443, 1, Tcp.SYN | Tcp.ACK).build());
    assertPasses(answer);
  }

  @Test
  void node_toItsPod_isDecidedByTheNode() {
    enforce(Pod.ENFORCE_EGRESS, PolicyRow.egress(SERVER.identity(), RULE).port(TCP, 80));
    assertPasses(
        getsFromHost(SERVER, SERVER.gets(Dataplane.NODE_IPV4).tcp(1, 80, Tcp.SYN).build()));
    denied(
        DEFAULT_DENY,
        getsFromHost(SERVER, SERVER.gets(Dataplane.NODE_IPV4).tcp(1, 81, Tcp.SYN).build()));
    assertPasses(
        sends(SERVER, SERVER.sends(Dataplane.NODE_IPV4).tcp(80, 1, Tcp.SYN | Tcp.ACK).build()));
  }

  @Test
  void overlay_remotePodAndNode_areDecided() {
    enforce(
        BOTH,
        PolicyRow.ingress(REMOTE_IDENTITY, RULE).port(TCP, 443),
        PolicyRow.egress(REMOTE_IDENTITY, RULE).port(TCP, 80));
    assertPasses(
        tunnelled(
            REMOTE_IDENTITY,
            incoming(REMOTE_IPV4, Dataplane.NODE_IPV4).tcp(1, 443, Tcp.SYN).build()));
    denied(
        DEFAULT_DENY,
        tunnelled(
            REMOTE_IDENTITY,
            incoming(REMOTE_IPV4, Dataplane.NODE_IPV4).tcp(1, 80, Tcp.SYN).build()));
    assertPasses(
        counted(
            node.hostToOverlay(
                incoming(Dataplane.NODE_IPV4, REMOTE_IPV4).tcp(1, 80, Tcp.SYN).build())));
    denied(
        DEFAULT_DENY,
        counted(
            node.hostToOverlay(
                incoming(Dataplane.NODE_IPV4, REMOTE_IPV4).tcp(1, 81, Tcp.SYN).build())));
  }

  @Test
  void remoteNode_toldFromOthers_isANodeAndItself() {
    int zone = 0x2000001;
    node.locate(new Location(REMOTE_NODE_IPV4, 32, zone, REMOTE_NODE_IPV4));
    try {
      enforce(Pod.ENFORCE_INGRESS, PolicyRow.ingress(zone, RULE));
      assertPasses(
          arrives(incoming(REMOTE_NODE_IPV4, Dataplane.NODE_IPV4).tcp(1, 80, Tcp.SYN).build()));
      Outcome inTunnel = tunnelled(1, incoming(REMOTE_NODE_IPV4, SERVER.ipv4()).udp(1, 2).build());
      assertPasses(inTunnel);
      assertEquals(zone, inTunnel.event(DatapathEvent.TRACE).sourceIdentity());
    } finally {
      node.locate(new Location(REMOTE_NODE_IPV4, 32, REMOTE_NODE, REMOTE_NODE_IPV4));
    }
  }

  @Test
  void established_policyTightens_nextPacketDrops() {
    enforce(Pod.ENFORCE_INGRESS, PolicyRow.ingress(WORLD, RULE));
    byte[] data = incoming(WORLD_IPV4, own(WORLD_IPV4)).tcp(50_000, 80, Tcp.ACK).build();
    assertPasses(arrives(data));
    node.enforceHost(Pod.ENFORCE_INGRESS, 2, List.of());
    denied(DEFAULT_DENY, arrives(data));
    Connection cut = node.connections().values().iterator().next();
    assertEquals(Connection.CUT, cut.flags() & Connection.CUT);
    assertEquals(2, cut.ruleId(), "default deny");
  }
}
