package io.sekisho.console.core;

/**
 * Events per second, oldest first, one number a second; arrays are never changed after.
 *
 * @param endSecond second (since the epoch) of the last number
 * @param flows events
 * @param dropped drops
 * @param lost events known to be lost
 */
public record TrafficHistory(long endSecond, int[] flows, int[] dropped, int[] lost) {
  /** No time has passed. */
  public static final TrafficHistory EMPTY =
      new TrafficHistory(0, new int[0], new int[0], new int[0]);
}
