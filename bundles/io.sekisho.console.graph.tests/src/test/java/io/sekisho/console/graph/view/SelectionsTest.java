package io.sekisho.console.graph.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.console.graph.fixtures.Clusters;
import io.sekisho.console.graph.model.Budget;
import io.sekisho.console.graph.model.Folder;
import io.sekisho.console.graph.model.Folding;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.console.ui.Selected;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SelectionsTest {
  private final GraphModel open =
      Folder.fold(Clusters.shop(), Folding.START, Budget.MOST, Set.of());
  private final GraphModel folded =
      Folder.fold(Clusters.shop(), Folding.START.toggle("shop"), Budget.MOST, Set.of());

  @Test
  void toWindow_edge_isTheConnection() {
    assertEquals(
        new Selected.Connection("shop/cart", "shop/payment"),
        Selections.toWindow(open, Set.of("shop/cart > shop/payment")));
  }

  @Test
  void toWindow_mergedEdge_isItsWorkload() {
    assertEquals(
        new Selected.Workload("/203.0.113.40/32"),
        Selections.toWindow(folded, Set.of("/203.0.113.40/32 > ns:shop")));
  }

  @Test
  void toWindow_container_isTheNamespace() {
    assertEquals(new Selected.Namespace("shop"), Selections.toWindow(open, Set.of("ns:shop")));
  }

  @Test
  void toWindow_severalOrNone_isNothing() {
    assertEquals(new Selected.Nothing(), Selections.toWindow(open, Set.of()));
    assertEquals(
        new Selected.Nothing(), Selections.toWindow(open, Set.of("shop/cart", "shop/payment")));
  }

  @Test
  void toPicture_foldedWorkload_isTheNodeThatShowsIt() {
    assertEquals(
        Set.of("ns:shop"), Selections.toPicture(folded, new Selected.Workload("shop/cart")));
  }

  @Test
  void toPicture_connectionInsideAFoldedNode_isThatNode() {
    assertEquals(
        Set.of("ns:shop"),
        Selections.toPicture(folded, new Selected.Connection("shop/cart", "shop/payment")));
  }

  @Test
  void toPicture_service_isEveryNodeBehindIt() {
    assertEquals(
        Set.of("shop/cart", "shop/payment"),
        Selections.toPicture(
            open,
            new Selected.Service("shop", "pay", Set.of("shop/cart", "shop/payment", "shop/gone"))));
  }

  @Test
  void toPicture_unknown_isNone() {
    assertEquals(Set.of(), Selections.toPicture(open, new Selected.Workload("shop/gone")));
  }
}
