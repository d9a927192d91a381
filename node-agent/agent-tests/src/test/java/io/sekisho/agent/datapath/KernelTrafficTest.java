package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import io.sekisho.policy.compile.PolicyTable;
import io.sekisho.testkit.Await;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets of real sockets between real namespaces, through programs, maps and tunnels. */
final class KernelTrafficTest {
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int PORT = 8080;
  private static final int BYTES = 300_000;
  private static final int DROP = 1;
  private static final int VERDICT = 5;
  private static final int DEFAULT_DENY = 2;
  private static final int POLICY_DENIED = 133;
  private static final int POLICY_DENY = 181;

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
    for (int pod : List.of(11, 12, 21, 22)) {
      cluster.policy(pod, PolicyTable.OPEN);
      cluster.audit(pod, false);
    }
    assertEquals(List.of(), cluster.apply());
  }

  private static PolicyTable ingress(PolicyKey key, PolicyEntry entry) {
    return new PolicyTable(true, false, Map.of(key, entry));
  }

  @ParameterizedTest
  @CsvSource({"11,12,true", "11,12,false", "11,21,true", "11,21,false", "22,12,true"})
  void ping_betweenPods_isAnswered(int from, int to, boolean ipv4) {
    assertTrue(Traffic.pings(cluster.pod(from), cluster.address(to, ipv4), 2000));
  }

  @ParameterizedTest
  @CsvSource({"11,12,true", "11,12,false", "11,21,true", "11,21,false"})
  void tcp_betweenPods_carriesEveryByte(int from, int to, boolean ipv4) throws Exception {
    String address = cluster.address(to, ipv4);
    try (var server = Traffic.serve(cluster.pod(to), address, PORT, BYTES)) {
      assertEquals(BYTES, Traffic.fetch(cluster.pod(from), address, PORT));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ping_nodeAndItsPod_worksBothWays(boolean ipv4) {
    String node = ipv4 ? "198.18.0.1" : "fd18::1";

    assertTrue(Traffic.pings(cluster.pod(11), node, 2000));
    assertTrue(Traffic.pings(cluster.node(1).namespace(), cluster.address(11, ipv4), 2000));
  }

  @ParameterizedTest
  @CsvSource({"198.18.0.2,true", "fd18::2,false"})
  void ping_podAndTheOtherNode_worksBothWays(String node, boolean ipv4) {
    assertTrue(Traffic.pings(cluster.pod(11), node, 2000));
    assertTrue(Traffic.pings(cluster.node(2).namespace(), cluster.address(11, ipv4), 2000));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tcp_nodeToPodOfTheOther_carriesEveryByte(boolean ipv4) throws Exception {
    String address = cluster.address(21, ipv4);
    try (var server = Traffic.serve(cluster.pod(21), address, PORT, BYTES)) {
      assertEquals(BYTES, Traffic.fetch(cluster.node(1).namespace(), address, PORT));
    }
  }

  @ParameterizedTest
  @CsvSource({"198.18.0.2", "fd18::2"})
  void tcp_podToTheOtherNode_keepsThePodsAddress(String node) throws Exception {
    try (var listening =
            cluster
                .node(2)
                .namespace()
                .call(() -> new ServerSocket(PORT + 9, 1, TestNode.ip(node)));
        var client = cluster.pod(11).call(() -> new Socket(TestNode.ip(node), PORT + 9));
        Socket seen = listening.accept()) {
      assertTrue(client.isConnected());
      assertEquals(TestNode.ip(cluster.address(11, !node.contains(":"))), seen.getInetAddress());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ping_podAndOutside_worksBothWays(boolean ipv4) {
    String world = ipv4 ? "198.18.0.200" : "fd18::200";

    assertTrue(Traffic.pings(cluster.pod(11), world, 2000));
    assertTrue(Traffic.pings(cluster.outside(), cluster.address(11, ipv4), 2000));
  }

  @ParameterizedTest
  @CsvSource({"11,12", "21,12"})
  void defaultDeny_onIngress_dropsAndNamesIt(int from, int to) throws Exception {
    var other = new PolicyKey(4242, false, TCP, PORT, 16);
    cluster.policy(to, ingress(other, new PolicyEntry(false, 100, 4711, 0)));
    assertEquals(List.of(), cluster.apply());
    String address = cluster.address(to, true);
    try (var server = Traffic.serve(cluster.pod(to), address, PORT, 10)) {
      assertEquals(-1, Traffic.fetch(cluster.pod(from), address, PORT));
    }
    awaitDrop(from, to, POLICY_DENIED, DEFAULT_DENY);
  }

  @Test
  void denyRule_dropsAndNamesItself() throws Exception {
    var key = new PolicyKey(1011, false, TCP, PORT, 16);
    cluster.policy(22, ingress(key, new PolicyEntry(true, 200, 4712, 0)));
    assertEquals(List.of(), cluster.apply());
    String address = cluster.address(22, false);
    try (var server = Traffic.serve(cluster.pod(22), address, PORT, 10)) {
      assertEquals(-1, Traffic.fetch(cluster.pod(11), address, PORT));
    }
    awaitDrop(11, 22, POLICY_DENY, 4712);
  }

  @Test
  void allowRule_passesAndNamesItself() throws Exception {
    var key = new PolicyKey(1021, false, TCP, PORT, 16);
    cluster.policy(11, ingress(key, new PolicyEntry(false, 100, 4713, 0)));
    assertEquals(List.of(), cluster.apply());
    String address = cluster.address(11, true);
    try (var server = Traffic.serve(cluster.pod(11), address, PORT, 10)) {
      assertEquals(10, Traffic.fetch(cluster.pod(21), address, PORT));
      assertEquals(-1, Traffic.fetch(cluster.pod(22), address, PORT));
    }
    EventLog log = cluster.log(1);
    Await.until(
        log::toString,
        () ->
            log.has(
                e ->
                    e.type() == VERDICT
                        && e.rule() == 4713
                        && e.sourceIdentity() == 1021
                        && e.destinationIdentity() == 1011));
  }

  @Test
  void openConnection_newDeny_isCutOff() {
    EventLog log = cluster.log(1);
    try (var stream = new EchoStream(cluster.pod(11), cluster.pod(12), cluster.address(12, true))) {
      Await.until("an echo", () -> stream.echoed() > 10);
      cluster.policy(12, new PolicyTable(true, false, Map.of()));
      assertEquals(List.of(), cluster.apply());
      Await.until(
          log::toString,
          () ->
              log.has(
                  e ->
                      e.type() == DROP
                          && e.endpoint() == 12
                          && e.sourceIdentity() == 1011
                          && e.rule() == DEFAULT_DENY
                          && e.destinationPort() == EchoStream.PORT));
    }
  }

  /** Echoes that come from now on. */
  private static void awaitEchoes(EchoStream stream) {
    int before = stream.echoed();
    Await.until("more echoes than " + before, () -> stream.echoed() > before + 10);
  }

  private static void awaitSeen(int type, int rule, boolean audited) {
    EventLog log = cluster.log(1);
    Await.until(
        log::toString,
        () ->
            log.has(
                e ->
                    e.type() == type
                        && e.endpoint() == 12
                        && e.rule() == rule
                        && e.audited() == audited
                        && e.destinationPort() == EchoStream.PORT));
  }

  private static void change(PolicyTable table, boolean audit) {
    cluster.log(1).clear();
    cluster.policy(12, table);
    cluster.audit(12, audit);
    assertEquals(List.of(), cluster.apply());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void openConnection_policyLoosens_passesAgain(boolean ipv4) {
    var key = new PolicyKey(1011, false, UDP, EchoStream.PORT, 16);
    change(ingress(key, new PolicyEntry(true, 200, 4714, 0)), false);
    try (var stream = new EchoStream(cluster.pod(11), cluster.pod(12), cluster.address(12, ipv4))) {
      awaitSeen(DROP, 4714, false);
      change(ingress(key, new PolicyEntry(false, 200, 4715, 0)), false);
      awaitEchoes(stream);
      awaitSeen(VERDICT, 4715, false);
      change(ingress(key, new PolicyEntry(true, 200, 4716, 0)), false);
      awaitSeen(DROP, 4716, false);
    }
  }

  @Test
  void openConnection_auditOnAndOff_isDecidedAgainAndNamesTheRule() {
    var key = new PolicyKey(1011, false, UDP, EchoStream.PORT, 16);
    var deny = ingress(key, new PolicyEntry(true, 200, 4717, 0));
    change(deny, true);
    try (var stream = new EchoStream(cluster.pod(11), cluster.pod(12), cluster.address(12, true))) {
      awaitEchoes(stream);
      awaitSeen(VERDICT, 4717, true);
      change(deny, false);
      awaitSeen(DROP, 4717, false);
      change(deny, true);
      awaitEchoes(stream);
      awaitSeen(VERDICT, 4717, true);
      change(new PolicyTable(true, false, Map.of()), true);
      awaitEchoes(stream);
      awaitSeen(VERDICT, DEFAULT_DENY, true);
    }
  }

  @Test
  void unnamedEndpoint_passesNothing() {
    TestNode node = cluster.node(1);
    var wired = node.datapath().wire(node.wiring(19));
    try {
      String address = wired.addresses().getFirst().getHostAddress();
      assertFalse(Traffic.pings(cluster.pod(11), address, 500));
      assertFalse(Traffic.pings(node.namespace(), address, 500));
      assertFalse(Traffic.pings(node.pod(19), cluster.address(11, true), 500));
    } finally {
      node.datapath().unwire(19);
    }
  }

  private static void awaitDrop(int from, int to, int reason, int rule) {
    EventLog log = cluster.log(to / 10);
    Await.until(
        log::toString,
        () ->
            log.has(
                e ->
                    e.type() == DROP
                        && e.subtype() == reason
                        && e.rule() == rule
                        && e.endpoint() == to
                        && e.sourceIdentity() == 1000 + from
                        && e.destinationIdentity() == 1000 + to
                        && e.destinationPort() == PORT));
    assertTrue(log.all().stream().noneMatch(e -> e.rule() == 0 && e.type() == VERDICT));
  }
}
