package io.sekisho.console.graph.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.graph.layout.Port.Side;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouterTest {
  private static final Box A = new Box(0, 0, 100, 40);
  private static final Box B = new Box(400, 0, 100, 40);

  private static Port right(Box box) {
    return Side.RIGHT.of(box, 0);
  }

  private static Port left(Box box) {
    return Side.LEFT.of(box, 0);
  }

  @Test
  void add_freeWay_isStraight() {
    Route r = new Router(List.of(A, B), List.of()).add(right(A), left(B));
    assertEquals(2, r.size());
    assertEquals(300, r.length(), 0.01);
  }

  @Test
  void add_boxBetween_goesRoundIt() {
    Box wall = new Box(200, -50, 60, 140);
    Route r = new Router(List.of(A, B, wall), List.of()).add(right(A), left(B));
    assertFalse(r.meets(wall));
    assertFalse(r.meets(A.grown(-1)));
    assertEquals(6, r.size());
  }

  @Test
  void add_secondWay_runsBesideTheFirst() {
    Box wall = new Box(200, -50, 60, 140);
    Router router = new Router(List.of(A, B, wall), List.of());
    Route first = router.add(Side.RIGHT.of(A, -8), Side.LEFT.of(B, -8));
    Route second = router.add(Side.RIGHT.of(A, 8), Side.LEFT.of(B, 8));
    for (int i = 1; i < second.size(); i++) {
      double mx = (second.x(i) + second.x(i - 1)) / 2;
      double my = (second.y(i) + second.y(i - 1)) / 2;
      assertTrue(first.distance(mx, my) >= 5, "stretch " + i + " lies on the first");
    }
  }

  @Test
  void add_backwards_leavesAndArrivesOnItsSides() {
    Route r = new Router(List.of(A, B), List.of()).add(right(B), left(A));
    assertTrue(r.x(1) > r.x(0));
    assertTrue(r.x(r.size() - 2) < r.x(r.size() - 1));
    assertFalse(r.meets(A.grown(-1)));
    assertFalse(r.meets(B.grown(-1)));
  }

  @Test
  void add_closedIn_fallsBackToAPlainBend() {
    List<Box> cage =
        List.of(
            A,
            B,
            new Box(300, -100, 20, 240),
            new Box(580, -100, 20, 240),
            new Box(300, -120, 300, 20),
            new Box(300, 140, 300, 20));
    Route r = new Router(cage, List.of()).add(right(A), left(B));
    assertEquals(100, r.x(0), 0.01);
    assertEquals(400, r.x(r.size() - 1), 0.01);
  }
}
