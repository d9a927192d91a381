package io.sekisho.console.ui;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.swt.SWTException;
import org.eclipse.swt.widgets.Display;

/**
 * Finds out when the UI thread is blocked: a thread of its own asks the display to run a mark every
 * 25 ms and sees how long that takes. The processor time of the UI thread goes with it, so that a
 * busy machine is not mistaken for our own work.
 */
public final class Watchdog implements AutoCloseable {
  /** From here on the operator feels it. */
  public static final long LIMIT_MILLIS = 50;

  private static final long BEAT_MILLIS = 25;
  private static final int KEPT = 200;

  /**
   * A block.
   *
   * @param wallMillis until the mark ran
   * @param cpuMillis processor time that the UI thread used meanwhile
   * @param where what it did after the limit was over, innermost frame first; empty if it was done
   */
  public record Block(long wallMillis, long cpuMillis, List<StackTraceElement> where) {}

  private final Display display;
  private final Thread uiThread;
  private final Thread watcher;
  private final List<Block> blocks = new ArrayList<>();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private volatile boolean over;

  /** Begins to watch. */
  public Watchdog(Display display) {
    this.display = display;
    uiThread = display.getThread();
    watcher = Thread.ofPlatform().daemon().name("ui watchdog").start(this::watch);
  }

  /** What was found so far: the newest 200. */
  public List<Block> blocks() {
    synchronized (blocks) {
      return List.copyOf(blocks);
    }
  }

  /** Forgets what was found. */
  public void reset() {
    synchronized (blocks) {
      blocks.clear();
    }
  }

  private void watch() {
    try {
      while (!over) {
        beat();
        TimeUnit.MILLISECONDS.sleep(BEAT_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SWTException e) {
      // the display is disposed: nothing is left to watch
      over = true;
    }
  }

  private void beat() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(1);
    long cpu = threads.getThreadCpuTime(uiThread.threadId());
    long start = System.nanoTime();
    display.asyncExec(ran::countDown);
    if (ran.await(LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
      return;
    }
    StackTraceElement[] where = uiThread.getStackTrace();
    while (!ran.await(BEAT_MILLIS, TimeUnit.MILLISECONDS)) {
      if (over) {
        return;
      }
    }
    long wall = (System.nanoTime() - start) / 1_000_000;
    long used = (threads.getThreadCpuTime(uiThread.threadId()) - cpu) / 1_000_000;
    synchronized (blocks) {
      if (blocks.size() == KEPT) {
        blocks.removeFirst();
      }
      blocks.add(new Block(wall, used, List.of(where)));
    }
  }

  @Override
  public void close() {
    over = true;
    watcher.interrupt();
  }
}
