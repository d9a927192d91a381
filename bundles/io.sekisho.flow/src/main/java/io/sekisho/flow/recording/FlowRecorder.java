package io.sekisho.flow.recording;

import io.sekisho.api.flow.Flow;
import io.sekisho.flow.recording.RecordingException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes flows to a recording as they come, on a thread of its own, and flushes whenever nothing
 * waits. What is not recorded is counted. When the disk refuses, the recording ends, whole up to
 * there, and says why. Safe for threads.
 */
public final class FlowRecorder implements AutoCloseable {
  /** Size at which a file is full: 64 MiB, some 200,000 flows. */
  public static final long FILE_BYTES = 64L << 20;

  /** Files that are kept; the oldest goes for a new one. */
  public static final int FILES = 16;

  private static final int WAITING = 16_384;
  private static final long IDLE_MILLIS = 200;

  private final Path folder;
  private final long begunMillis = System.currentTimeMillis();
  private final BlockingQueue<Flow> waiting = new LinkedBlockingQueue<>();

  /** For so many more flows there is room; at the end for whoever still waits, one by one. */
  private final Semaphore room = new Semaphore(WAITING);

  private final AtomicLong written = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread;
  private volatile boolean ended;
  private volatile Optional<RecordingException> failure = Optional.empty();

  private FlowRecorder(Path folder, RecordingWriter writer) {
    this.folder = folder;
    thread = Thread.ofPlatform().daemon().name("recording").start(() -> run(writer));
  }

  /**
   * Begins to write behind what is in a folder; makes the folder if it is missing.
   *
   * @throws RecordingException if nothing can be written there
   */
  public static FlowRecorder open(Path folder) throws RecordingException {
    return open(folder, FILE_BYTES, FILES);
  }

  /** The same with other limits, see {@link RecordingWriter#open}. */
  public static FlowRecorder open(Path folder, long maxFileBytes, int maxFiles)
      throws RecordingException {
    return new FlowRecorder(folder, RecordingWriter.open(folder, maxFileBytes, maxFiles));
  }

  /** Records a flow if there is room; never waits. */
  public void offer(Flow flow) {
    if (room.tryAcquire()) {
      take(flow);
    } else {
      lost.incrementAndGet();
    }
  }

  /** Records a flow; waits for room. */
  public void put(Flow flow) throws InterruptedException {
    room.acquire();
    take(flow);
  }

  /** Under the lock of the end, so that a flow is either written or counted. */
  private synchronized void take(Flow flow) {
    if (ended) {
      room.release();
      lost.incrementAndGet();
    } else {
      waiting.add(flow);
    }
  }

  /** Events were lost before they came here. */
  public void lost(long events) {
    lost.addAndGet(events);
  }

  private void run(RecordingWriter writer) {
    try (writer) {
      boolean flushed = true;
      while (!ended || !waiting.isEmpty()) {
        Flow next = flushed ? waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS) : waiting.poll();
        if (next != null) {
          append(next, writer);
          room.release();
          flushed = false;
        } else if (!flushed) {
          writer.flush();
          flushed = true;
        }
      }
    } catch (RecordingException e) {
      failure = Optional.of(e);
    } catch (IOException e) {
      failure = Optional.of(new RecordingException("can't end the recording in " + folder, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      leave();
    }
  }

  private synchronized void leave() {
    ended = true;
    lost.addAndGet(waiting.size());
    waiting.clear();
    room.release();
  }

  private void append(Flow flow, RecordingWriter writer) throws RecordingException {
    try {
      writer.append(flow);
      written.incrementAndGet();
    } catch (RecordingException e) {
      if (e.code() != Code.TOO_LARGE) {
        lost.incrementAndGet();
        throw e;
      }
      lost.incrementAndGet();
    }
  }

  /** Where the files are. */
  public Path folder() {
    return folder;
  }

  /** When it began, ms since the epoch. */
  public long begunMillis() {
    return begunMillis;
  }

  /** Flows that were written. */
  public long written() {
    return written.get();
  }

  /** Flows that are known to be missing. */
  public long missing() {
    return lost.get();
  }

  /** Why it ended by itself; empty while it goes on, and when it was ended. */
  public Optional<RecordingException> failure() {
    return failure;
  }

  /** Writes what waits, and ends. */
  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
