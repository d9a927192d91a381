package io.sekisho.agent.revision;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.sekisho.api.v1.Head;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether the time to confirm is over. Seconds that pass count, from the moment at which this node
 * heard of the push: who sets the machine's clock meanwhile neither shortens nor lengthens them,
 * and nodes whose clocks differ wait equally long. Only a head that was pushed while this node did
 * not look is measured by the time of day, and never waits longer than was asked for.
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

  /** Counts from now, for a head that was pushed just now. */
  synchronized void begin(Head head) {
    if (!head.equals(last) && head.hasConfirmWithin()) {
      count(head, Durations.toNanos(head.getConfirmWithin()));
    }
  }

  /** Whether a head's deadline has passed; true for one without. */
  synchronized boolean isOver(Head head) {
    if (!head.equals(last)) {
      long left =
          TimeUnit.MILLISECONDS.toNanos(
              Timestamps.toMillis(head.getConfirmDeadline()) - clock.millis());
      boolean bounded = head.hasConfirmWithin();
      count(head, bounded ? Math.min(left, Durations.toNanos(head.getConfirmWithin())) : left);
    }
    return nanos.getAsLong() - end >= 0;
  }

  private void count(Head head, long left) {
    last = head;
    end = nanos.getAsLong() + left;
  }
}
