package io.sekisho.agent.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.agent.cluster.SilentSessions.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SilentSessionsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Duration LENGTH = Duration.ofSeconds(9);

  private final SilentSessions sessions =
      new SilentSessions(Duration.ofSeconds(3), Duration.ofSeconds(30));

  /** Looks every 3 s from a time on, until another; what was over then. */
  private List<String> look(String renewed, int from, int to) {
    List<String> last = List.of();
    for (int second = from; second <= to; second += 3) {
      last = sessions.over(List.of(new Lease("a", renewed, LENGTH)), second * SECOND);
    }
    return last;
  }

  @Test
  void over_leaseStandsStill_endsAfterItsLength() {
    assertEquals(List.of(), look("1", 0, 6));
    assertEquals(List.of("a"), look("1", 9, 9));
  }

  @Test
  void over_leaseIsRenewed_lives() {
    assertEquals(List.of(), look("1", 0, 6));
    assertEquals(List.of(), look("2", 9, 15));
    assertEquals(List.of("a"), look("2", 18, 18));
  }

  @Test
  void over_nobodyLookedForAWhile_silenceBeginsAnew() {
    assertEquals(List.of(), look("1", 0, 6));
    assertEquals(List.of(), look("1", 60, 66), "nobody could renew meanwhile");
    assertEquals(List.of("a"), look("1", 69, 69));
  }

  @Test
  void over_anotherLed_silenceBeginsAnew() {
    assertEquals(List.of(), look("1", 0, 6));
    sessions.forget();
    assertEquals(List.of(), look("1", 9, 15));
    assertEquals(List.of("a"), look("1", 18, 18));
  }

  @Test
  void orphaned_valueOfASessionWithoutLease_goesAfterItsTime() {
    for (int second = 0; second < 60; second += 3) {
      sessions.over(List.of(new Lease("a", "" + second, LENGTH)), second * SECOND);
      assertEquals(
          second < 36 ? List.of() : List.of("late"),
          sessions.orphaned(second < 6 ? Set.of("a") : Set.of("a", "late"), second * SECOND),
          second + " s");
    }
  }

  @Test
  void orphaned_sessionHasALeaseAgain_isForgiven() {
    sessions.over(List.of(), 0);
    assertEquals(List.of(), sessions.orphaned(Set.of("a"), 0));
    for (int second = 3; second < 30; second += 3) {
      sessions.over(List.of(new Lease("a", "" + second, LENGTH)), second * SECOND);
      assertEquals(List.of(), sessions.orphaned(Set.of("a"), second * SECOND));
    }
    sessions.over(List.of(), 30 * SECOND);
    assertEquals(List.of(), sessions.orphaned(Set.of("a"), 30 * SECOND));
  }
}
