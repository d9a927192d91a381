package io.sekisho.impact;

import java.util.concurrent.CancellationException;

/** Hears how far work has come, and may end it. Called by the threads that work, all at once. */
public interface Progress {
  /** Nobody looks. */
  Progress NONE =
      new Progress() {
        @Override
        public void done(long part, long whole) {}

        @Override
        public boolean cancelled() {
          return false;
        }
      };

  /** So much of the whole is done. */
  void done(long part, long whole);

  /** Whether the result is no longer wanted. */
  boolean cancelled();

  /**
   * Tells how far the work has come.
   *
   * @throws CancellationException if the result is no longer wanted
   */
  default void at(long part, long whole) {
    if (cancelled()) {
      throw new CancellationException();
    }
    done(part, whole);
  }
}
