package io.sekisho.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.v1.NodeState;
import io.sekisho.api.v1.NodesGrpc;
import io.sekisho.api.v1.RemoveNodeRequest;
import io.sekisho.lab.traffic.Exchange;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A node with a range that no lease says goes, and the others' agents start anew after it. */
final class GoneNodeTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private static Cluster cluster;

  @BeforeAll
  static void up() throws IOException {
    cluster = new Cluster("skg", new Lab.Wish(2, false, false, 12).withOutside());
    cluster.awaitReach("far", 0);
    cluster.awaitReach("far", 1);
  }

  @AfterAll
  static void down() throws IOException {
    cluster.close();
  }

  @Test
  void nodeGone_agentStartsAnew_itsRangeStaysTheClustersUntilItIsRemoved() throws IOException {
    Faults faults = cluster.lab().faults();
    faults.cut("n2");
    faults.killAgent("n2");
    Await.until(SOON, () -> "n2 is not gone", () -> isGone("n2"));
    awaitVacant();
    for (int i = 0; i < 2; i++) {
      faults.killAgent("n1");
      faults.startAgent("n1");
      cluster.addPod("later" + i, "n1"); // an agent that answers has planned anew
      awaitVacant();
    }
    try (AgentClient agent = cluster.lab().client("n1")) {
      var request = RemoveNodeRequest.newBuilder().setName("n2").build();
      var freed = NodesGrpc.newBlockingStub(agent.channel()).remove(request);
      assertEquals(2, freed.getFreedCidrsCount(), freed.toString());
    }
    Await.until(SOON, GoneNodeTest::routes, () -> !routes().contains(range()));
    try (FlowLog flows = new FlowLog(cluster.lab(), "n1")) {
      for (InetAddress pod : pods()) {
        Exchange.udp(cluster.place("client"), pod, Cluster.PORT, 100, 200);
        flows.awaitForwarded(
            "the world", FlowLog.to(pod).and(f -> labels(f).contains("reserved:world")));
      }
    }
  }

  private static List<InetAddress> pods() {
    return List.of(cluster.address("far", 0), cluster.address("far", 1));
  }

  private static List<String> labels(Flow flow) {
    return flow.getDestination().getLabelsList();
  }

  private static boolean isGone(String node) {
    try (AgentClient agent = cluster.lab().client("n1")) {
      return agent.nodes().stream()
          .anyMatch(n -> n.getName().equals(node) && n.getState() == NodeState.GONE);
    }
  }

  /** Waits until the range is unreachable, and what is sent to its pods is dropped and told. */
  private static void awaitVacant() {
    Await.until(SOON, GoneNodeTest::routes, () -> routes().contains("unreachable " + range()));
    try (FlowLog flows = new FlowLog(cluster.lab(), "n1")) {
      for (InetAddress pod : pods()) {
        assertFalse(Exchange.udp(cluster.place("client"), pod, Cluster.PORT, 100, 200));
        flows.awaitDrop(
            DropReason.NO_MATCHING_LOCAL_CONTAINER_FOUND,
            FlowLog.to(pod).and(f -> labels(f).contains("reserved:unmanaged")));
        assertEquals(1, flows.reasons(FlowLog.to(pod)).size(), pod.toString());
      }
    }
  }

  private static String range() {
    String pod = cluster.address("far", 0).getHostAddress();
    return pod.substring(0, pod.lastIndexOf('.')) + ".0/24";
  }

  private static String routes() {
    return Command.of("ip", "route").inside(cluster.lab().names().node("n1")).run().output();
  }
}
