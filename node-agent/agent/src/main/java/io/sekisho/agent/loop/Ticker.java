package io.sekisho.agent.loop;

/** A clock that only measures spans; tests advance their own. */
@FunctionalInterface
public interface Ticker {
  /** The clock that {@link System#nanoTime} reads. */
  Ticker SYSTEM = System::nanoTime;

  /** Nanoseconds since some fixed moment; never goes back. */
  long nanos();
}
