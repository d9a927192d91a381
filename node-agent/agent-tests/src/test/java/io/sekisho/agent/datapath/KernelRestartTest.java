package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import io.sekisho.policy.compile.PolicyTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An agent that goes and comes back costs no packet and no policy. */
final class KernelRestartTest {
  private static TestCluster cluster;

  @BeforeAll
  static void create() {
    cluster = new TestCluster();
    // Nothing but this allow lets the pings through: an empty table at any time would drop some.
    var anyPeer = new PolicyKey(0, false, 0, 0, 0);
    var allow = new PolicyEntry(false, 10, 77, 0);
    for (int pod : List.of(12, 21)) {
      cluster.policy(pod, new PolicyTable(true, false, Map.of(anyPeer, allow)));
    }
    assertEquals(List.of(), cluster.apply());
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @Test
  void reopen_underTraffic_losesNoPacket() {
    try (var sameNode =
            new EchoStream(cluster.pod(11), cluster.pod(12), cluster.address(12, true));
        var crossNode =
            new EchoStream(cluster.pod(11), cluster.pod(21), cluster.address(21, false))) {
      for (int round = 0; round < 4; round++) {
        for (int number : List.of(1, 2)) {
          TestNode node = cluster.node(number);
          assertEquals(2, node.reopen().size());
          assertEquals(List.of(), node.datapath().apply(cluster.desired(number)));
        }
      }
      sameNode.finish();
      crossNode.finish();
      assertTrue(sameNode.sent() > 100 && crossNode.sent() > 100);
    }
  }

  @Test
  void reopen_sameState_writesNothing() {
    TestNode node = cluster.node(1);
    var before = revisions(node);

    node.reopen();
    assertEquals(List.of(), node.datapath().apply(cluster.desired(1)));

    assertEquals(before, revisions(node));
  }

  /** The policy revisions that the kernel holds: a new one would say that something was written. */
  private static Map<Integer, EndpointEntry> revisions(TestNode node) {
    var pins = new PinFolder(node.config().pinRoot(), node.config().node());
    try (var map =
        io.sekisho.libbpf.BpfMap.openPinned(pins.map("endpoint_config"))
            .as(io.sekisho.libbpf.Codec.u32(), EndpointEntry.CODEC)) {
      return map.entries();
    }
  }
}
