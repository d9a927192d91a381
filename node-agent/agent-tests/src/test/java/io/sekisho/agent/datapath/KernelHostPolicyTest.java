package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.Parsed;
import io.sekisho.policy.compile.PolicyCompiler;
import io.sekisho.policy.compile.PolicyTable;
import io.sekisho.policy.compile.RuleIds;
import io.sekisho.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy of the node itself, against real connections on every way that its traffic takes. */
final class KernelHostPolicyTest {
  private static final int BYTES = 1000;
  private static final int OPEN_PORT = 9001;
  private static final int CLOSED_PORT = 9002;
  private static final int SSH = 22;
  private static final int AUDITED_PORT = 9006;
  private static final int DROP = 1;
  private static final int VERDICT = 5;
  private static final int NOT_REACHED = -1;

  private static TestCluster cluster;

  @BeforeAll
  static void create() {
    cluster = new TestCluster(Routing.VXLAN, true);
    assertEquals(List.of(), cluster.apply());
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @AfterEach
  void release() {
    cluster.host(1, PolicyTable.OPEN);
    cluster.auditHost(1, false);
    assertEquals(List.of(), cluster.apply());
    assertEquals(List.of(), cluster.differences(1));
  }

  private static void enforce(String rules) {
    Parsed parsed =
        Documents.parse(
            List.of(
                """
                apiVersion: cilium.io/v2
                kind: CiliumClusterwideNetworkPolicy
                metadata: {name: nodes}
                spec:
                  nodeSelector: {}
                %s
                """
                    .formatted(rules.indent(2))));
    assertEquals(List.of(), parsed.errors());
    var peers = new ArrayList<>(Identity.RESERVED);
    for (int pod : List.of(11, 12, 21, 22)) {
      peers.add(
          new Identity(1000 + pod, Labels.of("k8s:" + Labels.NAMESPACE + "=shop", "app=p" + pod)));
    }
    cluster.host(1, new PolicyCompiler(parsed.documents()).compile(Identity.HOST.labels(), peers));
    assertEquals(List.of(), cluster.apply());
  }

  private static String node(boolean ipv4) {
    return ipv4 ? "198.18.0.1" : "fd18::1";
  }

  private static String world(boolean ipv4) {
    return ipv4 ? "198.18.0.200" : "fd18::200";
  }

  private static NetworkNamespace ofNode(int number) {
    return cluster.node(number).namespace();
  }

  /** A server on the node under policy. */
  private static ServerSocket serve(boolean ipv4, int port) {
    return Traffic.serve(ofNode(1), node(ipv4), port, BYTES);
  }

  private static int fetch(NetworkNamespace client, boolean ipv4, int port) {
    return Traffic.fetch(client, node(ipv4), port);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ingress_fromTheWorld_onlyWhatIsAllowedAndFailSafe(boolean ipv4) throws Exception {
    enforce("ingress: [{fromEntities: [world], toPorts: [{ports: [{port: '9001'}]}]}]");
    try (ServerSocket open = serve(ipv4, OPEN_PORT);
        ServerSocket closed = serve(ipv4, CLOSED_PORT);
        ServerSocket ssh = serve(ipv4, SSH)) {
      assertEquals(BYTES, fetch(cluster.outside(), ipv4, OPEN_PORT));
      assertEquals(NOT_REACHED, fetch(cluster.outside(), ipv4, CLOSED_PORT));
      assertEquals(BYTES, fetch(cluster.outside(), ipv4, SSH));
    }
    Await.until(
        "the drop by default",
        () ->
            cluster
                .log(1)
                .has(
                    e ->
                        e.type() == DROP
                            && e.destinationPort() == CLOSED_PORT
                            && e.rule() == RuleIds.DEFAULT_DENY));
    Await.until(
        "the fail-safe rule",
        () -> cluster.log(1).has(e -> e.destinationPort() == SSH && e.rule() == RuleIds.FAIL_SAFE));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ingress_deniedUnderAudit_passesAndIsTold(boolean ipv4) throws Exception {
    cluster.auditHost(1, true);
    enforce("ingress: []");
    assertEquals(List.of(), cluster.differences(1));
    try (ServerSocket server = serve(ipv4, AUDITED_PORT)) {
      assertEquals(BYTES, fetch(cluster.outside(), ipv4, AUDITED_PORT));
      Await.until(
          "the verdict of the audit",
          () ->
              cluster
                  .log(1)
                  .has(
                      e ->
                          e.type() == VERDICT
                              && e.destinationPort() == AUDITED_PORT
                              && e.rule() == RuleIds.DEFAULT_DENY));
      cluster.auditHost(1, false);
      assertEquals(List.of(), cluster.apply());
      assertEquals(NOT_REACHED, fetch(cluster.outside(), ipv4, AUDITED_PORT));
    }
  }

  @Test
  void audit_nodeIsNotAsExpected_namesTableStateAndEntry() {
    enforce("ingress: []");
    var other = new DesiredState(Map.of(), cluster.desired(1).ipcache(), Map.of());
    var maps =
        cluster.node(1).datapath().auditShared(other).stream()
            .filter(d -> d.endpoint() == DesiredState.HOST_ENDPOINT || d.map().equals("node_state"))
            .map(MapDifference::map)
            .collect(Collectors.toSet());
    assertEquals(Set.of("policies", "endpoint_config", "node_state"), maps);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ingress_isolated_whatTheNodeOpensIsAnswered(boolean ipv4) throws Exception {
    enforce("ingress: []");
    try (ServerSocket server = Traffic.serve(cluster.outside(), world(ipv4), 9003, BYTES)) {
      assertEquals(BYTES, Traffic.fetch(ofNode(1), world(ipv4), 9003));
    }
    assertTrue(Traffic.pings(ofNode(1), world(ipv4), 2000));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void egress_isolated_onlyWhatIsAllowed(boolean ipv4) throws Exception {
    enforce("egress: [{toEntities: [world], toPorts: [{ports: [{port: '9004'}]}]}]");
    for (int port : List.of(9004, 9005)) {
      try (ServerSocket server = Traffic.serve(cluster.outside(), world(ipv4), port, BYTES)) {
        assertEquals(
            port == 9004 ? BYTES : NOT_REACHED, Traffic.fetch(ofNode(1), world(ipv4), port));
      }
    }
  }

  @Test
  void ingress_podsHereAndElsewhereAndNodes_areToldApart() throws Exception {
    enforce(
        """
        ingress:
          - fromEndpoints: [{matchLabels: {app: p11}}, {matchLabels: {app: p21}}]
            toPorts: [{ports: [{port: '9001'}]}]
          - fromEntities: [remote-node]
            toPorts: [{ports: [{port: '9002'}]}]
        """);
    try (ServerSocket one = serve(true, OPEN_PORT);
        ServerSocket other = serve(true, CLOSED_PORT)) {
      assertEquals(BYTES, fetch(cluster.pod(11), true, OPEN_PORT));
      assertEquals(NOT_REACHED, fetch(cluster.pod(12), true, OPEN_PORT));
      assertEquals(BYTES, fetch(cluster.pod(21), true, OPEN_PORT));
      assertEquals(NOT_REACHED, fetch(cluster.pod(22), true, OPEN_PORT));
      assertEquals(BYTES, fetch(ofNode(2), true, CLOSED_PORT));
      assertEquals(NOT_REACHED, fetch(ofNode(2), true, OPEN_PORT));
    }
  }

  @Test
  void egress_nodeToItsPodAndToOthers_isDecided() throws Exception {
    enforce("egress: [{toEndpoints: [{matchLabels: {app: p11}}, {matchLabels: {app: p21}}]}]");
    for (int pod : List.of(11, 12, 21, 22)) {
      String address = cluster.address(pod, true);
      try (ServerSocket server = Traffic.serve(cluster.pod(pod), address, 9006, BYTES)) {
        assertEquals(pod % 10 == 1 ? BYTES : NOT_REACHED, Traffic.fetch(ofNode(1), address, 9006));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everythingDenied_podsTrafficGoesOn(boolean ipv4) throws Exception {
    enforce("ingress: []\negress: []");
    String pod = cluster.address(21, ipv4);
    assertTrue(Traffic.pings(cluster.pod(11), pod, 2000), "by the overlay");
    assertTrue(Traffic.pings(cluster.pod(11), cluster.address(12, ipv4), 2000), "on the node");
    try (ServerSocket server = Traffic.serve(cluster.outside(), world(ipv4), 9007, 300_000)) {
      assertEquals(300_000, Traffic.fetch(cluster.pod(11), world(ipv4), 9007), "masqueraded");
    }
  }

  /** A connection that is older than all policies. */
  private record Older(ServerSocket listener, Socket client, Socket server)
      implements AutoCloseable {
    static Older open(NetworkNamespace client, NetworkNamespace server, String address, int port) {
      ServerSocket listener =
          server.call(() -> new ServerSocket(port, 1, InetAddress.ofLiteral(address)));
      Socket connected = client.call(() -> new Socket(InetAddress.ofLiteral(address), port));
      return new Older(listener, connected, server.call(listener::accept));
    }

    static boolean passes(Socket from, Socket to) throws IOException {
      from.getOutputStream().write(1);
      to.setSoTimeout(1_500);
      try {
        return to.getInputStream().read() == 1;
      } catch (SocketTimeoutException e) {
        return false;
      }
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
      listener.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void olderConnection_openedByTheNode_outlivesWhatClosesIngress(boolean ipv4) throws Exception {
    try (var older = Older.open(ofNode(1), cluster.outside(), world(ipv4), 9008)) {
      enforce("ingress: [{fromEntities: [all]}]");
      assertTrue(Older.passes(older.server(), older.client()), "the server speaks first");
      enforce("ingress: []");
      assertTrue(Older.passes(older.client(), older.server()));
      assertTrue(Older.passes(older.server(), older.client()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void olderConnection_openedTowardsTheNode_isCutByWhatClosesIngress(boolean ipv4)
      throws Exception {
    try (var older = Older.open(cluster.outside(), ofNode(1), node(ipv4), 9009)) {
      enforce("ingress: [{fromEntities: [all]}]");
      assertTrue(Older.passes(older.server(), older.client()), "the server speaks first");
      assertTrue(Older.passes(older.client(), older.server()));
      enforce("ingress: []");
      assertFalse(Older.passes(older.client(), older.server()));
    }
  }

  @Test
  void reopen_policyStaysInForce_andGoesWithItsDocument() throws Exception {
    enforce("ingress: []");
    cluster.node(1).reopen();
    cluster.node(1).datapath().onEvents(cluster.log(1));
    try (ServerSocket server = serve(true, CLOSED_PORT)) {
      assertEquals(NOT_REACHED, fetch(cluster.outside(), true, CLOSED_PORT));
      cluster.host(1, PolicyTable.OPEN);
      assertEquals(List.of(), cluster.apply());
      assertEquals(BYTES, fetch(cluster.outside(), true, CLOSED_PORT));
    }
  }
}
