package io.sekisho.agent.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
  private long now = 5_000;
  private final Pace pace = new Pace(() -> now);

  private void work(Duration time) {
    pace.run(() -> now += time.toNanos());
  }

  @Test
  void rest_afterWork_isNineTimesItsTime() {
    assertEquals(Duration.ZERO, pace.rest(Pace.Share.TENTH));
    work(Duration.ofMillis(3));
    assertEquals(Duration.ofMillis(27), pace.rest(Pace.Share.TENTH));
    now += Duration.ofMillis(20).toNanos();
    assertEquals(Duration.ofMillis(7), pace.rest(Pace.Share.TENTH));
    now += Duration.ofMillis(8).toNanos();
    assertEquals(Duration.ZERO, pace.rest(Pace.Share.TENTH));
  }

  @Test
  void rest_ofWhatSomebodyWaitsFor_isAsLongAsTheWork() {
    work(Duration.ofMillis(3));
    assertEquals(Duration.ofMillis(3), pace.rest(Pace.Share.HALF));
    now += Duration.ofMillis(3).toNanos();
    assertEquals(Duration.ZERO, pace.rest(Pace.Share.HALF));
    assertEquals(Duration.ofMillis(24), pace.rest(Pace.Share.TENTH));
  }

  @Test
  void rest_afterLongWork_isASecond() {
    work(Duration.ofSeconds(10));
    assertEquals(Duration.ofSeconds(1), pace.rest(Pace.Share.TENTH));
    assertEquals(Duration.ofSeconds(1), pace.rest(Pace.Share.HALF));
  }

  @Test
  void rest_afterAFailure_countsAllTheSame() {
    assertThrows(
        IllegalStateException.class,
        () ->
            pace.run(
                () -> {
                  now += 10;
                  throw new IllegalStateException();
                }));
    assertEquals(Duration.ofNanos(90), pace.rest(Pace.Share.TENTH));
  }
}
