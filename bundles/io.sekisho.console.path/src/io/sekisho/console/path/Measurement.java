package io.sekisho.console.path;

import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;
import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.Link;
import io.sekisho.console.ui.Background;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.swt.widgets.Control;

/** One measurement at a time: what runs, what came of the last. UI thread only. */
final class Measurement {
  /** How it stands. */
  sealed interface State {
    /** Nothing was asked yet. */
    record Idle() implements State {}

    /** The agent is asked. */
    record Running(TracePathRequest request) implements State {}

    /** It has answered, at a time in ms since the epoch. */
    record Done(TracePathRequest request, TracePathResponse answer, long atMillis)
        implements State {}

    /** It did not come about. */
    record Failed(TracePathRequest request, Throwable why) implements State {}
  }

  private final Runnable changed;
  private State state = new State.Idle();
  private Optional<CompletableFuture<TracePathResponse>> call = Optional.empty();

  Measurement(Runnable changed) {
    this.changed = changed;
  }

  State state() {
    return state;
  }

  boolean running() {
    return state instanceof State.Running;
  }

  /** Why nothing may be measured now, if so. */
  static Optional<String> forbidden(Optional<ClusterSession> session) {
    if (session.isEmpty() || !(session.get().link() instanceof Link.Connected)) {
      return Optional.of(Texts.reason_link);
    }
    return session.get().role().onlyLooks() ? Optional.of(Texts.reason_role) : Optional.empty();
  }

  /** Asks; the owner lives as long as the outcome matters. */
  void start(ClusterSession session, TracePathRequest request, Control owner) {
    stop();
    CompletableFuture<TracePathResponse> sent = session.paths().trace(request);
    call = Optional.of(sent);
    to(new State.Running(request));
    Background.follow(
        Texts.bind(Texts.job_name, request.getSource(), request.getDestination()),
        sent,
        owner,
        (answer, failure) -> {
          if (call.filter(sent::equals).isPresent()) {
            call = Optional.empty();
            to(
                failure == null
                    ? new State.Done(request, answer, System.currentTimeMillis())
                    : new State.Failed(request, failure));
          }
        });
  }

  /** Ends what runs; it then counts as failed. */
  void cancel() {
    call.ifPresent(c -> c.cancel(true));
  }

  /** Ends what runs and forgets what was measured. */
  void stop() {
    Optional<CompletableFuture<TracePathResponse>> old = call;
    call = Optional.empty();
    old.ifPresent(c -> c.cancel(true));
    if (!(state instanceof State.Idle)) {
      to(new State.Idle());
    }
  }

  private void to(State next) {
    state = next;
    changed.run();
  }
}
