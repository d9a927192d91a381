package io.sekisho.impact.seen;

import java.util.List;

/**
 * What was recorded in a time, by question; immutable.
 *
 * @param talks each question once
 * @param flows events that were looked at
 * @param leftOut events for whose questions there was no room
 * @param lost events that the agents say were lost
 * @param oldestNanos the oldest event, ns since the epoch; 0 if there is none
 * @param newestNanos the newest event
 */
public record Traffic(
    List<Talk> talks, long flows, long leftOut, long lost, long oldestNanos, long newestNanos) {
  /** Nothing was recorded. */
  public static final Traffic NONE = new Traffic(List.of(), 0, 0, 0, 0, 0);

  /** Keeps an immutable copy. */
  public Traffic {
    talks = List.copyOf(talks);
  }
}
