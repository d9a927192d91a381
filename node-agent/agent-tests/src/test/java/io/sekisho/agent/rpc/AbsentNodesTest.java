package io.sekisho.agent.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import io.sekisho.policy.Cidr;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of nodes that say nothing. */
final class AbsentNodesTest {
  private static final long SECOND = 1_000_000_000L;

  private final Map<String, Node> nodes = new HashMap<>();
  private long now;
  private final AbsentNodes absent =
      new AbsentNodes(
          Clock.fixed(Instant.parse("2026-11-26T18:00:00.5Z"), ZoneOffset.UTC), () -> now);

  /** Nodes report something new at a second. */
  private void report(int second, String... names) {
    now = second * SECOND;
    for (String name : names) {
      nodes.put(
          name,
          Node.newBuilder().setName(name).setState(NodeState.READY).setFlowsSeen(second).build());
    }
    absent.learn(new Inventory(second, true, nodes, Map.of(), Map.of(), Map.of()));
  }

  private NodeState state(String name) {
    return absent.with(nodes).getOrDefault(name, Node.getDefaultInstance()).getState();
  }

  @Test
  void node_silentWhileOthersReport_isNotReady() {
    report(0, "n1", "n2");
    report(20, "n1");
    report(30, "n1");
    assertEquals(NodeState.READY, state("n2"));
    report(40, "n1");
    assertEquals(NodeState.DEGRADED, state("n2"));
    assertEquals(NodeState.READY, state("n1"));
    String message = absent.with(nodes).get("n2").getMessage();
    assertTrue(message.startsWith("no report since 2026-11-26T18:00:00Z: "), message);
    report(50, "n2");
    assertEquals(NodeState.READY, state("n2"));
  }

  @Test
  void nodes_allSilent_areNotBlamedForTheStore() {
    report(0, "n1", "n2");
    report(10, "n2");
    now = 600 * SECOND;
    absent.learn(new Inventory(600, true, nodes, Map.of(), Map.of(), Map.of()));
    assertEquals(NodeState.READY, state("n1"));
    assertEquals(NodeState.READY, state("n2"));
    // the store is back: whoever is not the first to report is not silent for it
    report(601, "n1");
    assertEquals(NodeState.READY, state("n2"));
    report(621, "n1");
    report(641, "n1");
    assertEquals(NodeState.DEGRADED, state("n2"));
  }

  @Test
  void node_leaseEnded_isGoneAndForgottenOnDemand() {
    report(0, "n1", "n2");
    report(20, "n1");
    report(40, "n1");
    nodes.remove("n2");
    report(50, "n1");
    assertEquals(NodeState.GONE, state("n2"));
    assertTrue(absent.forget("n2"));
    assertEquals(NodeState.NODE_STATE_UNKNOWN, state("n2"));
  }

  @Test
  void node_gone_isNotSpokenOfOnceNobodyHasItsRangeForIt() {
    Cidr range = Cidr.parse("10.244.2.0/24");
    Node node = Node.newBuilder().setName("n2").addPodCidrs(range.toString()).build();
    learn(Map.of("n2", node), Map.of(range, "n2"));
    learn(Map.of(), Map.of(range, "n2"));
    assertEquals(NodeState.GONE, state("n2"));
    learn(Map.of(), Map.of());
    assertEquals(Map.of(), absent.with(Map.of()), "another agent was told to remove it");

    learn(Map.of("n2", node), Map.of(range, "n2"));
    learn(Map.of(), Map.of(range, "n3"));
    assertEquals(Map.of(), absent.with(Map.of()), "it was replaced");
  }

  private void learn(Map<String, Node> present, Map<Cidr, String> ranges) {
    absent.learn(new Inventory(1, true, present, Map.of(), Map.of(), Map.of(), ranges));
  }
}
