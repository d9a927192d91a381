package io.sekisho.libbpf;

import io.sekisho.libbpf.system.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The reading end of a BPF ring buffer. The ring is mapped into memory and read in place, without a
 * copy or an allocation: the kernel publishes a record by clearing the busy bit of its header
 * (paired with our acquire), and we free room by moving the consumer position (release). One thread
 * reads. Layout: Documentation/bpf/ringbuf.rst of Linux.
 */
public final class RingBuffer implements AutoCloseable {
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
  private static final int BUSY = 1 << 31;
  private static final int DISCARDED = 1 << 30;
  private static final int LENGTH = DISCARDED - 1;
  private static final int HEADER = 8;

  /** How many records are read before their room is given back. */
  private static final int RELEASE_EVERY = 128;

  private final BpfMap<?, ?> map;
  private final long page;
  private final long size;
  private final MemorySegment consumer;
  private final MemorySegment producer;
  private long position;
  private boolean closed;

  /** Takes records; must not keep the segment. */
  @FunctionalInterface
  public interface Consumer {
    /**
     * One record: {@code length} bytes of {@code ring} from {@code offset} on, which is a multiple
     * of 8. Valid during the call only.
     */
    void accept(MemorySegment ring, long offset, int length);
  }

  /** Maps the ring of a map of type RING_BUFFER; keeps the map's descriptor in use. */
  public RingBuffer(BpfMap<?, ?> map) {
    if (map.info().type() != MapType.RING_BUFFER) {
      throw new BpfException(
          BpfException.Code.INVALID, 0, "map " + map.info().name() + " is no ring buffer");
    }
    this.map = map;
    this.page = SystemCalls.pageSize();
    this.size = map.info().maxEntries();
    this.consumer = mapped(0, page, true);
    try {
      this.producer = mapped(page, page + 2 * size, false);
    } catch (BpfException e) {
      SystemCalls.unmap(consumer.address(), page);
      throw e;
    }
    this.position = (long) LONG.getAcquire(consumer, 0L);
  }

  private MemorySegment mapped(long offset, long length, boolean writable) {
    long address = SystemCalls.mapShared(map.fd(), offset, length, writable);
    BpfException.check("map ring " + map.info().name(), (int) Math.min(0, address));
    return MemorySegment.ofAddress(address).reinterpret(length, Arena.global(), null);
  }

  /**
   * Hands over the records that are ready, in the order in which they were reserved.
   *
   * @param most how many at most
   * @return how many
   */
  public int consume(Consumer to, int most) {
    requireOpen();
    long at = position;
    int taken = 0;
    long end = (long) LONG.getAcquire(producer, 0L);
    try {
      while (at < end && taken < most) {
        long header = page + (at & (size - 1));
        int word = (int) INT.getAcquire(producer, header);
        if ((word & BUSY) != 0) {
          break;
        }
        int length = word & LENGTH;
        at += (length + HEADER + 7L) & ~7L;
        if ((word & DISCARDED) == 0) {
          taken++;
          to.accept(producer, header + HEADER, length);
          if (taken % RELEASE_EVERY == 0) {
            LONG.setRelease(consumer, 0L, at);
          }
        }
      }
    } finally {
      LONG.setRelease(consumer, 0L, at);
      position = at;
    }
    return taken;
  }

  /**
   * Waits until the kernel says that there is something to read. Records that were submitted
   * without a wake-up are not told of: call {@link #consume} after the time as well.
   */
  public void await(int timeoutMillis) {
    requireOpen();
    SystemCalls.awaitReadable(map.fd(), timeoutMillis);
  }

  /** Bytes that wait to be read. */
  public long pending() {
    requireOpen();
    return (long) LONG.getAcquire(producer, 0L) - position;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the ring is closed");
    }
  }

  /** Unmaps the ring; must not run while the reading thread is in {@link #consume}. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      SystemCalls.unmap(consumer.address(), page);
      SystemCalls.unmap(producer.address(), page + 2 * size);
    }
  }
}
