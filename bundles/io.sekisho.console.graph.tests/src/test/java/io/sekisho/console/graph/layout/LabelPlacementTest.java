package io.sekisho.console.graph.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.graph.fixtures.Clusters;
import io.sekisho.console.graph.layout.Placement.Label;
import io.sekisho.console.graph.model.Budget;
import io.sekisho.console.graph.model.Folder;
import io.sekisho.console.graph.model.Folding;
import io.sekisho.console.graph.model.GraphEdge;
import io.sekisho.console.graph.model.GraphModel;
import io.sekisho.flow.ServiceGraph;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelPlacementTest {
  private static GraphModel model(ServiceGraph g) {
    return Folder.fold(g, Folding.START, Budget.MOST, Set.of());
  }

  private static Map<String, Label> place(GraphModel m, Placement p, Map<String, Label> before) {
    return LabelPlacement.place(m, p, Sizes.of(m, Measures.PLAIN), before);
  }

  @Test
  void place_shop_labelsTouchNoBoxAndNoOtherLabel() {
    GraphModel m = model(Clusters.shop());
    Placement p = LayeredLayout.run(m, Sizes.of(m, Measures.PLAIN), () -> false);
    Map<String, Label> labels = place(m, p, Map.of());
    List<Box> boxes = labels.values().stream().map(Label::box).toList();
    for (int i = 0; i < boxes.size(); i++) {
      for (int j = i + 1; j < boxes.size(); j++) {
        assertFalse(boxes.get(i).meets(boxes.get(j)));
      }
      Box box = boxes.get(i);
      p.nodes().forEach((id, n) -> assertFalse(n.meets(box), id));
    }
  }

  @Test
  void place_shop_plainLabelsCrossNoOtherLine() {
    GraphModel m = model(Clusters.shop());
    Placement p = LayeredLayout.run(m, Sizes.of(m, Measures.PLAIN), () -> false);
    Map<String, Label> labels = place(m, p, Map.of());
    for (GraphEdge e : m.edges()) {
      if (labels.containsKey(e.id()) && !e.troubled()) {
        Box box = labels.get(e.id()).box();
        p.routes()
            .forEach((id, r) -> assertFalse(!id.equals(e.id()) && r.meets(box), e.id() + " " + id));
      }
    }
  }

  @Test
  void place_noRoom_troubleIsNamedBrieflyAndTheRestIsNot() {
    ServiceGraph g =
        new Clusters.Builder()
            .pods("x", "a", 1, 1)
            .pods("x", "b", 1, 1)
            .edge("x/a", "x/b", "TCP", 8443, 11, 4.2, 0)
            .edge("x/b", "x/a", "TCP", 8443, 11, 0, 0)
            .build();
    GraphModel m = model(g);
    Map<String, Box> boxes = Map.of("x/a", new Box(0, 0, 100, 52), "x/b", new Box(140, 0, 100, 52));
    Map<String, Route> routes =
        Map.of("x/a > x/b", new Route(100, 20, 140, 20), "x/b > x/a", new Route(140, 40, 100, 40));
    Placement p = new Placement(Map.of("x", new Box(-20, -50, 300, 150)), boxes, routes, Map.of());
    Map<String, Label> labels = place(m, p, Map.of());
    assertEquals(Set.of("x/a > x/b"), labels.keySet());
    assertTrue(labels.get("x/a > x/b").brief());
  }

  @Test
  void place_before_labelsStayWhereTheyWere() {
    GraphModel m = model(Clusters.shop());
    Placement p = LayeredLayout.run(m, Sizes.of(m, Measures.PLAIN), () -> false);
    Map<String, Label> first = place(m, p, Map.of());
    GraphModel busier = model(Checks.busier(Clusters.shop()));
    Map<String, Label> second = place(busier, p, first);
    first.forEach(
        (id, label) -> {
          assertTrue(second.containsKey(id), id);
          assertEquals(label.box().centreX(), second.get(id).box().centreX(), 1.0, id);
          assertEquals(label.box().centreY(), second.get(id).box().centreY(), 1.0, id);
        });
  }

  @Test
  void place_stale_hasNoLabel() {
    GraphModel m = model(Clusters.shop());
    Placement p = LayeredLayout.run(m, Sizes.of(m, Measures.PLAIN), () -> false);
    assertFalse(place(m, p, Map.of()).containsKey("ops/log-shipper > shop/database"));
  }

  @Test
  void beside_gapNarrowerThanTheLabel_coversNoBox() {
    Box left = new Box(0, 0, 100, 52);
    Box right = new Box(140, 0, 100, 52);
    Placement p = new Placement(Map.of(), Map.of("a", left, "b", right), Map.of(), Map.of());
    Box label = p.beside(new Route(100, 20, 140, 20), new Size(70, 16));
    assertFalse(label.meets(left) || label.meets(right), label::toString);
    assertEquals(120, label.centreX(), 1);
    assertTrue(Math.abs(label.centreY() - 20) < 60, label::toString);
  }

  @Test
  void beside_room_isRightAboveTheLine() {
    Box label = Placement.EMPTY.beside(new Route(100, 20, 300, 20), new Size(70, 16));
    assertEquals(Box.round(200, 6, new Size(70, 16)), label);
  }
}
