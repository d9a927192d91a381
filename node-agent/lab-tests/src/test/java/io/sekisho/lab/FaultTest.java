package io.sekisho.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import io.sekisho.api.flow.DropReason;
import io.sekisho.api.v1.ConfirmRequest;
import io.sekisho.api.v1.EndpointsGrpc;
import io.sekisho.api.v1.GetRevisionRequest;
import io.sekisho.api.v1.ListEndpointsRequest;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.RevisionState;
import io.sekisho.api.v1.RevisionsGrpc;
import io.sekisho.api.v1.RevisionsGrpc.RevisionsBlockingStub;
import io.sekisho.lab.traffic.ByteStream;
import io.sekisho.lab.traffic.DatagramStream;
import io.sekisho.lab.traffic.Echo;
import io.sekisho.lab.traffic.Exchange;
import io.sekisho.lab.traffic.Place;
import io.sekisho.lab.traffic.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What breaks in a cluster, and what must hold meanwhile and afterwards. Three nodes with ranges
 * from small pools and clocks that can be set; the third one is the victim.
 */
@TestMethodOrder(OrderAnnotation.class)
final class FaultTest {
  private static final java.time.Duration SOON = java.time.Duration.ofSeconds(60);
  private static final int LEASE_SECONDS = 12;

  /** Four parts of 16 addresses, four of 2^64. */
  private static final List<String> POOLS = List.of("10.244.0.0/26:28", "fd00:10:244::/62:64");

  private static Cluster cluster;

  @BeforeAll
  static void up() throws IOException {
    ClusterNetwork network = ClusterNetwork.USUAL.withPools(POOLS).withProbes(1);
    Lab.Wish wish = new Lab.Wish(3, false, false, LEASE_SECONDS).on(network);
    cluster = new Cluster("skf", wish.withFakeClocks());
    cluster.addServer("victim", "n3");
    for (String server : List.of("near", "far", "victim")) {
      cluster.awaitReach(server, 0);
      cluster.awaitReach(server, 1);
    }
  }

  @AfterAll
  static void down() throws IOException {
    cluster.close();
  }

  private static Faults faults() {
    return cluster.lab().faults();
  }

  private static Place client() {
    return cluster.place("client");
  }

  private static boolean reaches(String server, int family) {
    return Exchange.udp(client(), cluster.address(server, family), Cluster.PORT, 100, 500);
  }

  private static void awaitReach(String server) {
    for (int family = 0; family < 2; family++) {
      int of = family;
      Await.until(SOON, () -> server + " is not reached", () -> reaches(server, of));
    }
  }

  /** A node as another one sees it. */
  private static Node seen(String node, String by) {
    try (AgentClient agent = cluster.lab().client(by)) {
      return agent.nodes().stream()
          .filter(known -> known.getName().equals(node))
          .findFirst()
          .orElse(Node.getDefaultInstance());
    }
  }

  @Test
  @Order(1)
  void leasedRanges_areDifferentPartsOfThePools() {
    List<String> ranges = new ArrayList<>();
    for (String node : List.of("n1", "n2", "n3")) {
      List<String> own = seen(node, "n1").getPodCidrsList();
      assertEquals(2, own.size(), own.toString());
      assertTrue(own.get(0).endsWith("/28"), own.toString());
      ranges.addAll(own);
    }
    assertEquals(6, ranges.stream().distinct().count(), ranges.toString());
  }

  @Test
  @Order(2)
  void addressesExhausted_isAClearErrorAndOverWithTheNextDelete() {
    List<Pod> pods = new ArrayList<>();
    String error = "";
    for (int i = 0; error.isEmpty() && i < 16; i++) {
      try {
        pods.add(cluster.lab().addPod("test", "crowd-" + i, "n3", Map.of("app", "crowd")));
      } catch (LabException e) {
        error = String.valueOf(e.getMessage());
        new Ip().add("netns del " + cluster.lab().names().pod("test", "crowd-" + i)).run();
      }
    }
    // the range has 16 addresses, so most were given before the error came
    assertTrue(pods.size() > 8, pods.size() + " pods, then " + error);
    assertTrue(error.contains("\"code\":100"), error);
    assertTrue(error.contains("/28"), error);
    Pod gone = pods.removeLast();
    cluster.lab().removePod(gone);
    // what is sent to an address that nobody has is told: here, or there while we do not know it
    InetAddress free = InetAddress.ofLiteral(gone.addresses().get(0));
    try (FlowLog flows = new FlowLog(cluster.lab(), "n1", "n3")) {
      assertFalse(Exchange.udp(client(), free, Cluster.PORT, 10, 500));
      flows.awaitDrop(DropReason.NO_MATCHING_LOCAL_CONTAINER_FOUND, FlowLog.to(free));
    }
    assertTrue(metric("n3", "sekisho_cni_add_total{code=\"100\"}") >= 1);
    pods.add(cluster.lab().addPod("test", "crowd-last", "n3", Map.of("app", "crowd")));
    assertEquals(pods.size(), pods.stream().map(pod -> pod.addresses().get(0)).distinct().count());
    pods.forEach(cluster.lab()::removePod);
  }

  @Test
  @Order(3)
  void interfaceDeletedByHand_isMadeAgainWithTheSameAddresses() {
    String before = podLink();
    long told = logged("n3", "was deleted; it is made again for test/victim");
    faults().unplug("test/victim");
    awaitReach("victim");
    assertNotEquals(before, podLink());
    // packets to an interface that is not there are the kernel's to drop: the agent says why
    assertEquals(told + 1, logged("n3", "was deleted; it is made again for test/victim"));
  }

  /** How often an agent has said something, as its log shows. */
  private static long logged(String node, String words) {
    try {
      String log = Files.readString(cluster.lab().agent(node).log());
      return log.lines().filter(line -> line.contains(words)).count();
    } catch (IOException e) {
      throw new LabException(LabException.Code.IO, "no log of " + node, e);
    }
  }

  /** A counter of an agent; 0 while it has none of the name. */
  private static double metric(String node, String name) {
    var path = cluster.lab().folder().agentRun(node).resolve("metrics.sock");
    return Command.of("curl", "-sS", "--unix-socket", path.toString(), "http://agent/metrics")
        .run()
        .output()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  /** The pod's interface as its namespace shows it, its index first. */
  private static String podLink() {
    String pod = cluster.lab().names().pod("test", "victim");
    return Command.of("ip", "-o", "link", "show", "eth0").inside(pod).run().output();
  }

  @Test
  @Order(4)
  void etcdDown_knownLabelsGetPods_andAllKnowThemAfterwards() {
    faults().etcdDown();
    try (FlowLog flows = new FlowLog(cluster.lab(), "n1", "n2", "n3")) {
      Pod twin = cluster.lab().addPod("test", "twin", "n1", Map.of("app", "near"));
      try (var echo = new Echo(cluster.place("twin"), Cluster.PORT)) {
        InetAddress to = InetAddress.ofLiteral(twin.addresses().get(0));
        assertTrue(Exchange.tcp(client(), to, Cluster.PORT, 1_000));
        assertTrue(reaches("victim", 0) && reaches("far", 1));
        faults().etcdUp();
        Await.until(
            SOON,
            () -> "another node does not know the pod",
            () -> Exchange.udp(cluster.place("far"), to, Cluster.PORT, 100, 500));
        assertEquals(Set.of(), flows.reasons(FlowLog.to(to).and(FlowLog.at("n1"))), "drops");
      } catch (IOException e) {
        throw new LabException(LabException.Code.IO, "no echo", e);
      }
      cluster.lab().removePod(twin);
    } finally {
      faults().etcdUp();
    }
  }

  /** For longer than leases last: etcd ends them all when it goes on. */
  @Test
  @Order(5)
  void etcdHalted_trafficAndKnownLabelsGoOn_andNobodyIsMissedAfterwards() throws IOException {
    long halted = System.nanoTime();
    faults().etcdHalt();
    try (Stream stream = streamTo("far")) {
      Pod twin = cluster.lab().addPod("test", "twin", "n1", Map.of("app", "near"));
      assertTrue(reaches("victim", 0) && reaches("far", 1));
      awaitSays("n1", "store: etcd does not answer: nothing within 3 s, since ");
      long over = halted + TimeUnit.SECONDS.toNanos(LEASE_SECONDS + 1);
      Await.until(SOON, () -> "leases go on", () -> System.nanoTime() - over > 0);
      faults().etcdResume();
      InetAddress to = InetAddress.ofLiteral(twin.addresses().get(0));
      try (var echo = new Echo(cluster.place("twin"), Cluster.PORT)) {
        Await.until(
            SOON,
            () -> "another node does not know the pod",
            () -> Exchange.udp(cluster.place("far"), to, Cluster.PORT, 100, 500));
      }
      Await.until(
          SOON,
          () -> "n1 still says " + seen("n1", "n1").getMessage(),
          () -> !seen("n1", "n1").getMessage().contains("store:"));
      assertEquals(0, stream.finish().lost(), "to far");
      cluster.lab().removePod(twin);
    } finally {
      faults().etcdResume();
    }
  }

  @Test
  @Order(6)
  void underlayCut_othersGoOn_healsByItself() throws IOException {
    InetAddress victim = cluster.address("victim", 0);
    try (Stream stream = streamTo("far");
        FlowLog flows = new FlowLog(cluster.lab(), "n1")) {
      long told = logged("n3", "underlay: eth0 is down");
      faults().cut("n3");
      forget("n3");
      assertFalse(reaches("victim", 0));
      // we have sent it on, and the kernel drops it where nobody answers for the node's address
      flows.awaitForwarded("client to victim", FlowLog.to(victim));
      awaitSays("n1", "198.18.0.3 does not resolve on eth0");
      assertEquals(Set.of(), flows.reasons(FlowLog.to(victim)));
      assertEquals(told + 1, logged("n3", "underlay: eth0 is down"));
      faults().heal("n3");
      awaitReach("victim");
      Await.until(
          SOON,
          () -> "n1 still says " + seen("n1", "n1").getMessage(),
          () -> !seen("n1", "n1").getMessage().contains("198.18.0.3"));
      assertEquals(0, stream.finish().lost(), "to far");
    }
  }

  /** The first node must ask anew on the link who has another one's addresses. */
  private static void forget(String node) {
    for (int family = 0; family < 2; family++) {
      String address = cluster.nodeAddress(node, family).getHostAddress();
      Command.of("ip", "neigh", "flush", "to", address, "dev", "eth0")
          .inside(cluster.lab().names().node("n1"))
          .run();
    }
  }

  /** Waits until a node's agent names some trouble in one sentence. */
  private static void awaitSays(String node, String words) {
    Await.until(
        SOON,
        () -> node + " says " + seen(node, node),
        () -> seen(node, node).getMessage().contains(words));
  }

  private static DatagramStream streamTo(String server) {
    return new DatagramStream(server, client(), cluster.address(server, 0), Cluster.PORT);
  }

  @Test
  @Order(7)
  void nodeGone_isForgottenByAll_andComesAgainWithItsPods() throws IOException {
    String range = seen("n3", "n1").getPodCidrs(0);
    // with its quotes, for one address may begin as another one
    String pod = "\"" + cluster.address("victim", 0).getHostAddress() + "\"";
    assertTrue(endpoints().contains(pod), endpoints());
    assertTrue(routes("n1").contains(range), routes("n1"));
    try (Stream stream = streamTo("far")) {
      faults().cut("n3");
      faults().killAgent("n3");
      try {
        Await.until(
            SOON,
            () -> "n3 is still " + seen("n3", "n1").getState(),
            () -> seen("n3", "n1").getState() == NodeState.GONE);
        Await.until(
            SOON,
            () -> "the route stays: " + routes("n1"),
            () -> routes("n1").contains("unreachable " + range));
        Await.until(SOON, () -> "the pod stays known", () -> !endpoints().contains(pod));
        awaitDropped(cluster.address("victim", 0));
      } finally {
        faults().heal("n3");
        faults().startAgent("n3");
      }
      awaitReach("victim");
      Await.until(
          SOON,
          () -> "the route is missing: " + routes("n1"),
          () -> routes("n1").contains(range) && !routes("n1").contains("unreachable " + range));
      assertEquals(range, seen("n3", "n1").getPodCidrs(0));
      assertEquals(0, stream.finish().lost(), "to far");
    }
  }

  /** What is sent to a pod that went with its node is dropped as such, and is not the world's. */
  private static void awaitDropped(InetAddress pod) {
    try (AgentClient agent = cluster.lab().client("n1");
        Drops drops = new Drops(agent)) {
      Await.until(
          SOON,
          () -> "dropped: " + drops.reasonsTo(pod.getHostAddress()),
          () -> {
            boolean answered = Exchange.udp(client(), pod, Cluster.PORT, 100, 200);
            return !answered
                && drops
                    .reasonsTo(pod.getHostAddress())
                    .equals(List.of("NO_MATCHING_LOCAL_CONTAINER_FOUND reserved:unmanaged"));
          });
    }
  }

  private static String routes(String node) {
    return Command.of("ip", "route").inside(cluster.lab().names().node(node)).run().output();
  }

  private static String endpoints() {
    try (AgentClient agent = cluster.lab().client("n1")) {
      return EndpointsGrpc.newBlockingStub(agent.channel())
          .withDeadlineAfter(60, TimeUnit.SECONDS)
          .list(ListEndpointsRequest.getDefaultInstance())
          .getEndpointsList()
          .toString();
    }
  }

  @Test
  @Order(8)
  void nodeMoves_isFoundAtItsNewAddressAndBack() {
    for (int i = 0; i < 2; i++) {
      InetAddress before = cluster.nodeAddress("n3", 0);
      faults().move("n3");
      assertNotEquals(before, cluster.nodeAddress("n3", 0));
      awaitReach("victim");
      String now = cluster.nodeAddress("n3", 0).getHostAddress();
      Await.until(
          SOON,
          () -> "n1 knows " + seen("n3", "n1").getAddressesList(),
          () -> seen("n3", "n1").getAddressesList().contains(now));
    }
  }

  @Test
  @Order(9)
  void diskFull_trafficGoesOn_addIsAClearErrorUntilThereIsRoom() throws IOException {
    try (Stream stream = streamTo("far")) {
      faults().diskFull("n1");
      String name = cluster.lab().names().pod("test", "homeless");
      String error = "";
      try {
        cluster.lab().addPod("test", "homeless", "n1", Map.of("app", "homeless"));
      } catch (LabException e) {
        error = String.valueOf(e.getMessage());
      }
      assertTrue(error.contains("\"code\":"), "ADD on a full disk: " + error);
      String code = error.replaceAll(".*\"code\":(\\d+).*", "$1");
      assertTrue(metric("n1", "sekisho_cni_add_total{code=\"" + code + "\"}") >= 1, error);
      assertTrue(error.toLowerCase().contains("space"), error);
      assertTrue(cluster.lab().agent("n1").isUp());
      // what failed leaves nothing in the pod's namespace; the kernel takes its time to delete a
      // pair
      Await.until(SOON, () -> "no eth0 in " + links(name), () -> !links(name).contains("eth0"));
      new Ip().add("netns del " + name).run();
      faults().diskFree("n1");
      Pod pod = cluster.lab().addPod("test", "housed", "n1", Map.of("app", "housed"));
      cluster.lab().removePod(pod);
      assertEquals(0, stream.finish().lost());
    } finally {
      faults().diskFree("n1");
    }
  }

  private static String links(String namespace) {
    return Command.of("ip", "-o", "link").inside(namespace).run().output();
  }

  @Test
  @Order(10)
  void clockJumps_nothingIsLost_leasesAndDeadlinesGoBySecondsThatPass() throws IOException {
    try (Stream datagrams = streamTo("far");
        Stream bytes = new ByteStream("far", client(), cluster.address("far", 1), Cluster.PORT);
        AgentClient agent = cluster.lab().client("n1");
        FlowLog flows = new FlowLog(cluster.lab(), "n1", "n2")) {
      long waiting = push(agent, 60);
      for (String node : List.of("n1", "n2", "n3")) {
        faults().clock(node, "+1d");
      }
      awaitSent(datagrams, 1_000);
      assertPresent();
      // a day is over by the clock, 60 s are not
      revisions(agent).confirm(ConfirmRequest.newBuilder().setRevision(waiting).build());
      long reverted = push(agent, 3);
      for (String node : List.of("n1", "n2", "n3")) {
        faults().clock(node, "-1d");
      }
      Await.until(
          SOON,
          () -> "not confirmed, but " + state(agent, reverted),
          () -> state(agent, reverted) == RevisionState.REVERTED);
      awaitSent(datagrams, (LEASE_SECONDS + 2) * 200L);
      assertPresent();
      assertEquals(0, datagrams.finish().lost());
      assertEquals(Set.of(), flows.reasons(FlowLog.to(cluster.address("far", 0))), "drops");
      Stream.Count count = bytes.finish();
      assertEquals("", count.trouble());
      assertEquals(0, count.lost());
    } finally {
      for (String node : List.of("n1", "n2", "n3")) {
        faults().clock(node, "0");
      }
    }
  }

  private static void awaitSent(Stream stream, long more) {
    long before = stream.sent();
    Await.until(SOON, () -> "no traffic", () -> stream.sent() >= before + more);
  }

  /** A probe that a busy machine answers late makes a node no more than degraded. */
  private static void assertPresent() {
    for (String node : List.of("n1", "n2", "n3")) {
      NodeState state = seen(node, "n1").getState();
      assertTrue(
          state == NodeState.READY || state == NodeState.DEGRADED,
          () -> seen(node, "n1").toString());
    }
  }

  private static RevisionsBlockingStub revisions(AgentClient agent) {
    return RevisionsGrpc.newBlockingStub(agent.channel()).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private static RevisionState state(AgentClient agent, long revision) {
    return revisions(agent)
        .get(GetRevisionRequest.newBuilder().setNumber(revision).build())
        .getState();
  }

  private static long push(AgentClient agent, int confirmSeconds) {
    String document =
        """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: wait-%d, namespace: test}
        spec:
          endpointSelector: {matchLabels: {app: nobody}}
          ingress: [{fromEntities: [all]}]
        """
            .formatted(confirmSeconds);
    return revisions(agent)
        .push(
            PushRequest.newBuilder()
                .setBase(agent.head())
                .addUpsert(document)
                .setMessage("waits")
                .setConfirmWithin(Duration.newBuilder().setSeconds(confirmSeconds))
                .build())
        .getRevision()
        .getNumber();
  }
}
