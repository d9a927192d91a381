package io.sekisho.agent.observer;

import io.sekisho.agent.datapath.EventSink.Event;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The last so many events, without locks: one thread appends, any number read. Every slot carries
 * the number of the event in it. The writer takes the number away before it changes the slot and
 * sets the new one after; a reader copies the slot and takes the copy only if the number was right
 * before and after. So a slot that is overwritten while it is read is noticed, never torn.
 */
final class FlowRing {
  private static final VarHandle LONG = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int SLOT = PackedEvent.LONGS + 1;
  private static final long EMPTY = -1;

  private final int capacity;
  private final long[] slots;
  private volatile long head;

  /** A ring for {@code capacity} events, a power of two. */
  FlowRing(int capacity) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException(capacity + " is not a power of two");
    }
    this.capacity = capacity;
    this.slots = new long[capacity * SLOT];
    for (int i = 0; i < capacity; i++) {
      slots[i * SLOT] = EMPTY;
    }
  }

  int capacity() {
    return capacity;
  }

  /** Events appended so far, and so the number of the next. */
  long head() {
    return head;
  }

  /** Number of the oldest event that is still there. */
  long tail() {
    return Math.max(0, head - capacity);
  }

  /** Appends; only one thread may. */
  void append(Event event, long wallNanos) {
    long number = head;
    int at = slot(number);
    LONG.setOpaque(slots, at, EMPTY);
    VarHandle.storeStoreFence();
    PackedEvent.pack(event, wallNanos, slots, at + 1);
    LONG.setRelease(slots, at, number);
    head = number + 1;
  }

  /** Copies an event; false if it has been overwritten, or is not there yet. */
  boolean read(long number, long[] into, int intoAt) {
    int at = slot(number);
    if ((long) LONG.getAcquire(slots, at) != number) {
      return false;
    }
    System.arraycopy(slots, at + 1, into, intoAt, PackedEvent.LONGS);
    VarHandle.loadLoadFence();
    return (long) LONG.getOpaque(slots, at) == number;
  }

  private int slot(long number) {
    return (int) (number & (capacity - 1)) * SLOT;
  }
}
