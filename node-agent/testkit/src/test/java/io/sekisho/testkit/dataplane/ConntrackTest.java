package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.packet.Protocol;
import io.sekisho.testkit.packet.Tcp;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every transition of a connection's life, and its lifetimes. */
class ConntrackTest extends DataplaneTestBase {
  private static final int POLICY_DENIED = 133;

  private static final long SYN = Duration.ofSeconds(60).toNanos();
  private static final long ESTABLISHED = Duration.ofSeconds(21600).toNanos();
  private static final long CLOSING = Duration.ofSeconds(10).toNanos();

  private Outcome opener(boolean ipv6, int flags) {
    return sends(CLIENT, CLIENT.sends(SERVER.address(ipv6)).tcp(40000, 80, flags).build());
  }

  private Outcome replier(boolean ipv6, int flags) {
    return sends(SERVER, SERVER.sends(CLIENT.address(ipv6)).tcp(80, 40000, flags).build());
  }

  private static Tuple tuple(boolean ipv6, boolean egress) {
    return new Tuple(
        full(CLIENT.address(ipv6)), full(SERVER.address(ipv6)), 40000, 80, Protocol.TCP, egress);
  }

  /** The form in which Java shows an address. */
  private static String full(String address) {
    return InetAddress.ofLiteral(address).getHostAddress();
  }

  private static Connection connection(Tuple tuple) {
    Connection found = node.connections().get(tuple);
    if (found == null) {
      throw new AssertionError("no " + tuple + " in " + node.connections());
    }
    return found;
  }

  /**
   * Runs the packet; both ends' entries must live so long from then on, or from the tick before.
   */
  private void assertLifetime(long nanos, boolean ipv6, Runnable packet) {
    long from = System.nanoTime();
    packet.run();
    long to = System.nanoTime();
    for (boolean egress : new boolean[] {true, false}) {
      long expires = connection(tuple(ipv6, egress)).expires();
      assertTrue(
          from + nanos - Dataplane.TICK <= expires && expires <= to + nanos,
          "lives " + (expires - to));
    }
  }

  private static void expire(Tuple tuple) {
    expire(tuple, Dataplane.TICK);
  }

  private static void expire(Tuple tuple, long ago) {
    node.rewrite(tuple, connection(tuple).expires(System.nanoTime() - ago));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tcp_wholeLife_hasTheLifetimesOfItsStates(boolean ipv6) {
    assertLifetime(SYN, ipv6, () -> opener(ipv6, Tcp.SYN));
    assertLifetime(SYN, ipv6, () -> replier(ipv6, Tcp.SYN | Tcp.ACK));
    assertLifetime(ESTABLISHED, ipv6, () -> opener(ipv6, Tcp.ACK));
    assertLifetime(ESTABLISHED, ipv6, () -> opener(ipv6, Tcp.ACK | Tcp.PSH));
    assertLifetime(ESTABLISHED, ipv6, () -> opener(ipv6, Tcp.ACK | Tcp.FIN));
    assertLifetime(ESTABLISHED, ipv6, () -> replier(ipv6, Tcp.ACK));
    assertLifetime(CLOSING, ipv6, () -> replier(ipv6, Tcp.ACK | Tcp.FIN));
    assertLifetime(CLOSING, ipv6, () -> opener(ipv6, Tcp.ACK));
    assertEquals(2, node.connections().size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tcp_finTwiceFromOneSide_staysEstablished(boolean byOpener) {
    opener(false, Tcp.SYN);
    replier(false, Tcp.SYN | Tcp.ACK);
    for (int i = 0; i < 2; i++) {
      assertLifetime(
          ESTABLISHED,
          false,
          () -> {
            if (byOpener) {
              opener(false, Tcp.FIN | Tcp.ACK);
            } else {
              replier(false, Tcp.FIN | Tcp.ACK);
            }
          });
    }
  }

  @Test
  void tcp_resetByReplier_closes() {
    opener(false, Tcp.SYN);
    assertLifetime(CLOSING, false, () -> replier(false, Tcp.RST | Tcp.ACK));
  }

  @Test
  void tcp_resetByOpener_closes() {
    opener(false, Tcp.SYN);
    opener(false, Tcp.ACK);
    assertLifetime(CLOSING, false, () -> opener(false, Tcp.RST));
  }

  @Test
  void tcp_synAgain_isTheSameConnection() {
    opener(false, Tcp.SYN);
    Outcome again = opener(false, Tcp.SYN);
    assertTrue(again.events().isEmpty(), again::toString);
    assertEquals(2, connection(tuple(false, true)).opener().packets());
  }

  @Test
  void tcp_synOnClosing_opensAnew() {
    opener(false, Tcp.SYN);
    opener(false, Tcp.RST);
    Outcome again = opener(false, Tcp.SYN);
    assertTrue(again.event(DatapathEvent.TRACE).opened());
    Connection anew = connection(tuple(false, false));
    assertEquals(1, anew.opener().packets());
    assertEquals(Tcp.SYN, anew.openerFlags());
    assertLifetime(SYN, false, () -> opener(false, Tcp.SYN));
  }

  /** Just ended, and so long ago that the agent may be taking the entry away. */
  @ParameterizedTest
  @ValueSource(longs = {Dataplane.TICK, 5_000_000_000L})
  void tcp_synAfterExpiry_takesTheOldPlace_andNothingOfTheOldIsLeft(long ago) {
    opener(false, Tcp.SYN);
    replier(false, Tcp.SYN | Tcp.ACK);
    opener(false, Tcp.FIN | Tcp.ACK);
    replier(false, Tcp.FIN | Tcp.ACK);
    expire(tuple(false, true), ago);
    expire(tuple(false, false), ago);
    int entries = node.connections().size();

    Outcome again = opener(false, Tcp.SYN);

    assertTrue(again.event(DatapathEvent.TRACE).opened());
    assertEquals(entries, node.connections().size());
    for (boolean egress : new boolean[] {true, false}) {
      Connection anew = connection(tuple(false, egress));
      assertEquals(1, anew.opener().packets());
      assertEquals(0, anew.replier().packets());
      assertEquals(Tcp.SYN, anew.openerFlags());
      assertEquals(0, anew.replierFlags());
      assertEquals(0, anew.flags());
    }
  }

  @Test
  void tcp_synOnEstablished_keepsIt() {
    opener(false, Tcp.SYN);
    replier(false, Tcp.SYN | Tcp.ACK);
    opener(false, Tcp.ACK);
    assertLifetime(ESTABLISHED, false, () -> opener(false, Tcp.SYN));
    assertEquals(3, connection(tuple(false, true)).opener().packets());
  }

  @Test
  void tcp_midStream_isOpenedByItsFirstPacket() {
    assertLifetime(SYN, false, () -> opener(false, Tcp.ACK));
    assertEquals(Connection.ESTABLISHED, connection(tuple(false, true)).flags());
    assertLifetime(ESTABLISHED, false, () -> replier(false, Tcp.ACK));
    assertLifetime(ESTABLISHED, false, () -> opener(false, Tcp.ACK));
  }

  /** So that a flood of segments to nobody does not push out connections that live. */
  @Test
  void tcp_neverAnswered_livesNoLongerThanASyn() {
    opener(false, Tcp.SYN);
    assertLifetime(SYN, false, () -> opener(false, Tcp.ACK));
    assertLifetime(SYN, false, () -> opener(false, Tcp.ACK | Tcp.PSH));
  }

  @Test
  void tcp_afterExpiry_opensAnew() {
    opener(false, Tcp.SYN);
    expire(tuple(false, true));
    expire(tuple(false, false));
    Outcome again = opener(false, Tcp.ACK);
    assertTrue(again.event(DatapathEvent.TRACE).opened());
    assertEquals(1, connection(tuple(false, true)).opener().packets());
  }

  @Test
  void reply_toEnforcedPod_passes() {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    enforced(SERVER, Pod.ENFORCE_EGRESS);
    opener(false, Tcp.SYN);
    assertPasses(replier(false, Tcp.SYN | Tcp.ACK));
  }

  @Test
  void reply_fromHigherPortToLower_passes() {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    sends(CLIENT, CLIENT.sends(SERVER.ipv4()).tcp(1000, 8080, Tcp.SYN).build());
    assertPasses(sends(SERVER, SERVER.sends(CLIENT.ipv4()).tcp(8080, 1000, Tcp.ACK).build()));
    assertPasses(sends(CLIENT, CLIENT.sends(SERVER.ipv4()).tcp(1000, 8080, Tcp.ACK).build()));
    assertEquals(2, node.connections().size());
  }

  @Test
  void reply_afterExpiry_isDecidedByPolicy() {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    opener(false, Tcp.SYN);
    expire(tuple(false, true));
    assertDropped(POLICY_DENIED, replier(false, Tcp.SYN | Tcp.ACK));
  }

  @Test
  void syn_againstTheOpenersDirection_isNoReply() {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    opener(false, Tcp.SYN);
    opener(false, Tcp.ACK);
    assertDropped(POLICY_DENIED, replier(false, Tcp.SYN));
  }

  @Test
  void reply_countsOnItsOwnSide() {
    opener(false, Tcp.SYN);
    replier(false, Tcp.SYN | Tcp.ACK);
    opener(false, Tcp.ACK);
    Connection c = connection(tuple(false, false));
    assertEquals(2, c.opener().packets());
    assertEquals(80, c.opener().bytes());
    assertEquals(1, c.replier().packets());
    assertEquals(40, c.replier().bytes());
    assertEquals(Tcp.SYN | Tcp.ACK, c.openerFlags());
    assertEquals(Tcp.SYN | Tcp.ACK, c.replierFlags());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void udp_bothWays_livesSixtySeconds(boolean ipv6) {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    long from = System.nanoTime();
    assertPasses(
        sends(CLIENT, CLIENT.sends(SERVER.address(ipv6)).payload(9).udp(4000, 53).build()));
    assertPasses(
        sends(SERVER, SERVER.sends(CLIENT.address(ipv6)).payload(99).udp(53, 4000).build()));
    assertDropped(
        POLICY_DENIED,
        sends(SERVER, SERVER.sends(CLIENT.address(ipv6)).payload(9).udp(53, 4001).build()));
    assertTrue(
        node.connections().values().stream().allMatch(c -> c.expires() - from - SYN < SYN / 60));
  }

  @Test
  void sctp_reply_passes() {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    assertPasses(sends(CLIENT, CLIENT.sends(SERVER.ipv4()).sctp(4000, 36412).build()));
    assertPasses(sends(SERVER, SERVER.sends(CLIENT.ipv4()).sctp(36412, 4000).build()));
    assertDropped(
        POLICY_DENIED, sends(SERVER, SERVER.sends(CLIENT.ipv4()).sctp(36413, 4000).build()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void echo_replyNeedsTheId(boolean ipv6) {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    assertPasses(sends(CLIENT, CLIENT.sends(SERVER.address(ipv6)).echo(77).build()));
    assertPasses(sends(SERVER, SERVER.sends(CLIENT.address(ipv6)).echoReply(77).build()));
    assertDropped(
        POLICY_DENIED, sends(SERVER, SERVER.sends(CLIENT.address(ipv6)).echoReply(78).build()));
    assertDropped(
        POLICY_DENIED, sends(SERVER, SERVER.sends(CLIENT.address(ipv6)).echo(77).build()));
  }

  @ParameterizedTest
  @CsvSource({"false,TCP", "true,TCP", "false,UDP", "true,UDP", "false,ECHO", "true,ECHO"})
  void icmpError_aboutAConnection_passes(boolean ipv6, String protocol) {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    enforced(SERVER, Pod.ENFORCE_EGRESS);
    var packet = CLIENT.sends(SERVER.address(ipv6));
    byte[] cause =
        switch (protocol) {
          case "TCP" -> packet.tcp(40000, 80, Tcp.SYN).build();
          case "UDP" -> packet.udp(40000, 80).build();
          default -> packet.echo(5).build();
        };
    assertPasses(sends(CLIENT, cause));
    Outcome error = sends(SERVER, SERVER.sends(CLIENT.address(ipv6)).unreachable(cause).build());
    assertPasses(error);
    assertEquals(Outcome.REDIRECT, error.action());
    assertEquals(2, node.connections().size(), "an error opens nothing");
  }

  @Test
  void icmpError_fromARouterOutside_passes() {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    byte[] cause = CLIENT.sends(WORLD_IPV4).udp(40000, 33434).build();
    assertPasses(sends(CLIENT, cause));
    assertPasses(gets(CLIENT, CLIENT.gets("192.0.2.1").unreachable(cause).build()));
  }

  @Test
  void icmpError_aboutAReply_passes() {
    enforced(SERVER, Pod.ENFORCE_INGRESS, PolicyRow.ingress(CLIENT.identity(), 100).port(6, 80));
    opener(false, Tcp.SYN);
    byte[] cause = SERVER.sends(CLIENT.ipv4()).tcp(80, 40000, Tcp.SYN | Tcp.ACK).build();
    assertPasses(sends(SERVER, cause));
    assertPasses(sends(CLIENT, CLIENT.sends(SERVER.ipv4()).unreachable(cause).build()));
  }

  @Test
  void icmpError_aboutNothing_isDecidedByPolicy() {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    byte[] cause = CLIENT.sends(SERVER.ipv4()).udp(1, 2).build();
    assertDropped(
        POLICY_DENIED, sends(SERVER, SERVER.sends(CLIENT.ipv4()).unreachable(cause).build()));
  }

  @Test
  void icmpError_withAQuoteTooShort_isDecidedByPolicy() {
    enforced(CLIENT, Pod.ENFORCE_INGRESS);
    opener(false, Tcp.SYN);
    assertDropped(
        POLICY_DENIED,
        sends(SERVER, SERVER.sends(CLIENT.ipv4()).payload(27).icmp(3, 3, 0).build()));
  }

  @Test
  void entry_ofAnEndpointThatHadTheAddressBefore_isNotHeeded() {
    opener(false, Tcp.SYN);
    Pod successor = SERVER.successor(99).flags(Pod.ENFORCE_INGRESS);
    node.wire(successor);
    assertDropped(POLICY_DENIED, opener(false, Tcp.ACK));
    assertDropped(POLICY_DENIED, opener(false, Tcp.ACK));
    node.unwire(successor);
  }
}
