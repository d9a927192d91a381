package io.sekisho.agent.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.ClusterStoreException.Code;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A lease is renewed whatever goes wrong meanwhile. */
final class RenewalTest {
  private static final Duration LONG = Duration.ofHours(3);

  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void renew_fails_isTriedAgainSoonUntilItWorks() {
    Renewal.Work work =
        () -> {
          switch (calls.incrementAndGet()) {
            case 1 -> throw new ClusterStoreException(Code.UNAVAILABLE, "away");
            case 2 -> throw new IllegalStateException("a fault of ours");
            default -> {}
          }
        };
    try (var renewal = new Renewal("test", LONG, Duration.ofMillis(1), work)) {
      renewal.now();
      Await.until(() -> calls.get() == 3, calls::get);
      // it works again: the next one is due in an hour, or when somebody asks
      renewal.now();
      Await.until(() -> calls.get() == 4, calls::get);
    }
    assertEquals(4, calls.get());
  }

  @Test
  void renew_shortLease_isDueAtAThirdOfIt() {
    long begun = System.nanoTime();
    try (var renewal = new Renewal("test", Duration.ofMillis(300), calls::incrementAndGet)) {
      Await.until(() -> calls.get() >= 3, calls::get);
      assertTrue(System.nanoTime() - begun >= Duration.ofMillis(290).toNanos());
    }
  }
}
