package io.sekisho.agent.loop;

import java.time.Duration;

/**
 * When work that comes again and again may begin: soon, but so that it takes a part of one
 * processor at most. What took 3 ms and may take a tenth waits up to 27 ms after the last time;
 * what comes after a quiet time does not wait. Belongs to one thread, or is guarded by who has it.
 */
public final class Pace {
  /** However long it took, it is usually not put off for longer. */
  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** How much of one processor's time the work may take. */
  public enum Share {
    /** Of what somebody waits for: as long a pause as the work was. */
    HALF(2),
    /** Of all else. */
    TENTH(10);

    private final int parts;

    Share(int parts) {
      this.parts = parts;
    }
  }

  private final Ticker ticker;
  private final Duration longest;
  private long ended;
  private long took;

  /** Nothing was done yet; the longest pause is a second. */
  public Pace(Ticker ticker) {
    this(ticker, LONGEST);
  }

  /** The same with another longest pause, for what nobody waits for. */
  public Pace(Ticker ticker, Duration longest) {
    this.ticker = ticker;
    this.longest = longest;
    ended = ticker.nanos();
  }

  /** How long to wait before the work may begin; zero if it may at once. */
  public Duration rest(Share share) {
    long pause = Math.min(longest.toNanos(), (share.parts - 1) * took);
    return Duration.ofNanos(Math.max(0, ended + pause - ticker.nanos()));
  }

  /** Does it. */
  public void run(Runnable work) {
    long begun = ticker.nanos();
    try {
      work.run();
    } finally {
      ended = ticker.nanos();
      took = ended - begun;
    }
  }
}
