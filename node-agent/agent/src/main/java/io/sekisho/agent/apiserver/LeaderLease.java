package io.sekisho.agent.apiserver;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.ApiException.Code;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one of several processes the leader: the one that holds a lease of the API. Another takes
 * it when it has not been renewed for its length, as seen by that other's own clock, so that clocks
 * need not agree. Who leads must bear that for a moment two do.
 */
public final class LeaderLease implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LeaderLease.class.getName());

  private final ApiServer api;
  private final String namespace;
  private final String name;
  private final String self;
  private final Duration length;
  private final Thread thread;
  private volatile Optional<Long> renewed = Optional.empty();
  private String seen = "";
  private long seenSince;
  private volatile boolean closed;

  /**
   * A candidate; a thread tries from now on.
   *
   * @param self tells this process from all others
   * @param length how long it lasts without a renewal, at least 2 s
   */
  public LeaderLease(ApiServer api, String namespace, String name, String self, Duration length) {
    this.api = api;
    this.namespace = namespace;
    this.name = name;
    this.self = self;
    this.length = length;
    thread = Thread.ofVirtual().name("leader " + name).start(this::run);
  }

  /** Whether this process leads now. */
  public boolean leads() {
    Optional<Long> last = renewed;
    return !closed && last.isPresent() && System.nanoTime() - last.get() < length.toNanos();
  }

  private void run() {
    try {
      while (!closed) {
        try {
          take();
        } catch (ApiException e) {
          LOG.log(System.Logger.Level.DEBUG, "the lease {0}: {1}", name, e.getMessage());
        } catch (RuntimeException e) {
          LOG.log(System.Logger.Level.ERROR, "the lease " + name, e); // a fault of ours
        }
        Thread.sleep(length.dividedBy(leads() ? 3 : 2));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take() {
    long begun = System.nanoTime();
    Optional<GenericKubernetesResource> lease = api.get(ResourceKind.LEASE, namespace, name);
    if (lease.isPresent() && !mayTake(lease.get())) {
      renewed = Optional.empty();
      return;
    }
    try {
      GenericKubernetesResource written =
          lease.isPresent()
              ? api.replace(ResourceKind.LEASE, Leases.held(lease.get(), self, length))
              : api.create(
                  ResourceKind.LEASE, Leases.make(namespace, name, Map.of(), self, length));
      assert Leases.holder(written).equals(self);
      if (renewed.isEmpty()) {
        LOG.log(System.Logger.Level.INFO, "{0} leads: {1}", self, name);
      }
      renewed = Optional.of(begun);
    } catch (ApiException e) {
      if (e.code() != Code.CONFLICT) {
        throw e;
      }
      renewed = Optional.empty();
    }
  }

  private boolean mayTake(GenericKubernetesResource lease) {
    String holder = Leases.holder(lease);
    if (holder.equals(self) || holder.isEmpty()) {
      return true;
    }
    String state = holder + " " + Leases.renewed(lease);
    if (!state.equals(seen)) {
      seen = state;
      seenSince = System.nanoTime();
    }
    return System.nanoTime() - seenSince >= Leases.length(lease).toNanos();
  }

  /** Another may lead at once, if the server answers. */
  private void release() {
    try {
      Optional<GenericKubernetesResource> lease = api.get(ResourceKind.LEASE, namespace, name);
      if (lease.filter(l -> Leases.holder(l).equals(self)).isPresent()) {
        String version = lease.get().getMetadata().getResourceVersion();
        boolean gone = api.delete(ResourceKind.LEASE, namespace, name, Optional.of(version));
        LOG.log(System.Logger.Level.DEBUG, "the lease {0} is released: {1}", name, gone);
      }
    } catch (ApiException e) {
      LOG.log(System.Logger.Level.DEBUG, "the lease {0} runs out: {1}", name, e.getMessage());
    }
  }

  /** Gives the lease up; takes no longer than two calls. */
  @Override
  public void close() {
    boolean led = leads();
    closed = true;
    thread.interrupt();
    if (led && api.health().available()) {
      release();
    }
  }
}
