package io.sekisho.console.graph.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.graph.fixtures.Clusters;
import io.sekisho.console.graph.model.Folding;
import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphNode;
import io.sekisho.console.graph.model.Grouping;
import io.sekisho.flow.ServiceGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PlannerTest {
  private static final Size WINDOW = new Size(950, 500);
  private final List<RuntimeException> failures = new ArrayList<>();
  private final Planner planner = new Planner(Measures.PLAIN, failures::add);

  private Scene plan(ServiceGraph graph, Folding folding, Pins pins, Optional<Scene> before) {
    return planner.plan(
        new Planner.Request(graph, folding, WINDOW, pins, before, false), () -> false);
  }

  private Scene fresh(ServiceGraph graph) {
    return plan(graph, Folding.START, Pins.NONE, Optional.empty());
  }

  @Test
  void plan_shop_everythingHasAPlaceAndNothingOverlaps() {
    Scene s = fresh(Clusters.shop());
    Checks.sound(s);
    assertEquals(List.of(), failures);
    assertTrue(s.fresh());
  }

  @ParameterizedTest
  @CsvSource({"40, 80", "150, 400", "200, 420", "500, 1300"})
  void plan_synthetic_isSoundAndReadable(int nodes, int edges) {
    Scene s = fresh(Clusters.synthetic(nodes, edges, 25, 5));
    Checks.sound(s);
    assertEquals(List.of(), failures);
    double zoom = FreshLayout.zoom(s.placement().extent(), WINDOW);
    assertTrue(zoom >= 0.55, "zoom " + zoom + " with " + s.model().nodes().size() + " nodes");
  }

  @ParameterizedTest
  @EnumSource(Grouping.class)
  void plan_everyGrouping_isSound(Grouping grouping) {
    Checks.sound(plan(Clusters.shop(), Folding.START.by(grouping), Pins.NONE, Optional.empty()));
    Checks.sound(
        plan(
            Clusters.synthetic(120, 300, 25, 5),
            Folding.START.by(grouping),
            Pins.NONE,
            Optional.empty()));
    assertEquals(List.of(), failures);
  }

  @Test
  void plan_troubledEdges_allHaveLabels() {
    Scene s = fresh(Clusters.shop());
    s.model().edges().stream()
        .filter(GraphEdge::troubled)
        .forEach(e -> assertTrue(s.placement().labels().containsKey(e.id()), e.id()));
  }

  @Test
  void plan_otherRates_movesNothing() {
    Scene before = fresh(Clusters.shop());
    Scene after =
        plan(Checks.busier(Clusters.shop()), Folding.START, Pins.NONE, Optional.of(before));
    assertEquals(before.placement().nodes(), after.placement().nodes());
    assertEquals(before.placement().groups(), after.placement().groups());
    before
        .placement()
        .routes()
        .forEach((id, r) -> assertSame(r, after.placement().routes().get(id)));
    assertFalse(after.fresh());
  }

  @Test
  void plan_oneWorkloadMore_oldBoxesAndRoutesStay() {
    Scene before = fresh(Clusters.shop());
    Scene after = plan(Clusters.shopWithSearch(), Folding.START, Pins.NONE, Optional.of(before));
    Checks.sound(after);
    assertFalse(after.fresh());
    before
        .placement()
        .nodes()
        .forEach((id, b) -> assertEquals(b, after.placement().nodes().get(id)));
    before
        .placement()
        .routes()
        .forEach((id, r) -> assertSame(r, after.placement().routes().get(id)));
    Box search = after.placement().nodes().get("shop/search");
    assertTrue(after.placement().groups().get("shop").holds(search));
  }

  @Test
  void plan_oneWorkloadLess_restStays() {
    Scene before = fresh(Clusters.shopWithSearch());
    Scene after = plan(Clusters.shop(), Folding.START, Pins.NONE, Optional.of(before));
    Checks.sound(after);
    after
        .placement()
        .nodes()
        .forEach((id, b) -> assertEquals(before.placement().nodes().get(id), b));
  }

  @Test
  void plan_largeGraphOneWorkloadMore_oldBoxesStay() {
    ServiceGraph all = Clusters.synthetic(40, 100, 25, 5);
    ServiceGraph.Node gone = all.nodes().get(20);
    String key = gone.party().key();
    ServiceGraph less =
        new ServiceGraph(
            all.nodes().stream().filter(n -> n != gone).toList(),
            all.edges().stream()
                .filter(e -> !e.clientKey().equals(key) && !e.serverKey().equals(key))
                .toList(),
            all.spanNanos());
    Scene before = fresh(less);
    Scene after = plan(all, Folding.START, Pins.NONE, Optional.of(before));
    Checks.sound(after);
    if (!after.fresh()) {
      assertEquals(0, after.placement().meanMove(before.placement()));
    }
  }

  @Test
  void plan_pinned_nodeStandsWhereItWasPut() {
    Scene plain = fresh(Clusters.shop());
    Box group = plain.placement().groups().get("shop");
    Box cart = plain.placement().nodes().get("shop/cart");
    Pins.Place place = new Pins.Place(cart.x() - group.x() + 30, group.height() + 20);
    Pins pins = Pins.NONE.with("shop/cart", place);
    Scene s = plan(Clusters.shop(), Folding.START, pins, Optional.empty());
    Box now = s.placement().nodes().get("shop/cart");
    assertEquals(group.x() + place.x(), now.x());
    assertEquals(group.y() + place.y(), now.y());
    assertTrue(s.placement().groups().get("shop").holds(now));
    Checks.routed(s);
  }

  @Test
  void moved_node_onlyItsEdgesAreRouted() {
    Scene before = fresh(Clusters.shop());
    Box cart = before.placement().nodes().get("shop/cart");
    for (boolean dragging : new boolean[] {true, false}) {
      Scene after = Planner.moved(before, "shop/cart", cart.x() + 40, cart.y() + 60, dragging);
      Checks.routed(after);
      for (GraphEdge e : before.model().edges()) {
        boolean own = e.from().equals("shop/cart") || e.to().equals("shop/cart");
        boolean same =
            before.placement().routes().get(e.id()) == after.placement().routes().get(e.id());
        Box there = after.placement().nodes().get("shop/cart");
        boolean under = before.placement().routes().get(e.id()).meets(there.grown(8));
        assertTrue(same || own || !dragging && under, e.id());
      }
    }
  }

  @Test
  void plan_cancelled_throws() {
    assertThrows(
        CancellationException.class,
        () ->
            planner.plan(
                new Planner.Request(
                    Clusters.shop(), Folding.START, WINDOW, Pins.NONE, Optional.empty(), true),
                () -> true));
  }

  @Test
  void plan_emptyGraph_isEmpty() {
    Scene s = fresh(ServiceGraph.EMPTY);
    assertEquals(Map.of(), s.placement().nodes());
    Checks.sound(plan(Clusters.shop(), Folding.START, Pins.NONE, Optional.of(s)));
  }

  @Test
  void plan_outside_standsOnTheRims() {
    Scene s = fresh(Clusters.shop());
    Box shop = s.placement().groups().get("shop");
    for (GraphNode n : s.model().nodes()) {
      if (n.outside()) {
        Box box = s.placement().nodes().get(n.id());
        assertTrue(box.right() <= shop.x() || box.x() >= shop.right(), n.id());
      }
    }
  }
}
