package io.sekisho.console.kubernetes;

import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.kubernetes.Access;
import io.sekisho.console.core.kubernetes.ApiState;
import io.sekisho.console.core.kubernetes.KubernetesCluster;
import io.sekisho.console.core.kubernetes.KubernetesContext;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.core.kubernetes.ObjectRef;
import io.sekisho.console.core.kubernetes.Plan;
import io.sekisho.console.kubernetes.apply.Applier;
import io.sekisho.console.kubernetes.apply.Rights;
import io.sekisho.console.kubernetes.client.ApiClient;
import io.sekisho.console.kubernetes.client.PatientSignIn;
import io.sekisho.console.kubernetes.client.Refusals;
import io.sekisho.console.kubernetes.client.Reviews;
import io.sekisho.console.kubernetes.config.Kubeconfigs;
import io.sekisho.console.kubernetes.objects.ObjectWatches;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A live connection to one API server. One thread looks after it: connects, asks what we may do,
 * begins the watches, and sees every few seconds whether the server still answers; what it told
 * stays when it does not.
 */
public final class KubernetesSession implements KubernetesCluster {
  private static final long LOOK_SECONDS = 10;
  private static final long COALESCE_MILLIS = 200;

  private final KubernetesContext context;
  private final InstantSource clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final PatientSignIn signIn;
  private final ScheduledThreadPoolExecutor loop;
  private final AtomicBoolean posted = new AtomicBoolean();
  private volatile ApiState state = new ApiState.Connecting();
  private volatile KubernetesObjects objects = KubernetesObjects.EMPTY;
  private volatile Access access = Access.UNKNOWN;
  private volatile boolean closed;
  private Optional<ApiClient> api = Optional.empty();
  private Optional<ObjectWatches> watches = Optional.empty();

  private KubernetesSession(KubernetesContext context, InstantSource clock) {
    this.context = context;
    this.clock = clock;
    signIn = new PatientSignIn(clock);
    loop =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("kubernetes " + context.context()).factory());
    loop.setRemoveOnCancelPolicy(true);
    loop.setRejectedExecutionHandler(new ScheduledThreadPoolExecutor.DiscardPolicy());
  }

  /** Begins to connect; returns at once. */
  public static KubernetesSession open(KubernetesContext context, InstantSource clock) {
    KubernetesSession session = new KubernetesSession(context, clock);
    session.loop.scheduleWithFixedDelay(session::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
    return session;
  }

  private void look() {
    if (closed) {
      return;
    }
    try {
      forget();
      ApiClient now = client();
      String version = now.version();
      state(new ApiState.Connected(version));
      if (watches.isEmpty()) {
        watches = Optional.of(begin(now));
      } else if (watches.get().refused()) {
        later(); // it may be allowed again
      }
    } catch (RuntimeException | LinkageError e) {
      ConsoleException why = Refusals.of("The API server", e);
      long since = state instanceof ApiState.Failed f ? f.sinceMillis() : clock.millis();
      state(new ApiState.Failed(why.getMessage(), since));
    }
  }

  /** A client whose certificate has ended; the watches begin anew with the next one. */
  private void forget() {
    synchronized (this) {
      if (api.filter(ApiClient::ended).isEmpty()) {
        return;
      }
    }
    leave();
  }

  private void leave() {
    watches.ifPresent(ObjectWatches::close);
    watches = Optional.empty();
    synchronized (this) {
      api.ifPresent(ApiClient::close);
      api = Optional.empty();
    }
  }

  /** All watches, or none: what has begun when the server breaks off is begun anew. */
  private ObjectWatches begin(ApiClient now) {
    Reviews reviews = new Reviews(now, context, Kubeconfigs.namespace(context));
    access = reviews.all();
    tell();
    ObjectWatches begun =
        new ObjectWatches(now, reviews, Kubeconfigs.namespace(context), this::later);
    try {
      begun.begin();
      return begun;
    } catch (RuntimeException e) {
      begun.close();
      throw e;
    }
  }

  /** The client, made at the first call; on any thread that may block. */
  private synchronized ApiClient client() {
    if (closed) {
      throw new ConsoleException(
          ConsoleException.Code.DISCONNECTED, "The connection was closed.", null);
    }
    if (api.isEmpty()) {
      api = Optional.of(ApiClient.open(context, signIn));
    }
    return api.get();
  }

  /** Gives the client to who reaches agents. */
  Supplier<ApiClient> clients() {
    return this::client;
  }

  private void state(ApiState next) {
    boolean same = next.equals(state);
    state = next;
    if (!same) {
      tell();
    }
  }

  /** Many news become one snapshot. */
  private void later() {
    if (posted.compareAndSet(false, true)) {
      loop.schedule(this::snapshot, COALESCE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void snapshot() {
    posted.set(false);
    watches.ifPresent(
        w -> {
          objects = w.snapshot();
          tell();
        });
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }

  @Override
  public KubernetesContext context() {
    return context;
  }

  @Override
  public ApiState state() {
    return state;
  }

  @Override
  public KubernetesObjects objects() {
    return objects;
  }

  @Override
  public Access access() {
    return access;
  }

  @Override
  public CompletableFuture<Plan> plan(List<String> texts, List<ObjectRef> removed) {
    return Work.start("plan", "The dry run", () -> new Applier(client()).plan(texts, removed));
  }

  @Override
  public CompletableFuture<Optional<String>> refusal(List<String> texts, List<ObjectRef> removed) {
    List<ObjectRef> there = objects.policies().stream().map(KubernetesObjects.Policy::ref).toList();
    return Work.start(
        "rights",
        "The question what we may do",
        () -> {
          ApiClient now = client();
          Reviews reviews = new Reviews(now, context, Optional.empty());
          return new Rights(new Applier(now), reviews).refusal(texts, removed, there);
        });
  }

  @Override
  public CompletableFuture<List<Plan.Step>> apply(
      Plan plan, boolean force, Consumer<Plan.Step> done) {
    return Work.start("apply", "Applying", () -> new Applier(client()).apply(plan, force, done));
  }

  @Override
  public void retry() {
    signIn.hurry();
    loop.execute(
        () -> {
          if (state instanceof ApiState.Failed) {
            leave(); // what signs in is begun anew, too
          }
          look();
        });
  }

  @Override
  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  @Override
  public void close() {
    closed = true;
    loop.execute(
        () -> {
          watches.ifPresent(ObjectWatches::close);
          synchronized (this) {
            api.ifPresent(ApiClient::close);
            api = Optional.empty();
          }
          loop.shutdown();
        });
  }
}
