package io.sekisho.agent.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopTest {
  private final FakeTicker ticker = new FakeTicker();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final EventLoop loop = new EventLoop("test-loop", ticker, failures::add);

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void execute_manyTasks_runInOrderOnOneThread() {
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int number = i;
      loop.execute(() -> seen.add(number));
    }
    List<Integer> copy = loop.call(() -> List.copyOf(seen));
    assertEquals(1000, copy.size());
    assertEquals(copy.stream().sorted().toList(), copy);
  }

  @Test
  void execute_taskThrows_isToldAndTheLoopGoesOn() {
    var failure = new IllegalStateException("boom");
    loop.execute(
        () -> {
          throw failure;
        });
    loop.execute(
        () -> {
          throw new StackOverflowError("deep");
        });
    assertEquals(1, loop.call(() -> 1));
    assertSame(failure, failures.getFirst());
    assertEquals(2, failures.size());
  }

  @Test
  void call_taskThrows_callerGetsTheSameException() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                loop.call(
                    () -> {
                      throw new IllegalArgumentException("no");
                    }));
    assertEquals("no", e.getMessage());
    assertTrue(failures.isEmpty());
  }

  @Test
  void call_fromTheLoop_runsAtOnce() {
    assertEquals("inner", loop.call(() -> loop.call(() -> "inner")));
  }

  @Test
  void schedule_timeNotCome_doesNotRun() {
    List<String> seen = new ArrayList<>();
    loop.schedule(Duration.ofSeconds(5), () -> seen.add("late"));
    ticker.advance(Duration.ofSeconds(4));
    assertEquals(List.of(), loop.call(() -> List.copyOf(seen)));
    ticker.advance(Duration.ofSeconds(1));
    assertEquals(List.of("late"), loop.call(() -> List.copyOf(seen)));
  }

  @Test
  void schedule_sameTime_runInOrderOfMaking() {
    List<String> seen = new ArrayList<>();
    loop.schedule(Duration.ofSeconds(2), () -> seen.add("c"));
    loop.schedule(Duration.ofSeconds(1), () -> seen.add("a"));
    loop.schedule(Duration.ofSeconds(1), () -> seen.add("b"));
    ticker.advance(Duration.ofSeconds(2));
    assertEquals(List.of("a", "b", "c"), loop.call(() -> List.copyOf(seen)));
  }

  @Test
  void cancel_beforeItsTime_neverRuns() {
    List<String> seen = new ArrayList<>();
    loop.schedule(Duration.ofSeconds(1), () -> seen.add("x")).cancel();
    ticker.advance(Duration.ofSeconds(2));
    assertEquals(List.of(), loop.call(() -> List.copyOf(seen)));
  }

  @Test
  void schedule_realClock_runsWithoutBeingPoked() throws Exception {
    try (var real = new EventLoop("real", Ticker.SYSTEM, failures::add)) {
      var done = new java.util.concurrent.CountDownLatch(1);
      real.schedule(Duration.ofMillis(5), done::countDown);
      assertTrue(done.await(60, java.util.concurrent.TimeUnit.SECONDS));
    }
  }

  @Test
  void requireInLoop_elsewhere_throws() {
    assertThrows(IllegalStateException.class, loop::requireInLoop);
    loop.call(
        () -> {
          loop.requireInLoop();
          return true;
        });
    assertFalse(loop.inLoop());
  }

  @Test
  void close_thenPost_isRejected() {
    loop.close();
    assertThrows(RejectedExecutionException.class, () -> loop.execute(() -> {}));
    assertThrows(RejectedExecutionException.class, () -> loop.schedule(Duration.ZERO, () -> {}));
    assertThrows(
        RuntimeException.class,
        () -> {
          try {
            loop.submit(() -> 1).join();
          } catch (CompletionException e) {
            throw e;
          }
        });
  }

  @Test
  void close_fromTheLoop_doesNotWaitForItself() {
    loop.call(
        () -> {
          loop.close();
          return true;
        });
    assertThrows(RejectedExecutionException.class, () -> loop.execute(() -> {}));
  }
}
