package io.sekisho.agent.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs what is posted to it, one task after the other. State that only tasks touch
 * needs no lock. The contract:
 *
 * <ul>
 *   <li>Tasks run in the order in which they were posted; what a task wrote, later tasks see.
 *   <li>A timer's task runs at or after its time, never before; timers of the same moment run in
 *       the order in which they were made; due timers run before posted tasks.
 *   <li>A task must not block: whatever waits (files, sockets, other threads) runs elsewhere and
 *       posts its result.
 *   <li>Nothing mutable leaves: what other threads read are immutable snapshots.
 *   <li>An exception ends its task only; it goes to the failure listener, and the loop goes on.
 *   <li>After {@link #close} nothing runs any more; posting fails.
 * </ul>
 *
 * The clock is read whenever the loop wakes, so that a test advances its clock and posts an empty
 * task to make due timers run.
 */
public final class EventLoop implements Executor, AutoCloseable {
  private final Ticker ticker;
  private final Consumer<Throwable> failures;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final ArrayDeque<Runnable> posted = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final Thread thread;
  private long timerSequence;
  private boolean closed;

  /**
   * Starts the thread.
   *
   * @param name of the thread
   * @param ticker what timers go by
   * @param failures takes exceptions of tasks, on the loop's thread
   */
  public EventLoop(String name, Ticker ticker, Consumer<Throwable> failures) {
    this.ticker = ticker;
    this.failures = failures;
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  /**
   * Posts a task.
   *
   * @throws RejectedExecutionException after {@link #close}
   */
  @Override
  public void execute(Runnable task) {
    lock.lock();
    try {
      requireOpen();
      posted.add(task);
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Posts a task and gives its result; an exception of the task goes to the result only. */
  public <T> CompletableFuture<T> submit(Supplier<T> task) {
    return CompletableFuture.supplyAsync(task, this);
  }

  /**
   * Runs a task on the loop and waits for it; at once when called by the loop itself.
   *
   * @return what the task returns
   * @throws RuntimeException what the task throws, as it is
   */
  public <T> T call(Supplier<T> task) {
    if (inLoop()) {
      return task.get();
    }
    try {
      return submit(task).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /**
   * Runs a task once, after a delay.
   *
   * @return cancels it
   * @throws RejectedExecutionException after {@link #close}
   */
  public Timer schedule(Duration delay, Runnable task) {
    lock.lock();
    try {
      requireOpen();
      var timer = new Timer(ticker.nanos() + delay.toNanos(), timerSequence++, task);
      timers.add(timer);
      news.signal();
      return timer;
    } finally {
      lock.unlock();
    }
  }

  /** A pace for work of the loop, by the loop's clock. */
  public Pace pace() {
    return new Pace(ticker);
  }

  /** Whether the calling thread is the loop. */
  public boolean inLoop() {
    return Thread.currentThread() == thread;
  }

  /** Throws if the calling thread is not the loop: what guards state that the loop owns. */
  public void requireInLoop() {
    if (!inLoop()) {
      throw new IllegalStateException("only the event loop may do this");
    }
  }

  /** Lets the running task end, drops what has not begun, and waits for the thread. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      posted.clear();
      timers.clear();
      news.signal();
    } finally {
      lock.unlock();
    }
    if (!inLoop()) {
      joinUninterruptibly();
    }
  }

  private void joinUninterruptibly() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new RejectedExecutionException("the event loop is closed");
    }
  }

  private void run() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (Throwable e) {
        tell(e);
      }
    }
  }

  private void tell(Throwable failure) {
    try {
      failures.accept(failure);
    } catch (RuntimeException e) {
      System.getLogger(EventLoop.class.getName())
          .log(System.Logger.Level.ERROR, "the listener for failures failed itself", e);
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      while (!closed) {
        Timer first = timers.peek();
        long wait = first == null ? Long.MAX_VALUE : first.due - ticker.nanos();
        if (wait <= 0) {
          return timers.remove().task;
        }
        Runnable task = posted.poll();
        if (task != null) {
          return task;
        }
        sleep(wait);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the caller loops
  private void sleep(long nanos) {
    try {
      long woken = news.awaitNanos(nanos);
      assert woken <= nanos;
    } catch (InterruptedException e) {
      // nobody interrupts this thread to end it: see close
    }
  }

  /** A task that waits for its time. */
  public final class Timer implements Comparable<Timer> {
    private final long due;
    private final long sequence;
    private final Runnable task;

    private Timer(long due, long sequence, Runnable task) {
      this.due = due;
      this.sequence = sequence;
      this.task = task;
    }

    /** Makes sure that it does not run from now on; does nothing if it ran. */
    public void cancel() {
      lock.lock();
      try {
        timers.remove(this);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(due - other.due, 0);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
