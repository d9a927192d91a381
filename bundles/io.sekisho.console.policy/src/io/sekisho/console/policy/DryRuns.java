package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterSession;
import io.sekisho.console.core.FlowClient.Recorded;
import io.sekisho.console.ui.Background;
import io.sekisho.impact.run.BlastRadius;
import io.sekisho.impact.run.DryRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.swt.widgets.Control;

/**
 * The dry run of a session's draft: recorded flows are fetched once for a span of time, and the
 * draft is held against them again whenever it has changed and typing has paused, on other threads.
 * UI thread only.
 */
final class DryRuns {
  private static final int PAUSE_MS = 400;
  private static final FlowSpan USUAL = new FlowSpan.Last(Duration.ofMinutes(5));

  private final Draft draft;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private FlowSpan span = USUAL;
  private Optional<Fetched> fetched = Optional.empty();
  private Optional<Result> result = Optional.empty();
  private Optional<Selects> selects = Optional.empty();
  private Optional<Sides> asked = Optional.empty();
  private Optional<Running> running = Optional.empty();
  private String failure = "";

  /** Documents as texts: those in force, and those of the draft. */
  record Sides(List<String> before, List<String> after) {}

  /** Whom the changes select. */
  private record Selects(Sides sides, Impact impact) {}

  /** Flows that were fetched. */
  record Fetched(FlowSpan span, Recorded recorded, Instant at) {}

  /**
   * What came of a dry run.
   *
   * @param sides the documents that were compared
   * @param run what becomes of recorded flows
   * @param radius whose policy tables differ
   * @param flows what they were held against
   */
  record Result(Sides sides, DryRun run, BlastRadius radius, Fetched flows) {}

  /** What is under way. */
  record Running(CompletableFuture<?> call, Steps steps) {}

  DryRuns(Draft draft) {
    this.draft = draft;
  }

  void addListener(Runnable listener) {
    listeners.add(listener);
  }

  void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }

  /** The flows that the draft is held against. */
  FlowSpan span() {
    return span;
  }

  /** What came of the last one; old while {@link #running} has something. */
  Optional<Result> result() {
    return result.filter(r -> r.sides().equals(draft.sides()));
  }

  /** Whom the changes select, which is known sooner. */
  Optional<Impact> selects() {
    return selects.filter(r -> r.sides().equals(draft.sides())).map(Selects::impact);
  }

  /** How far it is, while one is under way. */
  Optional<Steps> running() {
    return running.map(Running::steps);
  }

  /** Why there is none, as a sentence; empty otherwise. */
  String failure() {
    return failure;
  }

  /** Chooses other flows, and fetches them. */
  void span(FlowSpan next, Control owner) {
    span = next;
    again(owner);
  }

  /** Fetches the flows again. */
  void again(Control owner) {
    fetched = Optional.empty();
    asked = Optional.empty();
    soon(owner);
  }

  /**
   * The draft may have changed: computes once typing has paused, unless it is done or under way.
   *
   * @param owner lives as long as the window does
   */
  void soon(Control owner) {
    if (draft.changes().isEmpty()) {
      cancel();
      asked = Optional.empty();
      return;
    }
    Sides now = draft.sides();
    if (asked.filter(now::equals).isPresent()) {
      return;
    }
    asked = Optional.of(now);
    failure = "";
    owner
        .getDisplay()
        .timerExec(
            PAUSE_MS,
            () -> {
              if (!owner.isDisposed() && asked.filter(now::equals).isPresent()) {
                start(now, owner);
              }
            });
  }

  private void start(Sides sides, Control owner) {
    running.ifPresent(r -> r.call().cancel(true));
    ClusterSession session = draft.session();
    Steps steps = new Steps(System.currentTimeMillis());
    FlowSpan wanted = span;
    CompletableFuture<Fetched> flows =
        fetched
            .filter(f -> f.span().equals(wanted))
            .map(CompletableFuture::completedFuture)
            .orElseGet(() -> fetch(wanted, session, steps));
    CompletableFuture<Result> call =
        flows.thenCombineAsync(
            session.revisions().enforcement(),
            (f, e) -> Compared.of(sides, f, e, session.inventory(), steps),
            Background.workers());
    Background.onUiIfDone(
        Background.supply(() -> Impact.of(sides.before(), sides.after(), session.inventory())),
        owner,
        impact -> {
          if (asked.filter(sides::equals).isPresent()) { // else a newer one may have come before
            selects = Optional.of(new Selects(sides, impact));
            tell();
          }
        });
    call.whenComplete(
        (value, thrown) -> {
          if (call.isCancelled()) {
            steps.cancel();
            flows.cancel(true);
          }
        });
    Running mine = new Running(call, steps);
    running = Optional.of(mine);
    tell();
    Background.follow(Texts.dry_run_job, call, owner, (r, thrown) -> ended(mine, r, thrown));
  }

  /** The chosen flows, as they were fetched last, else fetched now. */
  CompletableFuture<Fetched> flows() {
    return fetched
        .filter(f -> f.span().equals(span))
        .map(CompletableFuture::completedFuture)
        .orElseGet(() -> fetch(span, draft.session(), new Steps(System.currentTimeMillis())));
  }

  private static CompletableFuture<Fetched> fetch(
      FlowSpan span, ClusterSession session, Steps steps) {
    CompletableFuture<Recorded> read = span.read(session, steps::fetched);
    CompletableFuture<Fetched> out =
        read.thenApply(recorded -> new Fetched(span, recorded, Instant.now()));
    out.whenComplete(
        (value, thrown) -> {
          if (out.isCancelled()) {
            read.cancel(true);
          }
        });
    return out;
  }

  private void ended(Running mine, Result value, Throwable thrown) {
    if (running.filter(r -> r == mine).isEmpty()) {
      return;
    }
    running = Optional.empty();
    if (thrown == null) {
      result = Optional.of(value);
      fetched = Optional.of(value.flows());
      failure = "";
    } else {
      failure = mine.steps().cancelled() ? Texts.dry_run_cancelled : Background.sentence(thrown);
    }
    tell();
  }

  /** Ends what is under way; the next change begins anew. */
  void cancel() {
    running.ifPresent(r -> r.call().cancel(true));
  }
}
