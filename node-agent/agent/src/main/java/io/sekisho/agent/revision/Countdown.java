package io.sekisho.agent.revision;

import com.google.protobuf.util.Timestamps;
import io.sekisho.api.v1.Head;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * Whether the time to confirm is over. Seconds that pass count from the moment at which a head is
 * first looked at: who sets the machine's clock meanwhile neither shortens nor lengthens them.
 */
final class Countdown {
  private final Clock clock;
  private final LongSupplier nanos;
  private Head last = Head.getDefaultInstance();
  private long end;

  /**
   * Counts for one head at a time.
   *
   * @param clock the time of day, in which deadlines are written
   * @param nanos a clock that only goes on, as {@link System#nanoTime}
   */
  Countdown(Clock clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
  }

  /** Whether a head's deadline has passed; true for one without. */
  synchronized boolean isOver(Head head) {
    long now = nanos.getAsLong();
    if (!head.equals(last)) {
      last = head;
      long millis = Timestamps.toMillis(head.getConfirmDeadline()) - clock.millis();
      end = now + millis * 1_000_000;
    }
    return now - end >= 0;
  }
}
