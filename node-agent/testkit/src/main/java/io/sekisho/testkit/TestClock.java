package io.sekisho.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test lets time pass. */
public final class TestClock implements InstantSource {
  private volatile Instant now;

  /** At this time. */
  public TestClock(Instant start) {
    this.now = start;
  }

  /** At some time in 2026. */
  public TestClock() {
    this(Instant.parse("2026-01-02T03:04:05Z"));
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Lets time pass. */
  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }
}
