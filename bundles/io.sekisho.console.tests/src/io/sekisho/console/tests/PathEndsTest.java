package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.console.core.FlowBuffer;
import io.sekisho.console.ui.PathEnds;
import io.sekisho.console.ui.Selected;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The ends of a path, found from what is selected. */
class PathEndsTest {
  private static final long NOW = 1_700_000_000L;

  private static FakeSession quiet() {
    FakeSession session = FakeSession.shop(NOW);
    session.flows(FlowBuffer.EMPTY);
    return session;
  }

  private static Optional<PathEnds> of(Selected selected) {
    return PathEnds.of(selected, quiet());
  }

  @Test
  void connection_withoutFlows_takesReadyPods() {
    assertEquals(
        Optional.of(new PathEnds("shop/cart-0", "shop/payment-0")),
        of(new Selected.Connection("shop/cart", "shop/payment")));
  }

  @Test
  void connection_toAnAddress_endsThere() {
    assertEquals(
        Optional.of(new PathEnds("shop/payment-0", "198.51.100.7")),
        of(new Selected.Connection("shop/payment", "/198.51.100.7/32")));
  }

  @Test
  void connection_toAPrefix_hasNoEndYet() {
    assertEquals(
        Optional.of(new PathEnds("shop/payment-0", "")),
        of(new Selected.Connection("shop/payment", "/198.51.100.0/24")));
  }

  @Test
  void connection_fromOutside_hasNone() {
    assertEquals(Optional.empty(), of(new Selected.Connection("/world", "shop/frontend")));
  }

  @Test
  void workload_isASource() {
    assertEquals(
        Optional.of(new PathEnds("ops/backup-0", "")), of(new Selected.Workload("ops/backup")));
    assertEquals(Optional.empty(), of(new Selected.Node("n1")));
    assertEquals(Optional.empty(), of(new Selected.Nothing()));
  }

  @Test
  void connection_withFlows_takesThePodsThatSpoke() {
    FakeSession session = FakeSession.shop(NOW);
    var flow =
        session.flows().newestFirst().stream()
            .filter(f -> f.client().key().equals("shop/cart"))
            .filter(f -> f.server().key().equals("shop/database"))
            .findFirst()
            .orElseThrow();
    assertEquals(
        Optional.of(new PathEnds("shop/" + flow.client().pod(), "shop/" + flow.server().pod())),
        PathEnds.of(new Selected.Connection("shop/cart", "shop/database"), session));
  }
}
