package io.sekisho.agent.loop;

import java.time.Duration;

/**
 * When work that comes again and again may begin: soon, but so that it takes a tenth of one
 * processor at most. What takes 3 ms waits up to 27 ms after the last time; what comes after a
 * quiet time does not wait. Belongs to one thread, or is guarded by who has it.
 */
public final class Pace {
  private static final int PARTS = 10;

  /** However long it took, it is not put off for longer. */
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final Ticker ticker;
  private long notBefore;

  /** Nothing was done yet. */
  public Pace(Ticker ticker) {
    this.ticker = ticker;
    notBefore = ticker.nanos();
  }

  /** How long to wait before the work may begin; zero if it may at once. */
  public Duration rest() {
    return Duration.ofNanos(Math.max(0, notBefore - ticker.nanos()));
  }

  /** Does it. */
  public void run(Runnable work) {
    long begun = ticker.nanos();
    try {
      work.run();
    } finally {
      long ended = ticker.nanos();
      notBefore = ended + Math.min(LONGEST.toNanos(), (PARTS - 1) * (ended - begun));
    }
  }
}
