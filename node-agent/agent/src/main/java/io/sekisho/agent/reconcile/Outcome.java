package io.sekisho.agent.reconcile;

import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.agent.datapath.DesiredState;
import io.sekisho.agent.endpoint.Endpoints;
import io.sekisho.agent.endpoint.LocalEndpoint;
import io.sekisho.agent.endpoint.LocalEndpoint.Realized;
import io.sekisho.agent.loop.Ticker;
import io.sekisho.agent.metrics.Metrics;
import io.sekisho.agent.revision.Realization;
import io.sekisho.policy.Identity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * What became of plans: notes it at every endpoint, and tells the rollout when a revision is
 * realized for the first time, or why it is not. Belongs to the event loop.
 */
public final class Outcome {
  private static final System.Logger LOG = System.getLogger(Outcome.class.getName());
  private static final int SHOWN_ERRORS = 5;

  private final Endpoints endpoints;
  private final Realization realization;
  private final Metrics metrics;
  private final Ticker ticker;
  private final IntConsumer changed;
  private Optional<String> told = Optional.empty();
  private volatile long realizedRevision = -1;

  /**
   * Nothing was applied yet.
   *
   * @param changed hears of endpoints whose realized policy differs from before
   */
  public Outcome(
      Endpoints endpoints,
      Realization realization,
      Metrics metrics,
      Ticker ticker,
      IntConsumer changed) {
    this.endpoints = endpoints;
    this.realization = realization;
    this.metrics = metrics;
    this.ticker = ticker;
    this.changed = changed;
  }

  /** The revision that the datapath realizes, -1 before the first; any thread may read. */
  public long realizedRevision() {
    return realizedRevision;
  }

  /** A plan was applied. */
  void applied(Plan plan, List<RealizeError> errors) {
    var news = new TreeMap<Integer, Realized>();
    plan.state().endpoints().forEach((id, endpoint) -> note(id, endpoint, plan, errors, news));
    if (!news.isEmpty()) {
      endpoints.realized(news);
      news.keySet().forEach(changed::accept);
    }
    if (errors.isEmpty()) {
      realized(plan);
    } else {
      failed(plan.revision(), text(errors));
    }
  }

  private void note(
      int id,
      DesiredState.Endpoint endpoint,
      Plan plan,
      List<RealizeError> errors,
      Map<Integer, Realized> news) {
    LocalEndpoint before = endpoints.all().get(id);
    if (before == null) {
      return;
    }
    Optional<String> error = error(id, errors);
    Optional<Long> revision =
        error.isEmpty() ? Optional.of(plan.revision()) : before.realized().revision();
    var policy = endpoint.policy();
    var now =
        new Realized(
            revision, policy.ingressEnforced(), policy.egressEnforced(), endpoint.audit(), error);
    if (!now.equals(before.realized())) {
      news.put(id, now);
    }
  }

  /** What is wrong with an endpoint; what concerns all of the dataplane concerns it too. */
  static Optional<String> error(int id, List<RealizeError> errors) {
    return errors.stream()
        .filter(e -> e.object().equals("endpoint " + id) || e.object().equals(Reconciler.WHOLE))
        .map(RealizeError::message)
        .findFirst();
  }

  private void realized(Plan plan) {
    if (!tell("realized " + plan.revision())) {
      return;
    }
    realizedRevision = plan.revision();
    var took = Duration.ofNanos(ticker.nanos() - plan.pushedNanos());
    metrics.realized(took);
    int count = pods(plan.state());
    LOG.log(
        System.Logger.Level.INFO,
        "revision {0} realized for {1} endpoints in {2} ms",
        plan.revision(),
        count,
        took.toMillis());
    realization.realized(plan.revision(), count);
  }

  /** Endpoints that policy is about: all but the health endpoint. */
  private static int pods(DesiredState state) {
    return (int)
        state.endpoints().values().stream()
            .filter(endpoint -> endpoint.identity() != Identity.HEALTH.number())
            .count();
  }

  /** A revision could not be realized. */
  void failed(long revision, String message) {
    if (tell("failed " + revision + " " + message)) {
      realization.failed(revision, message);
    }
  }

  private boolean tell(String news) {
    boolean isNew = !told.equals(Optional.of(news));
    told = Optional.of(news);
    return isNew;
  }

  private static String text(List<RealizeError> errors) {
    String shown =
        errors.stream()
            .limit(SHOWN_ERRORS)
            .map(e -> e.object() + ": " + e.message())
            .collect(Collectors.joining("; "));
    int more = errors.size() - SHOWN_ERRORS;
    return more > 0 ? shown + "; and " + more + " more" : shown;
  }
}
