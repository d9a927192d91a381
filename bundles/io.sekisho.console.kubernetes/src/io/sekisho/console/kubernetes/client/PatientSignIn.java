package io.sekisho.console.kubernetes.client;

import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets what has failed rest before it is asked again, for a plugin may open a browser and an issuer
 * may lock an account: 10 s, twice as long after each failure, 5 min at most. Meanwhile the failure
 * stands. Something else that is asked, success, and {@link #hurry} end the rest. Safe for threads;
 * one attempt at a time.
 */
public final class PatientSignIn implements SignIn {
  private final InstantSource clock;
  private final ReentrantLock one = new ReentrantLock();
  private final AtomicReference<Optional<Failed>> failed = new AtomicReference<>(Optional.empty());

  /** What failed, why, and how long it rests. */
  private record Failed(Object what, ConsoleException why, Duration rest, Instant until) {}

  /** Nothing has failed yet. */
  public PatientSignIn(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public <T> T attempt(Object what, Supplier<T> signIn) {
    turn();
    try {
      Optional<Failed> before = failed.get().filter(f -> f.what().equals(what));
      before.filter(f -> clock.instant().isBefore(f.until())).ifPresent(PatientSignIn::refuse);
      try {
        T given = signIn.get();
        failed.set(Optional.empty());
        return given;
      } catch (ConsoleException e) {
        if (e.code() == Code.CANCELLED) {
          throw e;
        }
        Duration rest = before.map(f -> Rests.longer(f.rest())).orElse(Rests.FIRST);
        Failed now = new Failed(what, e, rest, clock.instant().plus(rest));
        failed.set(Optional.of(now));
        throw refusal(now);
      }
    } finally {
      one.unlock();
    }
  }

  private void turn() {
    try {
      one.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConsoleException(Code.CANCELLED, "Signing in was cancelled.", e);
    }
  }

  private static void refuse(Failed failed) {
    throw refusal(failed);
  }

  private static ConsoleException refusal(Failed failed) {
    String time =
        DateTimeFormatter.ofPattern("HH:mm:ss")
            .withZone(ZoneId.systemDefault())
            .format(failed.until());
    return new ConsoleException(
        failed.why().code(),
        failed.why().getMessage() + " It is not asked again before " + time + ".",
        failed.why());
  }

  /** The operator does not want to wait: the next attempt is made. Returns at once. */
  public void hurry() {
    failed.set(Optional.empty());
  }
}
