package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import io.sekisho.policy.compile.PolicyTable;
import io.sekisho.testkit.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * TCP connections that are open while policy changes: what is denied now ends with its opener's
 * next packet, all else goes on. Pod 11 opens, to a pod of its node (12) and of the other (21).
 */
final class KernelReevaluationTest {
  private static final int TCP = 6;
  private static final int PORT = 8088;
  private static final int OTHER_PORT = 8089;
  private static final int DROP = 1;
  private static final int DEFAULT_DENY = 2;
  private static final int OPENER = 11;

  /** What arrives at all does so in a fraction of this. */
  private static final int SILENCE_MILLIS = 500;

  private static final int PATIENCE_MILLIS = 20_000;

  private static final PolicyEntry ALLOW = new PolicyEntry(false, 10, 500, 0);
  private static final PolicyEntry DENY = new PolicyEntry(true, 20, 501, 0);

  private static TestCluster cluster;

  @BeforeAll
  static void create() {
    cluster = new TestCluster();
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @BeforeEach
  void openAll() {
    List.of(11, 12, 21, 22).forEach(pod -> cluster.policy(pod, PolicyTable.OPEN));
    assertEquals(List.of(), cluster.apply());
  }

  private static void set(int pod, PolicyTable table) {
    cluster.policy(pod, table);
    assertEquals(List.of(), cluster.apply());
  }

  private static PolicyKey in(int peer, int port) {
    return new PolicyKey(1000 + peer, false, TCP, port, 16);
  }

  private static PolicyKey out(int peer, int port) {
    return new PolicyKey(1000 + peer, true, TCP, port, 16);
  }

  private static PolicyTable ingress(Map<PolicyKey, PolicyEntry> entries) {
    return new PolicyTable(true, false, entries);
  }

  private static PolicyTable egress(Map<PolicyKey, PolicyEntry> entries) {
    return new PolicyTable(false, true, entries);
  }

  /** An open connection. */
  private record Talk(Socket opener, Socket server) implements AutoCloseable {
    static Talk open(int to, boolean ipv4) {
      String address = cluster.address(to, ipv4);
      var target = new InetSocketAddress(TestNode.ip(address), PORT);
      return cluster
          .pod(to)
          .call(
              () -> {
                try (var listening = new ServerSocket()) {
                  listening.setReuseAddress(true);
                  listening.bind(target);
                  Socket client =
                      cluster
                          .pod(OPENER)
                          .call(() -> new Socket(target.getAddress(), target.getPort()));
                  return new Talk(client, listening.accept());
                }
              });
    }

    /** Whether a byte from one end comes to the other. */
    private static boolean arrives(Socket from, Socket to, int millis) throws IOException {
      from.getOutputStream().write(1);
      return comes(to, millis);
    }

    private static boolean comes(Socket to, int millis) throws IOException {
      to.setSoTimeout(millis);
      try {
        return to.getInputStream().read() == 1;
      } catch (SocketTimeoutException e) {
        return false;
      }
    }

    boolean isAlive() throws IOException {
      return arrives(opener, server, PATIENCE_MILLIS) && arrives(server, opener, PATIENCE_MILLIS);
    }

    /** The opener's next packet does not arrive. */
    boolean isCut() throws IOException {
      return !arrives(opener, server, SILENCE_MILLIS);
    }

    /**
     * The opener only acknowledges, and once that does not arrive, what the server says neither.
     */
    boolean isCutWhileTheOpenerIsSilent() throws IOException {
      boolean heard = true;
      for (int i = 0; heard && i < 5; i++) {
        heard = arrives(server, opener, SILENCE_MILLIS);
      }
      return !heard;
    }

    @Override
    public void close() throws IOException {
      opener.close();
      server.close();
    }
  }

  private static void awaitDrop(int pod, int rule) {
    Await.until(
        "a drop by rule " + rule,
        () -> cluster.log(pod / 10).has(e -> e.type() == DROP && e.rule() == rule));
  }

  @ParameterizedTest
  @CsvSource({"12,true", "12,false", "21,true", "21,false"})
  void open_denyIsAddedAtTheServer_theNextPacketIsDroppedUntilItIsAllowedAgain(int to, boolean ipv4)
      throws IOException {
    set(to, ingress(Map.of(in(OPENER, PORT), ALLOW)));
    try (Talk talk = Talk.open(to, ipv4)) {
      assertTrue(talk.isAlive());
      set(to, ingress(Map.of(in(OPENER, PORT), DENY)));
      assertTrue(talk.isCut());
      awaitDrop(to, DENY.ruleId());
      set(to, ingress(Map.of(in(OPENER, PORT), ALLOW)));
      assertTrue(Talk.comes(talk.server(), PATIENCE_MILLIS), "what was sent again meanwhile");
      assertTrue(talk.isAlive());
    }
  }

  @ParameterizedTest
  @CsvSource({"12,true", "21,false"})
  void open_itsRuleGoes_theNextPacketIsDropped(int to, boolean ipv4) throws IOException {
    var other = in(22, PORT);
    set(to, ingress(Map.of(in(OPENER, PORT), ALLOW, other, ALLOW)));
    try (Talk talk = Talk.open(to, ipv4)) {
      assertTrue(talk.isAlive());
      set(to, ingress(Map.of(other, ALLOW)));
      assertTrue(talk.isCut());
      awaitDrop(to, DEFAULT_DENY);
    }
  }

  @ParameterizedTest
  @CsvSource({"12,false", "21,true"})
  void open_denyIsAddedAtTheOpener_theNextPacketIsDropped(int to, boolean ipv4) throws IOException {
    set(OPENER, egress(Map.of(out(to, PORT), ALLOW)));
    try (Talk talk = Talk.open(to, ipv4)) {
      assertTrue(talk.isAlive());
      set(OPENER, egress(Map.of(out(to, PORT), DENY)));
      assertTrue(talk.isCut());
      awaitDrop(OPENER, DENY.ruleId());
    }
  }

  @ParameterizedTest
  @CsvSource({"12,true,false", "21,false,false", "12,false,true", "21,true,true"})
  void cut_allowedAgain_whatTheServerSendsArrivesThoughTheOpenerIsSilent(
      int to, boolean ipv4, boolean atOpener) throws IOException {
    int pod = atOpener ? OPENER : to;
    PolicyTable allowed =
        atOpener ? egress(Map.of(out(to, PORT), ALLOW)) : ingress(Map.of(in(OPENER, PORT), ALLOW));
    PolicyTable denied =
        atOpener ? egress(Map.of(out(to, PORT), DENY)) : ingress(Map.of(in(OPENER, PORT), DENY));
    set(pod, allowed);
    try (Talk talk = Talk.open(to, ipv4)) {
      assertTrue(talk.isAlive());
      set(pod, denied);
      assertTrue(talk.isCutWhileTheOpenerIsSilent());
      set(pod, allowed);
      assertTrue(Talk.comes(talk.opener(), PATIENCE_MILLIS), "what was sent again meanwhile");
      assertTrue(talk.isAlive());
    }
  }

  @ParameterizedTest
  @CsvSource({"12,true", "21,true", "21,false"})
  void open_byItsAddress_anExceptionCutsItUntilItGoes(int to, boolean ipv4) throws IOException {
    int number = Identity.FIRST_BLOCK;
    Map<Cidr, Integer> all = Map.of(Cidr.parse(ipv4 ? "10.0.0.0/8" : "fd00::/8"), number);
    var excepted = new HashMap<>(all);
    excepted.put(Cidr.parse(cluster.address(OPENER, ipv4)), number + 1);
    cluster.blocks(all);
    set(to, ingress(Map.of(new PolicyKey(number, false, TCP, PORT, 16), ALLOW)));
    try (Talk talk = Talk.open(to, ipv4)) {
      assertTrue(talk.isAlive());
      cluster.blocks(excepted);
      assertEquals(List.of(), cluster.apply());
      assertTrue(talk.isCut());
      awaitDrop(to, DEFAULT_DENY);
      cluster.blocks(all);
      assertEquals(List.of(), cluster.apply());
      assertTrue(Talk.comes(talk.server(), PATIENCE_MILLIS), "what was sent again meanwhile");
      assertTrue(talk.isAlive());
    } finally {
      cluster.blocks(Map.of());
    }
  }

  @ParameterizedTest
  @CsvSource({"12,true", "21,true", "21,false"})
  void open_changesThatDoNotConcernIt_itGoesOn(int to, boolean ipv4) throws IOException {
    var own = in(OPENER, PORT);
    set(to, ingress(Map.of(own, ALLOW, in(22, PORT), ALLOW, in(OPENER, OTHER_PORT), ALLOW)));
    try (Talk talk = Talk.open(to, ipv4)) {
      assertTrue(talk.isAlive());
      set(to, ingress(Map.of(own, ALLOW, in(22, PORT), DENY, in(OPENER, OTHER_PORT), DENY)));
      assertTrue(talk.isAlive());
      set(to, ingress(Map.of(own, ALLOW)));
      assertTrue(talk.isAlive());
    }
  }

  @ParameterizedTest
  @CsvSource({"12,true", "21,true", "21,false"})
  void open_otherDirectionIsDenied_repliesPass(int to, boolean ipv4) throws IOException {
    try (Talk talk = Talk.open(to, ipv4)) {
      assertTrue(talk.isAlive());
      var any = new PolicyKey(0, false, 0, 0, 0);
      set(OPENER, ingress(Map.of(any, DENY))); // nobody may open a connection to the opener
      set(to, egress(Map.of(new PolicyKey(0, true, 0, 0, 0), DENY))); // nor the server one
      assertTrue(talk.isAlive());
      set(to, ingress(Map.of(any, DENY)));
      assertTrue(talk.isCut());
      assertFalse(
          Talk.arrives(talk.server(), talk.opener(), SILENCE_MILLIS) && !talk.isCut(),
          "what the server says does not open the way for the opener again");
    }
  }
}
