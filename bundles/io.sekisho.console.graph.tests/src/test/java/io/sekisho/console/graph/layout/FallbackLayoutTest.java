package io.sekisho.console.graph.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.console.graph.fixtures.Clusters;
import io.sekisho.console.graph.model.Budget;
import io.sekisho.console.graph.model.Folder;
import io.sekisho.console.graph.model.Folding;
import io.sekisho.console.graph.model.GraphModel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FallbackLayoutTest {
  @Test
  void run_shop_isSound() {
    GraphModel m = Folder.fold(Clusters.shop(), Folding.START, Budget.MOST, Set.of());
    Sizes sizes = Sizes.of(m, Measures.PLAIN);
    Placement p = FallbackLayout.run(m, sizes);
    Checks.sound(new Scene(Clusters.shop(), Folding.START, m, sizes, p, Budget.MOST, true, 0));
  }

  @Test
  void plan_layoutFails_plainPictureAndTheReasonIsTold() {
    List<RuntimeException> failures = new java.util.ArrayList<>();
    int[] calls = new int[1];
    // fails inside of the layered algorithm: the first question whether to go on
    java.util.function.BooleanSupplier broken =
        () -> {
          if (calls[0]++ == 0) {
            throw new UnsupportedOperationException("as ELK does");
          }
          return false;
        };
    Scene s =
        new Planner(Measures.PLAIN, failures::add)
            .plan(
                new Planner.Request(
                    Clusters.shop(),
                    Folding.START,
                    new Size(2000, 1600),
                    Pins.NONE,
                    Optional.empty(),
                    true),
                broken);
    Checks.routed(s);
    assertEquals(1, failures.size());
  }
}
