package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.RingBuffer;

/**
 * Reads the event ring on a thread of its own. The programs wake it only when the ring fills, so it
 * also looks by itself, some forty times a second.
 */
final class EventReader implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EventReader.class.getName());
  private static final int LOOK_EVERY_MILLIS = 25;
  private static final int AT_ONCE = 4096;

  private final RingBuffer ring;
  private final RingEvent cursor = new RingEvent();
  private final Thread thread;
  private volatile EventSink sink = event -> {};
  private volatile boolean stopped;

  EventReader(BpfMap<?, ?> events, String node) {
    this.ring = new RingBuffer(events);
    this.thread = Thread.ofPlatform().daemon().name("datapath-events-" + node).start(this::read);
  }

  void sink(EventSink newSink) {
    sink = newSink;
  }

  private void read() {
    while (!stopped) {
      if (readSome() == 0) {
        ring.await(LOOK_EVERY_MILLIS);
      }
    }
  }

  private int readSome() {
    EventSink to = sink;
    try {
      return ring.consume(
          (memory, offset, length) -> {
            if (length >= RingEvent.SIZE) {
              read(to, cursor.at(memory, offset));
            }
          },
          AT_ONCE);
    } catch (RuntimeException e) {
      // The event at fault is behind us; a sink that fails must not end the reading of events.
      LOG.log(System.Logger.Level.WARNING, "an event was not taken", e);
      return 1;
    }
  }

  private static void read(EventSink to, RingEvent record) {
    if (record.holdsVerdict()) {
      to.accept(record.asVerdict(true));
    }
    to.accept(record.asVerdict(false));
  }

  /** Bytes that wait to be read; about, because the reading thread goes on. */
  long pending() {
    return ring.pending();
  }

  @Override
  public void close() {
    stopped = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    ring.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
