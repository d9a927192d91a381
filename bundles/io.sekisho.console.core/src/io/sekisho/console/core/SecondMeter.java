package io.sekisho.console.core;

/**
 * Counts events by the second they happened in, over the last minutes. Not safe for threads. Events
 * older than the window are left out; one from the future (a node whose clock is ahead) counts for
 * the newest second.
 */
final class SecondMeter {
  private final int window;
  private final int[] flows;
  private final int[] dropped;
  private final int[] lost;
  private long newest;

  SecondMeter(int windowSeconds, long nowSecond) {
    window = windowSeconds;
    flows = new int[windowSeconds];
    dropped = new int[windowSeconds];
    lost = new int[windowSeconds];
    newest = nowSecond;
  }

  /** Time goes on: seconds without events are 0. */
  void advance(long nowSecond) {
    long steps = Math.min(nowSecond - newest, window);
    for (long i = 1; i <= steps; i++) {
      int slot = slot(nowSecond - steps + i);
      flows[slot] = 0;
      dropped[slot] = 0;
      lost[slot] = 0;
    }
    newest = Math.max(newest, nowSecond);
  }

  void flow(long second, boolean drop) {
    if (second > newest - window) {
      int slot = slot(Math.min(second, newest));
      flows[slot]++;
      dropped[slot] += drop ? 1 : 0;
    }
  }

  void lost(long second, long events) {
    if (second > newest - window) {
      int slot = slot(Math.min(second, newest));
      lost[slot] = (int) Math.min(Integer.MAX_VALUE, lost[slot] + events);
    }
  }

  /** The last whole seconds: the running one is left out. */
  TrafficHistory snapshot() {
    int n = window - 1;
    int[][] out = new int[3][n];
    for (int i = 0; i < n; i++) {
      int slot = slot(newest - n + i);
      out[0][i] = flows[slot];
      out[1][i] = dropped[slot];
      out[2][i] = lost[slot];
    }
    return new TrafficHistory(newest - 1, out[0], out[1], out[2]);
  }

  private int slot(long second) {
    return (int) Math.floorMod(second, (long) window);
  }
}
