package io.sekisho.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.Rollout;
import io.sekisho.api.v1.RolloutState;
import io.sekisho.lab.shop.Listener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real nodes, agents, etcd, pods and traffic. One lab serves all tests; the last ends it. */
@TestMethodOrder(OrderAnnotation.class)
final class LabTest {
  private static final int HTTP = 8080;
  private static final int STORE = 5432;
  private static final int ECHO = 7;
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final String DENY =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: closed, namespace: test}
      spec:
        endpointSelector: {matchLabels: {app: server}}
        ingress:
          - fromEntities: [all]
        ingressDeny:
          - fromEndpoints: [{matchLabels: {app: client}}]
            toPorts: [{ports: [{port: "8080", protocol: TCP}]}]
      """;
  private static final String BY_NAME =
      """
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: by-name, namespace: test}
      spec:
        endpointSelector: {matchLabels: {app: named}}
        ingress:
          - fromEndpoints: [{matchLabels: {app: client}}]
            toPorts: [{ports: [{port: web, protocol: TCP}]}]
      """;
  private static final DocumentName CLOSED =
      DocumentName.newBuilder()
          .setKind("CiliumNetworkPolicy")
          .setNamespace("test")
          .setName("closed")
          .build();

  private static Path folder;
  private static Lab lab;
  private static Pod client;
  private static Pod near;
  private static Pod far;

  @BeforeAll
  static void up() throws IOException {
    folder = Files.createTempDirectory("skl");
    LabNames names = new LabNames("skl" + ProcessHandle.current().pid() % 100_000);
    lab = new Lab(names, new LabFolder(folder), Programs.ofBuild(), System.out::println);
    // a busy machine may take long to start an agent again: its node must not be gone meanwhile
    lab.up(new Lab.Wish(2, false, false, 90).withOutside());
    client = lab.addPod("test", "client", "n1", Map.of("app", "client"));
    near = server("near", "n1");
    far = server("far", "n2");
    for (Pod server : List.of(near, far)) {
      for (String address : server.addresses()) {
        Await.until(
            SOON,
            () -> server.name() + " does not answer at " + address,
            () -> inClient().http(address, HTTP));
      }
    }
  }

  private static Pod server(String name, String node) {
    Pod pod = lab.addPod("test", name, node, Map.of("app", "server"));
    lab.run(
        pod,
        List.of(
            new Listener(Listener.Kind.HTTP, HTTP),
            new Listener(Listener.Kind.STORE, STORE),
            new Listener(Listener.Kind.ECHO, ECHO)),
        List.of());
    return pod;
  }

  @AfterAll
  static void down() {
    lab.down();
  }

  private static Probe inClient() {
    return new Probe(lab.names().pod("test", "client"));
  }

  @Test
  @Order(1)
  void pod_oneOfEachFamily_fromTheNodesRanges() {
    assertEquals(2, far.addresses().size());
    assertTrue(far.addresses().get(0).startsWith("10.244.2."), far.toString());
    assertTrue(far.addresses().get(1).startsWith("fd00:10:244:2:"), far.toString());
  }

  @Test
  @Order(2)
  void up_whileUp_isRefused() {
    LabException e = assertThrows(LabException.class, () -> lab.up(new Lab.Wish(2, false, false)));
    assertEquals(LabException.Code.ALREADY_UP, e.code());
    assertTrue(inClient().http(far.addresses().get(0), HTTP));
  }

  @Test
  @Order(3)
  void status_allUp_isWell() {
    // a node tells that it works again with its next report
    Await.until(
        SOON,
        () -> "not well: " + LabStatus.of(lab),
        () ->
            LabStatus.of(lab).well()
                && LabStatus.of(lab).nodes().stream().allMatch(n -> n.state().equals("READY")));
    assertEquals(2, LabStatus.of(lab).nodes().size());
  }

  @Test
  @Order(4)
  void add_again_givesTheSameAddresses() {
    assertEquals(client.addresses(), lab.cni().add(lab.agent("n1"), client).addresses());
    assertTrue(inClient().http(near.addresses().get(0), HTTP));
  }

  @Test
  @Order(5)
  void delete_twice_succeeds() {
    Pod pod = lab.addPod("test", "brief", "n2", Map.of("app", "brief"));
    NodeAgent agent = lab.agent("n2");
    assertEquals(0, lab.cni().call("DEL", agent, pod, new JsonObject()).status());
    assertEquals(0, lab.cni().call("DEL", agent, pod, new JsonObject()).status());
    lab.removePod(pod);
  }

  @Test
  @Order(6)
  void check_deletedBehindTheAgent_isAnError() {
    Pod pod = lab.addPod("test", "checked", "n1", Map.of("app", "checked"));
    NodeAgent agent = lab.agent("n1");
    JsonObject previous = lab.cni().call("ADD", agent, pod, new JsonObject()).printed();
    assertEquals(0, lab.cni().call("CHECK", agent, pod, previous).status());
    new Ip().add("link del eth0").runIn(lab.names().pod("test", "checked"));
    assertEquals(1, lab.cni().call("CHECK", agent, pod, previous).status());
    lab.removePod(pod);
  }

  @Test
  @Order(7)
  void status_agentUp_isServed() {
    assertEquals(0, lab.cni().call("STATUS", lab.agent("n1"), client, new JsonObject()).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"n1", "n2"})
  @Order(8)
  void push_deny_isSeenAsDropsWithTheRulesNameAndHeals(String told) {
    String address = far.addresses().get(1);
    try (AgentClient agent = lab.client(told);
        Drops drops = new Drops(agent)) {
      assertRealized(agent.push("deny", List.of(DENY), List.of()));
      long start = System.nanoTime();
      Thread blocked = Thread.ofPlatform().start(() -> inClient().http(address, HTTP));
      Await.until(
          SOON,
          () -> "no drop by test/closed, but by " + drops.rules(),
          () -> drops.has("test/closed"));
      long millis = (System.nanoTime() - start) / 1_000_000;
      System.out.printf("drop told by %s %d ms after the first try%n", told, millis);
      Await.until(SOON, () -> "the try does not end", () -> !blocked.isAlive());
      assertFalse(inClient().http(address, HTTP));
      assertRealized(agent.push("allow", List.of(), List.of(CLOSED)));
      assertTrue(inClient().http(address, HTTP));
    }
  }

  @Test
  @Order(8)
  void push_portByName_opensThePortThatEachPodToldByIt() {
    int other = HTTP + 1;
    var listeners =
        List.of(new Listener(Listener.Kind.HTTP, HTTP), new Listener(Listener.Kind.HTTP, other));
    Pod first =
        lab.addPod("test", "first", "n1", Map.of("app", "named", "port:web", HTTP + "/TCP"));
    Pod second =
        lab.addPod("test", "second", "n2", Map.of("app", "named", "port:web", other + "/TCP"));
    for (Pod pod : List.of(first, second)) {
      lab.run(pod, listeners, List.of());
      for (int port : List.of(HTTP, other)) {
        Await.until(
            SOON,
            () -> pod.name() + " does not answer at " + port,
            () -> inClient().http(pod.addresses().get(0), port));
      }
    }
    try (AgentClient agent = lab.client("n1")) {
      assertRealized(agent.push("by name", List.of(BY_NAME), List.of()));
      for (String address : first.addresses()) {
        assertTrue(inClient().http(address, HTTP), address);
        assertFalse(inClient().http(address, other), address);
      }
      for (String address : second.addresses()) {
        assertTrue(inClient().http(address, other), address);
        assertFalse(inClient().http(address, HTTP), address);
      }
      assertRealized(
          agent.push("open", List.of(), List.of(CLOSED.toBuilder().setName("by-name").build())));
    }
    lab.removePod(first);
    lab.removePod(second);
  }

  @Test
  @Order(9)
  void agentKilled_underTraffic_losesNothing() throws Exception {
    for (Pod server : List.of(near, far)) {
      String address = server.addresses().get(0);
      try (Probe.Flood flood = new Probe.Flood(inClient().udp(address, ECHO));
          Probe.Conversation talk = new Probe.Conversation(inClient().tcp(address, STORE))) {
        Await.until(SOON, () -> "no traffic", () -> flood.sent() > 200);
        lab.faults().killAgent("n1");
        long whenKilled = flood.sent();
        Await.until(SOON, () -> "no traffic", () -> flood.sent() > whenKilled + 500);
        long answered = talk.answered();
        lab.faults().startAgent("n1");
        long whenUp = flood.sent();
        Await.until(SOON, () -> "no traffic", () -> flood.sent() > whenUp + 500);
        assertEquals(0, flood.lost(), server.name() + ", of " + flood.sent());
        assertEquals("", talk.end());
        assertTrue(talk.answered() > answered, "the conversation stood still");
      }
    }
  }

  @Test
  @Order(10)
  void agentStarted_again_servesItsEndpoints() {
    assertTrue(lab.cni().add(lab.agent("n1"), client).addresses().equals(client.addresses()));
    Pod late = lab.addPod("test", "late", "n1", Map.of("app", "late"));
    assertFalse(late.addresses().equals(client.addresses()));
    assertTrue(new Probe(lab.names().pod("test", "late")).http(far.addresses().get(0), HTTP));
    lab.removePod(late);
  }

  @Test
  @Order(11)
  void etcdDown_trafficGoesOn_pushesAreRefusedUntilItIsBack() {
    lab.faults().etcdDown();
    assertTrue(inClient().http(far.addresses().get(0), HTTP));
    assertTrue(inClient().http(near.addresses().get(1), HTTP));
    try (AgentClient agent = lab.client("n2")) {
      LabException e =
          assertThrows(LabException.class, () -> agent.push("deny", List.of(DENY), List.of()));
      assertEquals(LabException.Code.AGENT, e.code());
      assertTrue(inClient().http(far.addresses().get(0), HTTP));
      lab.faults().etcdUp();
      Await.until(SOON, () -> "the store does not come back", () -> pushes(agent));
      assertFalse(inClient().http(far.addresses().get(0), HTTP));
      assertRealized(agent.push("allow", List.of(), List.of(CLOSED)));
      assertTrue(inClient().http(far.addresses().get(0), HTTP));
    }
  }

  private static boolean pushes(AgentClient agent) {
    try {
      return realized(agent.push("deny", List.of(DENY), List.of()));
    } catch (LabException e) {
      return false;
    }
  }

  @Test
  @Order(12)
  void nodeCut_crossNodeStopsSameNodeGoesOn_healsAgain() {
    lab.faults().cut("n2");
    assertFalse(inClient().http(far.addresses().get(0), HTTP));
    assertTrue(inClient().http(near.addresses().get(0), HTTP));
    lab.faults().heal("n2");
    Await.until(
        SOON, () -> "n2 does not come back", () -> inClient().http(far.addresses().get(0), HTTP));
  }

  @Test
  @Order(13)
  void dropAll_crossNodeStops_healsAgain() {
    lab.faults().drop("n2", 100);
    assertFalse(inClient().http(far.addresses().get(0), HTTP));
    lab.faults().heal("n2");
    Await.until(
        SOON, () -> "n2 does not come back", () -> inClient().http(far.addresses().get(0), HTTP));
    assertThrows(LabException.class, () -> lab.faults().drop("n2", 101));
    assertThrows(LabException.class, () -> lab.faults().drop("n7", 1));
  }

  @Test
  @Order(14)
  void agentsEnd_atRandomMoments_nothingIsLost() {
    Soak.Outcome outcome =
        new Soak(lab, 5, List.of(lab.programs().agent()), System.out::println).run(5);
    outcome.streams().forEach(System.out::println);
    System.out.println(outcome.churn());
    assertEquals(24, outcome.streams().size());
    assertEquals(5, outcome.killed());
    assertEquals(List.of(), outcome.troubles());
    assertEquals(List.of(), outcome.streams().stream().filter(c -> c.lost() != 0).toList());
    assertEquals(
        List.of(), outcome.streams().stream().filter(c -> !c.trouble().isEmpty()).toList());
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void down_afterAll_leavesNothing() {
    Teardown teardown = new Teardown(lab.names(), lab.folder());
    assertFalse(teardown.namespaces().isEmpty());
    lab.down();
    lab.down();
    assertEquals(List.of(), teardown.namespaces());
    assertFalse(Files.exists(lab.names().pins()));
    assertFalse(Files.exists(lab.folder().description()));
    assertTrue(Files.exists(lab.folder().logs().resolve("agent-n1.log")));
    assertThrows(LabException.class, lab::description);
  }

  private static void assertRealized(Rollout rollout) {
    assertTrue(realized(rollout), rollout.toString());
  }

  private static boolean realized(Rollout rollout) {
    return rollout.getNodesCount() == 2
        && rollout.getNodesList().stream()
            .allMatch(node -> node.getState() == RolloutState.REALIZED);
  }
}
