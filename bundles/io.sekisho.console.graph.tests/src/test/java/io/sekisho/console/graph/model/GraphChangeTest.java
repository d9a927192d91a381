package io.sekisho.console.graph.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.graph.fixtures.Clusters;
import io.sekisho.flow.ServiceGraph;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphChangeTest {
  private static GraphModel model(ServiceGraph g) {
    return Folder.fold(g, Folding.START, Budget.MOST, Set.of());
  }

  @Test
  void between_otherRates_isEmpty() {
    ServiceGraph shop = Clusters.shop();
    List<ServiceGraph.Edge> doubled =
        shop.edges().stream()
            .map(
                e ->
                    new ServiceGraph.Edge(
                        e.clientKey(),
                        e.serverKey(),
                        e.ports(),
                        e.forwardedRate() * 2,
                        e.droppedRate() + 1,
                        e.auditedRate(),
                        e.byteRate(),
                        e.lastSeenNanos(),
                        e.stale(),
                        e.dropRule()))
            .toList();
    ServiceGraph other = new ServiceGraph(shop.nodes(), doubled, shop.spanNanos());
    assertTrue(GraphChange.between(model(shop), model(other)).isEmpty());
  }

  @Test
  void between_oneWorkloadMore_namesItAndItsEdges() {
    GraphChange change =
        GraphChange.between(model(Clusters.shop()), model(Clusters.shopWithSearch()));
    assertEquals(Set.of("shop/search"), change.addedNodes());
    assertEquals(
        Set.of("shop/frontend > shop/search", "shop/search > shop/database"), change.addedEdges());
    assertTrue(change.removedNodes().isEmpty());
    assertFalse(change.groups());
  }
}
