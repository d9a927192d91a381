package io.sekisho.console.core;

import io.sekisho.flow.FlowRecord;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The newest flows, bounded: a new one takes the oldest one's place. Not safe for threads. */
final class FlowRing {
  private final FlowRecord[] slots;
  private long seen;
  private long lost;

  FlowRing(int capacity) {
    slots = new FlowRecord[capacity];
  }

  void add(FlowRecord flow) {
    slots[(int) (seen++ % slots.length)] = flow;
  }

  void lost(long events) {
    lost += events;
  }

  /** A copy, newest first; takes microseconds per thousand flows. */
  FlowBuffer snapshot() {
    int size = (int) Math.min(seen, slots.length);
    FlowRecord[] copy = new FlowRecord[size];
    for (int i = 0; i < size; i++) {
      copy[i] = slots[(int) ((seen - 1 - i) % slots.length)];
    }
    List<FlowRecord> newestFirst = Collections.unmodifiableList(Arrays.asList(copy));
    return new FlowBuffer(newestFirst, seen, lost);
  }
}
