package io.sekisho.agent.reconcile;

import io.sekisho.agent.datapath.Datapath;
import io.sekisho.agent.datapath.DesiredState;
import io.sekisho.agent.datapath.MapDifference;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.agent.metrics.Metrics;
import io.sekisho.agent.policy.EnforcementException;
import io.sekisho.agent.policy.EnforcementException.Code;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Proves that the kernel says what the documents say: compiles them anew and reads the maps back.
 * Runs when asked, and by itself from time to time, then with repair. Compiling happens on the
 * caller's thread; the maps are read endpoint by endpoint between the reconciler's other work, so
 * that a push never waits for more than one table.
 */
public final class Verifier {
  /** Under which differences stand in health, until a later comparison finds none. */
  public static final String COMPONENT = "policy verification";

  private static final System.Logger LOG = System.getLogger(Verifier.class.getName());
  private static final int ATTEMPTS = 5;
  private static final Duration SETTLE = Duration.ofSeconds(10);

  private final EventLoop loop;
  private final Planner planner;
  private final Health health;
  private final Metrics metrics;
  private final Clock clock;
  private final AtomicLong differing = new AtomicLong();

  /** Seconds since 1970; that of the start before the first comparison by itself. */
  private final AtomicLong lastRun = new AtomicLong();

  private final AtomicLong lastTook = new AtomicLong();
  private final AtomicLong interval = new AtomicLong();
  private volatile Optional<EventLoop.Timer> timer = Optional.empty();

  /** Verifies what the planner plans. */
  public Verifier(EventLoop loop, Planner planner, Health health, Metrics metrics, Clock clock) {
    this.loop = loop;
    this.planner = planner;
    this.health = health;
    this.metrics = metrics;
    this.clock = clock;
    metrics.gauge("sekisho_policy_verify_differences", differing::get);
    metrics.gauge("sekisho_policy_verify_last_timestamp_seconds", lastRun::get);
    metrics.gauge("sekisho_policy_verify_interval_seconds", interval::get);
    metrics.gauge("sekisho_policy_verify_duration_milliseconds", lastTook::get);
  }

  /** Verifies and repairs after every interval; nothing if it is zero. On the event loop. */
  public void every(Duration pause) {
    loop.requireInLoop();
    interval.set(pause.toSeconds());
    if (!pause.isZero()) {
      lastRun.compareAndSet(0, clock.instant().getEpochSecond());
      timer = Optional.of(loop.schedule(pause, () -> begin(pause)));
    }
  }

  private void begin(Duration pause) {
    Thread thread = Thread.ofPlatform().name("sekisho-verify").daemon().unstarted(this::byItself);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.start();
    every(pause);
  }

  private void byItself() {
    try {
      verify(true);
    } catch (RuntimeException e) {
      metrics.counter("sekisho_policy_verify_total", "result", "failed").increment();
      LOG.log(System.Logger.Level.INFO, "policies were not verified: {0}", e.getMessage());
    }
  }

  /** No more by itself. */
  public void stop() {
    timer.ifPresent(EventLoop.Timer::cancel);
  }

  /**
   * Compares once.
   *
   * @param repair whether to write anew what differs
   * @throws EnforcementException with NO_PLAN or BUSY
   */
  public synchronized Verification verify(boolean repair) {
    Verification found = compare();
    if (repair && !found.differences().isEmpty()) {
      found = repair(found);
    }
    tell(found);
    return found;
  }

  private Verification repair(Verification found) {
    LOG.log(
        System.Logger.Level.WARNING,
        "{0} map entries differ from the documents and are written again; the first: {1}",
        found.differences().size(),
        found.first());
    onDatapath(
        d -> {
          d.reread();
          return true;
        });
    planner.again();
    Verification after = compare();
    boolean repaired = after.differences().isEmpty();
    LOG.log(
        System.Logger.Level.WARNING,
        repaired
            ? "the maps say what the documents say again"
            : "the maps still differ from the documents: {0}",
        repaired ? "" : after.first());
    return new Verification(
        found.revision(),
        found.finished(),
        found.took(),
        found.endpoints(),
        found.policyEntries(),
        found.prefixes(),
        found.differences(),
        repaired);
  }

  private void tell(Verification done) {
    int count = done.differences().size();
    differing.set(count);
    lastRun.set(done.finished().getEpochSecond());
    lastTook.set(done.took().toMillis());
    String result = count == 0 ? "ok" : done.repaired() ? "repaired" : "differs";
    metrics.counter("sekisho_policy_verify_total", "result", result).increment();
    if (count == 0) {
      health.clear(COMPONENT);
    } else {
      String end = done.repaired() ? "; written again at " + done.finished() : "";
      health.report(
          COMPONENT,
          count + " map entries differed from the documents, first " + done.first() + end);
    }
  }

  private Verification compare() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Known known = settled();
      Instant begun = clock.instant();
      DesiredState own = known.expected();
      DesiredState expected = loop.call(() -> known.additions().apply(own));
      List<MapDifference> differences = differences(expected);
      if (loop.call(() -> planner.isInForce(known.plan()))) {
        Instant finished = clock.instant();
        return new Verification(
            known.plan().revision(),
            finished,
            Duration.between(begun, finished),
            (int) expected.subjects().count(),
            expected.subjects().mapToLong(e -> e.policy().entries().size()).sum(),
            expected.ipcache().size(),
            differences,
            false);
      }
    }
    throw new EnforcementException(
        Code.BUSY, "policies changed " + ATTEMPTS + " times while the maps were read; ask again");
  }

  private List<MapDifference> differences(DesiredState expected) {
    var out = new ArrayList<MapDifference>();
    expected.subjects().forEach(endpoint -> out.addAll(onDatapath(d -> d.audit(endpoint))));
    out.addAll(onDatapath(d -> d.auditShared(expected)));
    out.addAll(onDatapath(d -> d.auditPrefilter(expected.prefilter())));
    return out;
  }

  private <T> T onDatapath(Function<Datapath, T> call) {
    try {
      return planner.datapath(call).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private Known settled() {
    if (loop.call(() -> planner.waitsFor().isPresent())) {
      throw new EnforcementException(Code.NO_PLAN, "no policies are in force yet");
    }
    try {
      loop.submit(planner::settled)
          .thenCompose(Function.identity())
          .get(SETTLE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnforcementException(Code.BUSY, "the agent ends");
    } catch (ExecutionException | TimeoutException e) {
      throw new EnforcementException(Code.BUSY, "the newest plan is not applied yet; ask again");
    }
    return loop.call(planner::known)
        .orElseThrow(() -> new EnforcementException(Code.NO_PLAN, "no policies are in force yet"));
  }
}
