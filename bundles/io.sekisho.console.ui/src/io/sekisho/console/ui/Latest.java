package io.sekisho.console.ui;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.eclipse.core.runtime.ILog;
import org.eclipse.swt.widgets.Display;

/**
 * Work on the newest of many inputs, on another thread: it begins once inputs have paused, one at a
 * time, and what came of an input that is no longer the newest is dropped. UI thread only.
 *
 * @param <I> what is worked on; another thread reads it
 * @param <O> what comes of it
 */
public final class Latest<I, O> {
  private final Display display;
  private final int pauseMillis;
  private final Function<I, O> work;
  private final BiConsumer<I, O> done;
  private final BiConsumer<I, Throwable> failed;

  /** One object: the display keeps one timer for each. */
  private final Runnable paused = this::begin;

  private Optional<I> waiting = Optional.empty();
  private boolean busy;
  private boolean due;

  /**
   * Nothing is worked on yet.
   *
   * @param pauseMillis how long inputs must have paused
   * @param work runs on another thread
   * @param done gets the newest input and what came of it, on the UI thread
   */
  public Latest(Display display, int pauseMillis, Function<I, O> work, BiConsumer<I, O> done) {
    this(
        display,
        pauseMillis,
        work,
        done,
        (input, failure) -> ILog.of(Latest.class).error("Work in the background failed", failure));
  }

  /**
   * The same for work that may fail, which is then told to who waits for it.
   *
   * @param failed gets the newest input and why nothing came of it, on the UI thread
   */
  public Latest(
      Display display,
      int pauseMillis,
      Function<I, O> work,
      BiConsumer<I, O> done,
      BiConsumer<I, Throwable> failed) {
    this.display = display;
    this.pauseMillis = pauseMillis;
    this.work = work;
    this.done = done;
    this.failed = failed;
  }

  /** A new input; those before it no longer matter. */
  public void put(I input) {
    waiting = Optional.of(input);
    due = false;
    display.timerExec(pauseMillis, paused);
  }

  /** The same, without waiting for a pause. */
  public void now(I input) {
    waiting = Optional.of(input);
    display.timerExec(-1, paused);
    begin();
  }

  /** Whether something is still to come. */
  public boolean busy() {
    return busy || waiting.isPresent();
  }

  private void begin() {
    due = true;
    if (busy || waiting.isEmpty()) {
      return;
    }
    I input = waiting.get();
    waiting = Optional.empty();
    busy = true;
    due = false;
    Background.supply(() -> work.apply(input))
        .whenComplete(
            (output, failure) -> {
              if (!display.isDisposed()) {
                display.asyncExec(() -> ended(input, output, failure));
              }
            });
  }

  private void ended(I input, O output, Throwable failure) {
    busy = false;
    if (waiting.isPresent()) {
      if (due) {
        begin();
      }
    } else if (failure == null) {
      done.accept(input, output);
    } else {
      failed.accept(input, failure);
    }
  }
}
