package io.sekisho.agent.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RequestBudgetTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void pay_burst_isFreeThenEvenlySpread() {
    var budget = new RequestBudget(10);
    for (int i = 0; i < 20; i++) {
      assertEquals(0, budget.pay(0), "request " + i);
    }
    assertEquals(SECOND / 10, budget.pay(0));
    assertEquals(2 * SECOND / 10, budget.pay(0));
  }

  @Test
  void pay_afterRest_hasNoMoreThanTheBurst() {
    var budget = new RequestBudget(10);
    assertEquals(0, budget.pay(0));
    long later = 1000 * SECOND;
    for (int i = 0; i < 20; i++) {
      assertEquals(0, budget.pay(later));
    }
    assertTrue(budget.pay(later) > 0);
  }

  @Test
  void pay_clockBelowZero_isNoDifference() {
    var budget = new RequestBudget(1);
    long now = Long.MIN_VALUE / 2;
    assertEquals(0, budget.pay(now));
    assertEquals(0, budget.pay(now));
    assertEquals(SECOND, budget.pay(now));
  }

  @Test
  void take_serverAsksForPatience_givesUpOrWaits() throws InterruptedException {
    var budget = new RequestBudget(100);
    budget.holdFor(Duration.ofMillis(300));
    assertFalse(budget.take(Duration.ofMillis(10)));
    assertEquals(0, budget.made());
    long begun = System.nanoTime();
    assertTrue(budget.take(Duration.ofSeconds(10)));
    assertTrue(System.nanoTime() - begun > Duration.ofMillis(100).toNanos());
    assertTrue(budget.hold(System.nanoTime()).isZero());
  }

  @Test
  void hold_moreThanTheLongest_isBounded() {
    var budget = new RequestBudget(100);
    budget.holdFor(Duration.ofDays(1));
    assertTrue(budget.hold(System.nanoTime()).compareTo(RequestBudget.LONGEST_HOLD) <= 0);
  }
}
