package io.sekisho.console.graph.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.graph.fixtures.Clusters;
import io.sekisho.flow.ServiceGraph;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FolderTest {
  private static GraphModel fold(ServiceGraph g, Folding folding, Budget budget) {
    return Folder.fold(g, folding, budget, Set.of());
  }

  @Test
  void fold_smallGraph_showsEveryWorkloadOnItsOwn() {
    GraphModel m = fold(Clusters.shop(), Folding.START, Budget.MOST);
    assertEquals(13, m.nodes().size());
    assertEquals(20, m.edges().size());
    assertEquals(
        Set.of("shop", "ops", "kube-system"),
        m.groups().stream().map(GraphGroup::name).collect(Collectors.toSet()));
    assertEquals(0, m.hidden().nodes());
  }

  @Test
  void fold_foldedNamespace_isOneNodeThatCountsItsTrouble() {
    GraphModel m = fold(Clusters.shop(), Folding.START.toggle("shop"), Budget.MOST);
    GraphNode shop = m.node("ns:shop").orElseThrow();
    assertEquals(6, shop.members());
    assertEquals(17, shop.pods());
    assertEquals(4, shop.troubled());
    assertTrue(m.groups().stream().noneMatch(g -> g.name().equals("shop")));
    GraphEdge scan = m.edge("/203.0.113.40/32 > ns:shop").orElseThrow();
    assertEquals(3.0, scan.dropped(), 1e-9);
    assertEquals(2, scan.members().size());
  }

  @Test
  void fold_pastBudget_keepsToItAndHidesNoTroubleSilently() {
    ServiceGraph g = Clusters.synthetic(200, 420, 25, 5);
    GraphModel m = fold(g, Folding.START, Budget.bundled(30));
    assertTrue(m.nodes().size() <= 30, m.nodes().size() + " nodes");
    int shown = (int) m.nodes().stream().filter(n -> !n.folded()).count();
    int folded = m.nodes().stream().filter(GraphNode::folded).mapToInt(GraphNode::members).sum();
    assertEquals(201, shown + folded);
    assertEquals(folded, m.hidden().nodes());
    long troubled = m.nodes().stream().mapToLong(GraphNode::troubled).sum();
    GraphModel all = fold(g, Folding.START, new Budget(1000, 1000, false));
    assertEquals(all.nodes().stream().mapToLong(GraphNode::troubled).sum(), troubled);
  }

  @Test
  void fold_pastBudget_keepsTheSickBeforeTheBusy() {
    ServiceGraph g = Clusters.synthetic(200, 420, 25, 5);
    GraphModel m = fold(g, Folding.START, Budget.bundled(40));
    Set<String> kept = m.nodes().stream().map(GraphNode::id).collect(Collectors.toSet());
    for (ServiceGraph.Node n : g.nodes()) {
      if (n.ready() < n.pods()) {
        assertTrue(kept.contains(n.party().key()), n.party().key());
      }
    }
  }

  @Test
  void fold_bundled_callsBetweenNamespacesAreOneEdge() {
    GraphModel m = fold(Clusters.shop(), Folding.START, Budget.bundled(150));
    GraphEdge ops = m.edge("ns:ops > ns:shop").orElseThrow();
    assertTrue(ops.bundle());
    assertEquals(4, ops.members().size());
    assertFalse(ops.stale());
    assertTrue(m.edge("shop/cart > shop/payment").isPresent());
  }

  @Test
  void fold_moreEdgesThanBudget_dropsQuietOnesAndSaysSo() {
    ServiceGraph g = Clusters.synthetic(100, 300, 25, 5);
    GraphModel m = fold(g, Folding.START, new Budget(150, 50, false));
    assertEquals(50, m.edges().size());
    assertEquals(250, m.hidden().edges());
    long troubled = g.edges().stream().filter(e -> e.droppedRate() > 0 && !e.stale()).count();
    assertEquals(troubled, m.edges().stream().filter(GraphEdge::troubled).count());
  }

  @Test
  void fold_opened_showsAllOfTheNamespace() {
    ServiceGraph g = Clusters.synthetic(200, 420, 25, 5);
    GraphModel m = fold(g, Folding.START.open("team-a"), Budget.bundled(40));
    assertTrue(m.node("more:team-a").isEmpty());
    assertEquals(25, m.nodes().stream().filter(n -> n.group().equals("team-a")).count());
  }

  @Test
  void fold_everythingOpened_stillKeepsTheHardCap() {
    ServiceGraph g = Clusters.synthetic(300, 900, 25, 5);
    Set<String> all =
        g.nodes().stream().map(n -> n.party().namespace()).collect(Collectors.toSet());
    GraphModel m = fold(g, new Folding(Grouping.NAMESPACE, Set.of(), all), Budget.bundled(40));
    assertTrue(m.nodes().size() <= Budget.MOST.nodes(), m.nodes().size() + " nodes");
    assertTrue(m.edges().size() <= Budget.MOST.edges());
  }

  @Test
  void fold_shownBefore_staysWhenTheChoiceIsClose() {
    ServiceGraph before = pair(10, 9);
    ServiceGraph after = pair(9, 10);
    Budget three = new Budget(3, 400, false);
    GraphModel first = Folder.fold(before, Folding.START, three, Set.of());
    Set<String> shown = first.nodes().stream().map(GraphNode::id).collect(Collectors.toSet());
    GraphModel second = Folder.fold(after, Folding.START, three, shown);
    assertTrue(GraphChange.between(first, second).isEmpty());
  }

  private static ServiceGraph pair(double a, double b) {
    return new Clusters.Builder()
        .pods("x", "a", 1, 1)
        .pods("x", "b", 1, 1)
        .pods("x", "c", 1, 1)
        .pods("x", "d", 1, 1)
        .pods("x", "e", 1, 1)
        .edge("x/a", "x/a", "TCP", 1, a, 0, 0)
        .edge("x/b", "x/b", "TCP", 1, b, 0, 0)
        .edge("x/c", "x/c", "TCP", 1, 20, 0, 0)
        .build();
  }

  @Test
  void fold_foldedGrouping_isOneNodePerNamespace() {
    GraphModel m = fold(Clusters.shop(), Folding.START.by(Grouping.FOLDED), Budget.MOST);
    assertEquals(3, m.nodes().stream().filter(GraphNode::folded).count());
    GraphModel opened =
        fold(Clusters.shop(), Folding.START.by(Grouping.FOLDED).toggle("ops"), Budget.MOST);
    assertEquals(1, opened.groups().size());
  }

  @Test
  void fold_emptyGraph_isEmpty() {
    assertEquals(
        GraphModel.EMPTY.nodes(), fold(ServiceGraph.EMPTY, Folding.START, Budget.MOST).nodes());
  }

  @Test
  void fold_edgeOfUnknownNode_isLeftOut() {
    ServiceGraph g =
        new Clusters.Builder()
            .pods("x", "a", 1, 1)
            .edge("x/a", "x/gone", "TCP", 1, 1, 0, 0)
            .build();
    assertTrue(fold(g, Folding.START, Budget.MOST).edges().isEmpty());
  }
}
