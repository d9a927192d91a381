package io.sekisho.console.graph.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RouteTest {
  private final Route corner = new Route(0, 0, 100, 0, 100, 50);

  @Test
  void at_distance_followsTheStretches() {
    assertEquals(new Route.At(50, 0, 1, 0), corner.at(50));
    assertEquals(new Route.At(100, 25, 0, 1), corner.at(125));
    assertEquals(new Route.At(100, 50, 0, 1), corner.at(1e6));
  }

  @Test
  void shortened_cut_endsEarlier() {
    Route r = corner.shortened(60);
    assertEquals(90, r.length(), 0.01);
    assertEquals(2, r.size());
    assertEquals(1, corner.shortened(1e6).length(), 0.01);
  }

  @Test
  void beside_offset_keepsDistanceAndCorner() {
    Route r = corner.beside(4);
    assertEquals(96, r.x(1), 0.01);
    assertEquals(4, r.y(1), 0.01);
    assertEquals(4, corner.distance(r.x(0), r.y(0)), 0.01);
  }

  @Test
  void meets_box_seesStretchesNotTheBoundingBox() {
    assertTrue(corner.meets(new Box(40, -5, 10, 10)));
    assertEquals(false, corner.meets(new Box(20, 20, 40, 20)));
  }

  @Test
  void route_onePoint_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Route(1, 2));
    assertThrows(IllegalArgumentException.class, () -> new Route(1, 2, 3));
  }

  @Test
  void towards_share_endsAtTheOther() {
    Route other = new Route(10, 10, 10, 200);
    Route end = corner.towards(other, 1);
    assertEquals(10, end.x(0), 0.01);
    assertEquals(200, end.y(end.size() - 1), 0.01);
  }
}
