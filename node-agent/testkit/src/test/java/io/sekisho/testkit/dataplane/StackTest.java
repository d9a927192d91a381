package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.Await;
import io.sekisho.testkit.packet.Fragments;
import io.sekisho.testkit.packet.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes by the node's stack: connections that its NAT has changed, and what routes refuse. */
class StackTest extends DataplaneTestBase {
  private static final int UNMANAGED = 3;

  private static final int SOURCE_IP = 132;
  private static final int TO_STACK = 3;
  private static final int TO_NETWORK = 11;
  private static final int TO_ENDPOINT = 101;

  private static byte[] syn(String source) {
    return SERVER.gets(source).tcp(40000, 80, Tcp.SYN).build();
  }

  private Outcome replies(String destination) {
    return sends(SERVER, SERVER.sends(destination).tcp(80, 40000, Tcp.SYN | Tcp.ACK).build());
  }

  private static void assertToStack(Outcome outcome) {
    assertPasses(outcome);
    assertEquals(Outcome.OK, outcome.action());
    DatapathEvent event = outcome.event(DatapathEvent.TRACE);
    assertEquals(TO_STACK, event.subtype());
    assertTrue(event.reply());
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void fromOutside_repliesGoToTheStackUntouched(String source) {
    assertPasses(gets(SERVER, syn(source)));
    Outcome reply = replies(source);
    assertToStack(reply);
    assertArrayEquals(
        SERVER.sends(source).tcp(80, 40000, Tcp.SYN | Tcp.ACK).build(), reply.packet());
    assertEquals(Connection.BY_STACK, node.connections().values().iterator().next().flags());
  }

  @Test
  void fromOutside_repliesInFragments_goToTheStack() {
    assertPasses(gets(SERVER, SERVER.gets(WORLD_IPV4).payload(3).udp(4000, 53).build()));
    byte[] reply = SERVER.sends(WORLD_IPV4).payload(100).udp(53, 4000).build();
    for (byte[] fragment : Fragments.cut(reply, 9, 16, 16)) {
      assertEquals(Outcome.OK, sends(SERVER, fragment).action());
    }
  }

  @Test
  void knownConnection_thatComesByTheStackNow_isRemembered() {
    assertPasses(gets(SERVER, syn(WORLD_IPV4)));
    node.connections().forEach((key, c) -> node.rewrite(key, c.flags(0)));
    assertEquals(Outcome.REDIRECT, replies(WORLD_IPV4).action());
    assertPasses(gets(SERVER, SERVER.gets(WORLD_IPV4).tcp(40000, 80, Tcp.ACK).build()));
    assertEquals(Outcome.OK, replies(WORLD_IPV4).action());
  }

  @Test
  void openedByThePod_staysOnItsOwnWay() {
    assertEquals(
        TO_NETWORK,
        sends(CLIENT, CLIENT.sends(WORLD_IPV4).tcp(40000, 443, Tcp.SYN).build())
            .event(DatapathEvent.TRACE)
            .subtype());
    assertPasses(gets(CLIENT, CLIENT.gets(WORLD_IPV4).tcp(443, 40000, Tcp.SYN | Tcp.ACK).build()));
    assertEquals(
        Outcome.REDIRECT,
        sends(CLIENT, CLIENT.sends(WORLD_IPV4).tcp(40000, 443, Tcp.ACK).build()).action());
  }

  /** A pod speaks to a port of its own node that is another pod's. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fromAPodOfTheNode_isThatPod_andIsAnsweredByTheStack(boolean ipv6) {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(CLIENT.identity(), 100));
    String client = CLIENT.address(ipv6);
    Outcome outcome = counted(node.podToEndpoint(CLIENT, SERVER, syn(client)));
    assertEquals(Outcome.OK, outcome.action());
    assertEquals(CLIENT.identity(), outcome.event(DatapathEvent.TRACE).sourceIdentity());
    assertToStack(replies(client));
    assertEquals(1, node.connections().size(), "the other end sees another address");
  }

  @ParameterizedTest
  @ValueSource(strings = {REMOTE_IPV4, REMOTE_IPV6})
  void fromAPodOfAnotherNode_throughTheOverlay_isThatPod(String source) {
    Outcome outcome = counted(node.overlayToEndpoint(SERVER, syn(source)));
    assertPasses(outcome);
    assertEquals(REMOTE_IDENTITY, outcome.event(DatapathEvent.TRACE).sourceIdentity());
    assertToStack(replies(source));
  }

  @Test
  void fromAnotherNode_overTheUnderlay_isRemoteNode() {
    Outcome outcome = gets(SERVER, syn(REMOTE_NODE_IPV4));
    assertPasses(outcome);
    assertEquals(REMOTE_NODE, outcome.event(DatapathEvent.TRACE).sourceIdentity());
    assertToStack(replies(REMOTE_NODE_IPV4));
  }

  @Test
  void withAPodsAddress_fromElsewhere_isDropped() {
    Pod third = Pod.of(13, 1004);
    node.wire(third);
    assertDropped(SOURCE_IP, counted(node.podToEndpoint(third, SERVER, syn(CLIENT.ipv4()))));
    assertDropped(SOURCE_IP, counted(node.podToEndpoint(third, SERVER, syn(REMOTE_IPV4))));
    assertDropped(SOURCE_IP, getsFromHost(SERVER, syn(CLIENT.ipv4())));
    assertDropped(SOURCE_IP, getsFromHost(SERVER, syn(REMOTE_IPV4)));
    node.unwire(third);
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void icmpErrorOfThePod_goesTheReplysWay(String source) {
    byte[] cause = SERVER.gets(source).udp(4000, 53).build();
    assertPasses(gets(SERVER, cause));
    Outcome error = sends(SERVER, SERVER.sends(source).unreachable(cause).build());
    assertPasses(error);
    assertEquals(Outcome.OK, error.action());
  }

  @ParameterizedTest
  @CsvSource({
    "10.244.1.77, 169",
    "fd00:10:244:1::77, 169",
    "192.0.2.33, 169",
    "192.0.2.34, 169",
    "10.244.1.201, 152", // known as one of the node's pods'
    "fd00:10:244:1::c9, 152",
    "10.244.1.209, 152", // of a node that is gone
    "fd00:10:244:1::d1, 152"
  })
  void routeThatRefuses_isADropThatTheStackAnswers(String destination, int reason) {
    node.locate(Location.own("10.244.1.200", 29));
    node.locate(Location.own("fd00:10:244:1::c8", 125));
    node.locate(new Location("10.244.1.208", 29, UNMANAGED, "", true));
    node.locate(new Location("fd00:10:244:1::d0", 125, UNMANAGED, "", true));
    byte[] packet = CLIENT.sends(destination).udp(40000, 80).build();
    Outcome outcome = sends(CLIENT, packet);
    assertEquals(Outcome.OK, outcome.action());
    assertEquals(reason, outcome.dropReason());
    assertEquals(1, outcome.events().size());
    assertArrayEquals(packet, outcome.packet());
  }

  @Test
  void routeThatChanges_isFollowedByAnOpenConnection() {
    byte[] packet = CLIENT.sends("192.0.2.200").tcp(40_000, 80, Tcp.ACK).build();
    assertEquals(Outcome.REDIRECT, sends(CLIENT, packet).action());
    assertEquals(Outcome.REDIRECT, sends(CLIENT, packet).action());
    ip("route add prohibit 192.0.2.200");
    try {
      Await.until(
          () -> "the old way is still taken", () -> sends(CLIENT, packet).dropReason() == 169);
    } finally {
      ip("route del prohibit 192.0.2.200");
    }
    assertEquals(Outcome.REDIRECT, sends(CLIENT, packet).action());
  }

  private static void ip(String command) {
    node.onNode(
        () -> {
          TestNetwork.ip(command + "\n");
          return true;
        });
  }

  @Test
  void longerThanTheRouteTakes_isLeftToTheStack() {
    String narrow = "192.0.2.65";
    byte[] fits = CLIENT.sends(narrow).payload(572).udp(1, 2).build();
    byte[] tooLong = CLIENT.sends(narrow).payload(573).udp(3, 4).build();
    assertEquals(Outcome.REDIRECT, sends(CLIENT, fits).action());
    Outcome outcome = sends(CLIENT, tooLong);
    assertEquals(Outcome.OK, outcome.action());
    assertEquals(TO_STACK, outcome.event(DatapathEvent.TRACE).subtype());
  }

  @Test
  void superPacket_isAsLongAsItsSegments() {
    byte[] packet = CLIENT.sends("192.0.2.65").payload(1120).tcp(1, 2, Tcp.ACK).build();
    assertEquals(Outcome.REDIRECT, counted(node.fromEndpoint(CLIENT, packet, 560)).action());
    assertEquals(Outcome.OK, counted(node.fromEndpoint(CLIENT, packet, 561)).action());
  }

  @Test
  void sameNode_withoutTheStack_staysWithoutIt() {
    assertEquals(
        TO_ENDPOINT,
        sends(CLIENT, CLIENT.sends(SERVER.ipv4()).tcp(40000, 80, Tcp.SYN).build())
            .event(DatapathEvent.TRACE)
            .subtype());
    assertEquals(Outcome.REDIRECT, replies(CLIENT.ipv4()).action());
  }
}
