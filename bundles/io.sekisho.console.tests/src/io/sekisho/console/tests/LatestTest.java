package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.console.ui.Latest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.eclipse.swt.widgets.Display;
import org.junit.jupiter.api.Test;

/** Work on the newest of many inputs. */
class LatestTest {
  private final List<Integer> worked = new CopyOnWriteArrayList<>();
  private final List<Integer> told = new ArrayList<>();
  private final Semaphore gate = new Semaphore(0);
  private final CountDownLatch begun = new CountDownLatch(1);

  private Latest<Integer, Integer> latest(int pauseMillis) {
    return Ui.call(
        () -> new Latest<>(Ui.display(), pauseMillis, this::work, (in, out) -> told.add(out)));
  }

  /** Begins, and waits until it may go on. */
  private int work(int input) {
    worked.add(Display.getCurrent() == null ? input : -input);
    begun.countDown();
    gate.acquireUninterruptibly();
    return input;
  }

  @Test
  void put_whileWorkIsStuck_keepsTheUiFreeAndOnlyTheNewestCounts() throws Exception {
    Latest<Integer, Integer> latest = latest(0);
    Ui.run(() -> latest.put(1));
    begun.await();
    for (int i = 2; i <= 100; i++) {
      int input = i;
      Ui.run(() -> latest.put(input)); // would never come back if the UI waited for the work
    }
    assertEquals(List.of(1), worked);
    gate.release(2);
    Ui.await("the newest", () -> told.equals(List.of(100)));
    assertEquals(List.of(1, 100), worked);
    assertFalse(Ui.call(latest::busy));
  }

  @Test
  void put_withoutAPause_waitsForTheLast() {
    gate.release(10);
    Latest<Integer, Integer> latest = latest(50);
    Ui.run(
        () -> {
          for (int i = 1; i <= 20; i++) {
            latest.put(i);
          }
        });
    Ui.await("the last", () -> told.equals(List.of(20)));
    assertEquals(List.of(20), worked);
  }

  @Test
  void now_afterPut_doesNotWaitForThePause() {
    gate.release(10);
    Latest<Integer, Integer> latest = latest(600_000);
    Ui.run(
        () -> {
          latest.put(1);
          latest.now(2);
        });
    Ui.await("at once", () -> told.equals(List.of(2)));
    assertEquals(List.of(2), worked);
  }

  @Test
  void work_thrown_isForgottenAndTheNextIsWorkedOn() {
    Latest<Integer, Integer> latest =
        Ui.call(() -> new Latest<>(Ui.display(), 0, i -> 10 / i, (in, out) -> told.add(out)));
    Ui.run(() -> latest.now(0));
    Ui.await("failed", () -> !latest.busy());
    assertTrue(told.isEmpty());
    Ui.run(() -> latest.now(5));
    Ui.await("the next", () -> told.equals(List.of(2)));
  }
}
