package io.sekisho.flow;

import java.util.Arrays;

/**
 * Counters over the last seconds, one bucket for each second. A bucket is used again when its
 * second has left the window; what comes later than that is not counted.
 */
final class Window {
  private final int kinds;
  private final long[] seconds;
  private final long[] counts;

  /**
   * Counters that are all 0.
   *
   * @param slots how many seconds are kept
   * @param kinds how many things are counted
   */
  Window(int slots, int kinds) {
    this.kinds = kinds;
    this.seconds = new long[slots];
    this.counts = new long[slots * kinds];
    Arrays.fill(seconds, Long.MIN_VALUE);
  }

  /** Adds to the count of a second; an amount below 0 takes back. */
  void add(long second, int kind, long amount) {
    int slot = Math.floorMod(second, seconds.length);
    if (seconds[slot] != second) {
      if (seconds[slot] > second) {
        return;
      }
      seconds[slot] = second;
      Arrays.fill(counts, slot * kinds, (slot + 1) * kinds, 0);
    }
    counts[slot * kinds + kind] += amount;
  }

  /** Sum of all seconds after {@code from}. */
  long sum(int kind, long from) {
    long sum = 0;
    for (int slot = 0; slot < seconds.length; slot++) {
      if (seconds[slot] > from) {
        sum += counts[slot * kinds + kind];
      }
    }
    return sum;
  }

  /** Forgets what is later than {@code last}: clocks that are wrong must not block buckets. */
  void forgetAfter(long last) {
    for (int slot = 0; slot < seconds.length; slot++) {
      if (seconds[slot] > last) {
        seconds[slot] = Long.MIN_VALUE;
        Arrays.fill(counts, slot * kinds, (slot + 1) * kinds, 0);
      }
    }
  }
}
