package io.sekisho.agent.loop;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test advances it. */
public final class FakeTicker implements Ticker {
  private final AtomicLong nanos = new AtomicLong(1_000_000_000L);

  @Override
  public long nanos() {
    return nanos.get();
  }

  /** Time goes on. */
  public void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
  }
}
