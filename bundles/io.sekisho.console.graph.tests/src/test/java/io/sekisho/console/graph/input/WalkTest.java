package io.sekisho.console.graph.input;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.console.graph.fixtures.Clusters;
import io.sekisho.console.graph.layout.Pins;
import io.sekisho.console.graph.layout.Planner;
import io.sekisho.console.graph.layout.Scene;
import io.sekisho.console.graph.layout.Size;
import io.sekisho.console.graph.model.Folding;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WalkTest {
  private final Scene scene =
      new Planner((text, face) -> new Size(text.length() * 7, 14), e -> {})
          .plan(
              new Planner.Request(
                  Clusters.shop(),
                  Folding.START,
                  new Size(950, 500),
                  Pins.NONE,
                  Optional.empty(),
                  true),
              () -> false);
  private final Walk walk = new Walk(scene.model(), scene.placement());

  @Test
  void first_trouble_isTheBusiest() {
    assertEquals(Optional.of("shop/catalog-v2 > shop/database"), walk.first());
  }

  @Test
  void from_edge_rightGoesToTheServerAndLeftToTheClient() {
    String edge = "shop/frontend > shop/cart";
    assertEquals(Optional.of("shop/cart"), walk.from(edge, Walk.Way.RIGHT));
    assertEquals(Optional.of("shop/frontend"), walk.from(edge, Walk.Way.LEFT));
  }

  @Test
  void from_node_rightTakesItsTroubledEdgeFirst() {
    assertEquals(
        Optional.of("shop/catalog-v2 > shop/database"),
        walk.from("shop/catalog-v2", Walk.Way.RIGHT));
  }

  @Test
  void from_node_downGoesToTheNextBoxBelow() {
    var boxes = scene.placement().nodes();
    String next = walk.from("ops/backup", Walk.Way.DOWN).orElseThrow();
    assertEquals(true, boxes.get(next).y() > boxes.get("ops/backup").y());
  }

  @Test
  void from_unknown_beginsAnew() {
    assertEquals(walk.first(), walk.from("gone", Walk.Way.UP));
  }
}
