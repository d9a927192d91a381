package io.sekisho.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.MapDifference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationTest {
  private static String first(MapDifference difference) {
    return new Verification(
            1, Instant.EPOCH, Duration.ZERO, 1, 1, 1, List.of(difference, difference), false)
        .first();
  }

  @Test
  void first_isOneLine() {
    assertEquals(
        "policies of endpoint 7: ingress from any peer is '' instead of 'allow by rule 3'",
        first(new MapDifference("policies", 7, "ingress from any peer", "allow by rule 3", "")));
  }

  @Test
  void first_ofAServiceWithManyBackends_isShort() {
    String backends = "10.244.1.17:8080, ".repeat(1000);
    String text = first(new MapDifference("services", 0, "10.96.0.1:443", backends, "none"));
    assertTrue(text.length() < 300 && text.contains("is 'none'") && text.endsWith(" …'"), text);
  }
}
