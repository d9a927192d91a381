package io.sekisho.agent.apiserver;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds how many requests a second go to the API server, and counts them: a bucket of tokens that
 * is filled evenly and holds two seconds' worth. Any thread may ask; waiting ones go in the order
 * in which they came. While the server asks for patience (Retry-After) nobody goes.
 */
final class RequestBudget {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** A server that asks for more is asked again after this time. */
  static final Duration LONGEST_HOLD = Duration.ofSeconds(30);

  private final long perRequest;
  private final long burst;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final AtomicLong made = new AtomicLong();

  /** When the bucket would be empty if all that was promised had been taken one after the other. */
  private long paidUntil;

  private boolean begun;

  /** Until when nobody goes, by System.nanoTime. */
  private volatile long heldUntil;

  private volatile boolean held;

  RequestBudget(int perSecond) {
    perRequest = SECOND / perSecond;
    burst = 2 * SECOND;
  }

  /**
   * Waits for the turn of one request, or gives up: whether it may go.
   *
   * @param patience how long it waits while the server asks for patience
   */
  boolean take(Duration patience) throws InterruptedException {
    turn.lockInterruptibly();
    try {
      Duration hold = hold(System.nanoTime());
      if (hold.compareTo(patience) > 0) {
        return false;
      }
      long wait = pay(System.nanoTime() + hold.toNanos()) + hold.toNanos();
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
    } finally {
      turn.unlock();
    }
    made.incrementAndGet();
    return true;
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

  /** The server asks for patience. */
  void holdFor(Duration asked) {
    Duration bounded = asked.compareTo(LONGEST_HOLD) < 0 ? asked : LONGEST_HOLD;
    heldUntil = System.nanoTime() + bounded.toNanos();
    held = true;
  }

  /** How much longer nobody goes. */
  Duration hold(long now) {
    long left = held ? heldUntil - now : 0;
    return Duration.ofNanos(Math.max(0, left));
  }

  /** Requests since the start. */
  long made() {
    return made.get();
  }
}
