package io.sekisho.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.testkit.kubernetes.ControlPlane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An agent in a cluster of the size that we promise, with a churn of a minute. */
final class KubernetesBenchmarkTest {
  private static final int CHURN_SECONDS = 60;

  @Test
  void run_hundredNodes_meetsEveryGoal() {
    assumeTrue(ControlPlane.missing().isEmpty(), ControlPlane.missing()::toString);
    var results = new ArrayList<Result>();
    new KubernetesBenchmark(CHURN_SECONDS)
        .run(
            result -> {
              System.out.println(result);
              results.add(result);
            });
    assertEquals(List.of(), results.stream().filter(r -> !r.met()).toList());
  }
}
