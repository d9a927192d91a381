package io.sekisho.agent.reconcile;

import io.sekisho.agent.datapath.Datapath;
import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.loop.Ticker;
import io.sekisho.agent.metrics.Metrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that calls the datapath. Single calls go first, in order; then the newest plan is
 * applied, older ones that were not begun are forgotten. What could not be realized is tried again
 * with growing waits, and stands in health under the object's name until it is. A new plan is tried
 * at once.
 */
public final class Reconciler implements AutoCloseable {
  /** Object of an error that concerns all of the dataplane. */
  public static final String WHOLE = "dataplane";

  /** Hears of every plan that was applied, on the reconciler's thread. */
  @FunctionalInterface
  public interface Listener {
    /** A plan was applied, with one error for each object that could not be realized. */
    void applied(Plan plan, List<RealizeError> errors);
  }

  private final Datapath datapath;
  private final Ticker ticker;
  private final Health health;
  private final Metrics metrics;
  private volatile Listener listener = (plan, errors) -> {};
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final ArrayDeque<Runnable> calls = new ArrayDeque<>();
  private final Backoff backoff = new Backoff();
  private final Thread thread;
  private @Nullable Plan newest;
  private boolean pending;
  private long notBefore;
  private boolean closed;
  private Set<String> troubled = Set.of();

  /** Starts the thread; the datapath is still to be opened, by a call. */
  public Reconciler(Datapath datapath, Ticker ticker, Health health, Metrics metrics) {
    this.datapath = datapath;
    this.ticker = ticker;
    this.health = health;
    this.metrics = metrics;
    this.notBefore = ticker.nanos();
    this.thread = Thread.ofPlatform().name("sekisho-reconciler").daemon().start(this::run);
  }

  /** Who hears of applied plans; one, set before the first plan. */
  public void listen(Listener next) {
    listener = next;
  }

  /** Runs a call on the datapath's thread; its exception goes to the result. */
  public <T> CompletableFuture<T> submit(Function<Datapath, T> call) {
    var result = new CompletableFuture<T>();
    lock.lock();
    try {
      if (closed) {
        result.completeExceptionally(new RejectedExecutionException("the reconciler is closed"));
        return result;
      }
      calls.add(() -> complete(result, call));
      news.signal();
    } finally {
      lock.unlock();
    }
    return result;
  }

  private <T> void complete(CompletableFuture<T> result, Function<Datapath, T> call) {
    try {
      result.complete(call.apply(datapath));
    } catch (Throwable e) {
      result.completeExceptionally(e);
    }
  }

  /** Shall be realized now, instead of what was desired before. */
  public void desire(Plan plan) {
    lock.lock();
    try {
      newest = plan;
      pending = true;
      notBefore = ticker.nanos();
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Looks at the clock again; for tests that advance it. */
  void wake() {
    lock.lock();
    try {
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Runs the calls that wait, then ends; the datapath stays as it is. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      pending = false;
      news.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    for (Runnable work = next(); work != null; work = next()) {
      work.run();
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      while (true) {
        Runnable call = calls.poll();
        if (call != null) {
          return call;
        }
        if (closed) {
          return null;
        }
        Plan plan = newest;
        long wait = pending && plan != null ? notBefore - ticker.nanos() : Long.MAX_VALUE;
        if (wait <= 0 && plan != null) {
          pending = false;
          return () -> apply(plan);
        }
        sleep(wait);
      }
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the caller loops
  private void sleep(long nanos) {
    try {
      long rest = news.awaitNanos(nanos);
      assert rest <= nanos;
    } catch (InterruptedException e) {
      // nobody interrupts this thread to end it: see close
    }
  }

  private void apply(Plan plan) {
    long begun = ticker.nanos();
    List<RealizeError> errors;
    try {
      errors = datapath.apply(plan.state());
    } catch (RuntimeException | Error e) {
      // whatever it is: without this thread nothing is ever realized again
      errors = List.of(new RealizeError(WHOLE, e.toString()));
    }
    metrics.applied(Duration.ofNanos(ticker.nanos() - begun), errors.size());
    report(errors);
    if (errors.isEmpty()) {
      backoff.succeeded();
    } else {
      again(plan);
    }
    try {
      listener.applied(plan, errors);
    } catch (RuntimeException e) {
      health.report("reconciler", "its listener failed: " + e);
    }
  }

  private void again(Plan plan) {
    lock.lock();
    try {
      if (newest == plan) {
        pending = true;
        notBefore = ticker.nanos() + backoff.failed();
      }
    } finally {
      lock.unlock();
    }
  }

  private void report(List<RealizeError> errors) {
    var now = new HashSet<String>();
    for (RealizeError error : errors) {
      now.add(error.object());
      health.report(error.object(), error.message());
    }
    troubled.stream().filter(object -> !now.contains(object)).forEach(health::clear);
    troubled = Set.copyOf(now);
  }

  /** The plan that was desired last. */
  Optional<Plan> newest() {
    lock.lock();
    try {
      return Optional.ofNullable(newest);
    } finally {
      lock.unlock();
    }
  }
}
