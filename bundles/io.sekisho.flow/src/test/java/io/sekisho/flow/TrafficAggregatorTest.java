package io.sekisho.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.flow.Party.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections count once, rates slide, memory is bounded. */
class TrafficAggregatorTest {
  private static final double NOW = 1_000;
  private static final long NOW_NANOS = 1_000_000_000_000L;

  private final TrafficAggregator aggregator = new TrafficAggregator(10, 5);

  private static FlowRecordBuilder flow() {
    return new FlowRecordBuilder().at(NOW);
  }

  private ServiceGraph.Edge edge(long nowNanos) {
    ServiceGraph graph = aggregator.snapshot(nowNanos, p -> WorkloadPods.NONE);
    return graph.edge("shop/cart", "shop/payment").orElseThrow();
  }

  private double connections() {
    return edge(NOW_NANOS).forwardedRate() * 10;
  }

  @Test
  void add_bothSidesTell_countsOnce() {
    aggregator.add(flow().build());
    aggregator.add(flow().at(NOW + 0.1).ingress().build());
    assertEquals(1, connections(), 1e-9);
    aggregator.add(flow().ports(40_001, 8443).ingress().build());
    aggregator.add(flow().ports(40_001, 8443).build());
    assertEquals(2, connections(), 1e-9);
  }

  @Test
  void add_oneSideTells_counts() {
    aggregator.add(flow().build());
    aggregator.add(flow().ports(40_001, 8443).ingress().build());
    assertEquals(2, connections(), 1e-9);
  }

  @Test
  void add_samePortsAgain_countsAgain() {
    aggregator.add(flow().at(NOW - 2).build());
    aggregator.add(flow().at(NOW - 2).ingress().build());
    aggregator.add(flow().build());
    aggregator.add(flow().ingress().build());
    assertEquals(2, connections(), 1e-9);
  }

  @Test
  void add_droppedByServer_takesTheClientsBack() {
    aggregator.add(flow().build());
    aggregator.add(flow().dropped("default deny").ingress().build());
    aggregator.add(flow().at(NOW + 1).dropped("shop/payment-in:2").ingress().build());
    ServiceGraph.Edge edge = edge(NOW_NANOS + 1_000_000_000L);
    assertEquals(0, edge.forwardedRate());
    assertEquals(0.2, edge.droppedRate(), 1e-9);
    assertEquals("shop/payment-in:2", edge.dropRule());
    assertEquals(List.of(new ServiceGraph.Port("TCP", 8443, 0, 0.2)), edge.ports());
  }

  @Test
  void add_dropToldBeforeTheClient_doesNotCount() {
    aggregator.add(flow().dropped("default deny").ingress().build());
    aggregator.add(flow().build());
    assertEquals(0, connections());
  }

  @Test
  void add_retryPassesAfterDrop_counts() {
    aggregator.add(flow().build());
    aggregator.add(flow().dropped("default deny").ingress().build());
    aggregator.add(flow().at(NOW + 1).ingress().build());
    assertEquals(1, connections(), 1e-9);
  }

  @Test
  void add_repliesAndTraces_openNothing() {
    aggregator.add(flow().reply().build());
    aggregator.add(flow().trace(500).build());
    ServiceGraph.Edge edge = edge(NOW_NANOS);
    assertEquals(0, edge.forwardedRate());
    assertEquals(50, edge.byteRate(), 1e-9);
    assertFalse(edge.stale());
  }

  @Test
  void byteRate_bothSidesTell_isNotDoubled() {
    aggregator.add(flow().trace(500).build());
    aggregator.add(flow().trace(500).ingress().build());
    aggregator.add(flow().trace(300).reply().build());
    assertEquals(80, edge(NOW_NANOS).byteRate(), 1e-9);
  }

  @Test
  void byteRate_nobodyKnows_isUnknown() {
    aggregator.add(flow().build());
    assertEquals(-1, edge(NOW_NANOS).byteRate());
  }

  @Test
  void snapshot_timeGoesOn_ratesFallAndEdgeGoesStale() {
    aggregator.add(flow().build());
    assertFalse(edge(NOW_NANOS).stale());
    ServiceGraph.Edge later = edge(NOW_NANOS + 4_000_000_000L);
    assertTrue(later.stale());
    assertEquals(0.1, later.forwardedRate(), 1e-9);
    assertEquals(0, edge(NOW_NANOS + 10_000_000_000L).forwardedRate());
    assertEquals(0, edge(NOW_NANOS + 10_000_000_000L).byteRate());
    ServiceGraph gone = aggregator.snapshot(NOW_NANOS + 101_000_000_000L, p -> WorkloadPods.NONE);
    assertEquals(List.of(), gone.edges());
    assertEquals(List.of(), gone.nodes());
  }

  @Test
  void add_audited_isKeptApart() {
    aggregator.add(flow().verdict(FlowVerdict.AUDITED).build());
    assertEquals(0.1, edge(NOW_NANOS).auditedRate(), 1e-9);
    assertEquals(0, edge(NOW_NANOS).forwardedRate());
  }

  @Test
  void add_lateAndFutureEvents_countOnlyInsideTheWindow() {
    aggregator.add(flow().build());
    aggregator.add(flow().ports(1, 8443).at(NOW - 3).build());
    aggregator.add(flow().ports(2, 8443).at(NOW - 50).build());
    aggregator.add(flow().ports(3, 8443).at(NOW + 1_000_000).build());
    assertEquals(2, connections(), 1e-9);
    aggregator.add(flow().ports(4, 8443).build());
    assertEquals(3, connections(), 1e-9);
    assertTrue(edge(NOW_NANOS + 60_000_000_000L).stale(), "the future is not last seen");
  }

  @Test
  void snapshot_nodes_haveInventoryAndRequests() {
    aggregator.add(flow().build());
    ServiceGraph graph =
        aggregator.snapshot(
            NOW_NANOS,
            p -> p.workload().equals("payment") ? new WorkloadPods(3, 2) : WorkloadPods.NONE);
    ServiceGraph.Node payment = graph.node("shop/payment").orElseThrow();
    assertEquals("3 2", payment.pods() + " " + payment.ready());
    assertEquals(0.1, payment.requestRate(), 1e-9);
    assertEquals("", payment.party().pod() + payment.party().address());
    assertEquals(0, graph.node("shop/cart").orElseThrow().requestRate());
    assertEquals(10_000_000_000L, graph.spanNanos());
  }

  @Test
  void add_moreEdgesThanRoom_areCounted() {
    for (int i = 0; i < 7; i++) {
      aggregator.add(flow().from(FlowRecordBuilder.pod("shop", "w" + i, "10.0.0." + i)).build());
    }
    assertEquals(2, aggregator.overflow());
    assertEquals(5, aggregator.snapshot(NOW_NANOS, p -> WorkloadPods.NONE).edges().size());
    aggregator.snapshot(NOW_NANOS + 200_000_000_000L, p -> WorkloadPods.NONE);
    aggregator.add(flow().at(NOW + 200).build());
    assertEquals(2, aggregator.overflow(), "room again");
  }

  @Test
  void add_manyOutside_becomeTheWorld() {
    var wide = new TrafficAggregator();
    for (int i = 0; i < 1000; i++) {
      wide.add(flow().from(FlowRecordBuilder.outside("192.0.2." + i)).ports(i, 80).build());
    }
    ServiceGraph graph = wide.snapshot(NOW_NANOS, p -> WorkloadPods.NONE);
    assertEquals(TrafficAggregator.MAX_OUTSIDE + 1, graph.edges().size());
    assertEquals(15, graph.edge("/world", "shop/payment").orElseThrow().forwardedRate(), 1e-9);
    assertEquals(Kind.OUTSIDE, graph.node("/world").orElseThrow().party().kind());
  }

  @Test
  void add_portScan_keepsSomePortsAndAllDrops() {
    for (int port = 1; port <= 1000; port++) {
      aggregator.add(flow().ports(50_000, port).dropped("default deny").ingress().build());
    }
    assertEquals(100, edge(NOW_NANOS).droppedRate(), 1e-9);
    assertEquals(32, edge(NOW_NANOS).ports().size());
  }

  @Test
  void clear_forgetsEdges() {
    aggregator.add(flow().build());
    aggregator.clear();
    assertEquals(
        ServiceGraph.EMPTY.edges(), aggregator.snapshot(NOW_NANOS, p -> WorkloadPods.NONE).edges());
  }

  @Test
  void create_noRoom_throws() {
    assertThrows(IllegalArgumentException.class, () -> new TrafficAggregator(0, 5));
    assertThrows(IllegalArgumentException.class, () -> new TrafficAggregator(10, 0));
  }
}
