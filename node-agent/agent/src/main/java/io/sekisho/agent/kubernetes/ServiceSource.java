package io.sekisho.agent.kubernetes;

import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.agent.datapath.ServiceAddress;
import io.sekisho.agent.datapath.ServiceBackends;
import io.sekisho.agent.loop.Pace;
import io.sekisho.agent.loop.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Follows services and endpoint slices, and tells who answers for which service. */
public final class ServiceSource implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ServiceSource.class.getName());

  /** Changes within it become one. */
  private static final Executor SOON = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);

  private final ServiceTargets targets;
  private final List<ListWatch> watches;
  private final Consumer<Map<ServiceAddress, ServiceBackends>> served;
  private final AtomicBoolean posted = new AtomicBoolean();
  private final Pace pace = new Pace(Ticker.SYSTEM);

  /**
   * Nothing is asked yet.
   *
   * @param node the node's name in Kubernetes
   * @param served takes all services, once they are known and whenever they are different; must not
   *     block
   */
  public ServiceSource(
      ApiServer api, String node, Consumer<Map<ServiceAddress, ServiceBackends>> served) {
    this.served = served;
    targets = new ServiceTargets(node, this::changed);
    watches =
        List.of(
            new ListWatch(
                api, List.of(ResourceKind.SERVICE), ListWatch.Scope.ALL, targets.serviceHandler()),
            new ListWatch(
                api,
                List.of(ResourceKind.ENDPOINT_SLICE),
                ListWatch.Scope.ALL,
                targets.sliceHandler()));
  }

  /** Begins. */
  public void start() {
    watches.forEach(ListWatch::start);
  }

  private void changed() {
    if (posted.compareAndSet(false, true)) {
      SOON.execute(this::tell);
    }
  }

  /** One after the other, so that the newest comes last. */
  private synchronized void tell() {
    Duration rest = pace.rest(Pace.Share.TENTH);
    if (rest.isPositive()) {
      CompletableFuture.delayedExecutor(rest.toNanos(), TimeUnit.NANOSECONDS).execute(this::tell);
    } else {
      pace.run(this::tellAll);
    }
  }

  private void tellAll() {
    posted.set(false);
    try {
      targets.all().ifPresent(served);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "services are not told", e);
    }
  }

  /** What follows the API server, to be asked for its trouble. */
  public List<ListWatch> watches() {
    return watches;
  }

  @Override
  public void close() {
    watches.forEach(ListWatch::close);
  }
}
