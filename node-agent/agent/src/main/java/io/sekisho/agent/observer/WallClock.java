package io.sekisho.agent.observer;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * From the kernel's monotonic clock to the time of day. On Linux System.nanoTime reads that same
 * clock, so the difference of the two is measured here, again whenever {@link #adjust} is called.
 */
final class WallClock {
  private final Clock clock;
  private final LongSupplier monotonic;
  private volatile long offset;

  WallClock(Clock clock, LongSupplier monotonic) {
    this.clock = clock;
    this.monotonic = monotonic;
    adjust();
  }

  /** Measures anew, after the time of day may have been set. */
  void adjust() {
    Instant now = clock.instant();
    offset = now.getEpochSecond() * 1_000_000_000L + now.getNano() - monotonic.getAsLong();
  }

  /** Nanoseconds since the epoch of a monotonic time. */
  long wallNanos(long monotonicNanos) {
    return monotonicNanos + offset;
  }
}
