package io.sekisho.agent.apiserver;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds how many requests a second go to the API server, and counts them: a bucket of tokens that
 * is filled evenly and holds two seconds' worth. Any thread may ask; waiting ones go in the order
 * in which they came.
 */
final class RequestBudget {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long perRequest;
  private final long burst;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final AtomicLong made = new AtomicLong();

  /** When the bucket would be empty if all that was promised had been taken one after the other. */
  private long paidUntil;

  private boolean begun;

  RequestBudget(int perSecond) {
    perRequest = SECOND / perSecond;
    burst = 2 * SECOND;
  }

  /** Waits for the turn of one request. */
  void take() throws InterruptedException {
    turn.lockInterruptibly();
    try {
      long wait = pay(System.nanoTime());
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
    } finally {
      turn.unlock();
    }
    made.incrementAndGet();
  }

  /** Takes one token at a moment; how long to wait for it, ns. */
  long pay(long now) {
    if (!begun || paidUntil - now < -burst) {
      begun = true;
      paidUntil = now - burst;
    }
    paidUntil += perRequest;
    return Math.max(0, paidUntil - now);
  }

  /** Requests since the start. */
  long made() {
    return made.get();
  }
}
