package io.sekisho.agent.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ApiException.Code;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.LeaderLease;
import io.sekisho.agent.apiserver.Leases;
import io.sekisho.agent.apiserver.ResourceKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Removes the values of sessions that ended: those whose lease has not changed for its length, by
 * this process's own clock. One process of the cluster does it, the one that leads. The lease
 * itself goes last, so that another goes on where one dies. Values that were written again
 * meanwhile name another session, and stay.
 */
final class SessionSweep implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SessionSweep.class.getName());
  private static final String LEADER = "sekisho-store";

  private final ApiServer api;
  private final String namespace;
  private final Duration interval;
  private final ObjectWriter writer;
  private final LeaderLease leader;
  private final Map<String, Seen> leases = new HashMap<>();
  private final Thread thread;

  /** When the leases were last looked at, ns. */
  private long swept;

  /** When a lease was first seen as it is. */
  private record Seen(String renewed, long nanos) {}

  SessionSweep(ApiServer api, KubernetesStore.Settings settings, ObjectWriter writer, String self) {
    this.api = api;
    this.namespace = settings.namespace();
    this.interval = settings.lease().dividedBy(3);
    this.writer = writer;
    leader = new LeaderLease(api, namespace, LEADER, self, settings.lease());
    thread = Thread.ofVirtual().name("session-sweep").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(interval);
        try {
          if (leader.leads()) {
            sweep();
          } else {
            leases.clear();
          }
        } catch (ApiException | ClusterStoreException e) {
          LOG.log(System.Logger.Level.DEBUG, "sessions not swept: {0}", e.getMessage());
          leases.clear();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sweep() {
    ListOptions labelled =
        new ListOptionsBuilder().withLabelSelector(KubernetesSession.LABEL).build();
    var present = api.list(ResourceKind.LEASE, namespace, labelled).getItems();
    long now = System.nanoTime();
    if (now - swept > 2 * interval.toNanos()) {
      // nobody could renew while the server, or this process, was away: silence counts from now
      leases.clear();
    }
    swept = now;
    leases.keySet().retainAll(names(present));
    for (GenericKubernetesResource lease : present) {
      String name = lease.getMetadata().getName();
      Seen before = leases.get(name);
      if (before == null || !before.renewed().equals(Leases.renewed(lease))) {
        leases.put(name, new Seen(Leases.renewed(lease), now));
      } else if (now - before.nanos() >= Leases.length(lease).toNanos()) {
        end(lease);
      }
    }
  }

  private static Set<String> names(java.util.List<GenericKubernetesResource> objects) {
    return objects.stream().map(o -> o.getMetadata().getName()).collect(Collectors.toSet());
  }

  private void end(GenericKubernetesResource lease) {
    String session = lease.getMetadata().getName();
    LOG.log(System.Logger.Level.INFO, "{0} ended; its values go", session);
    for (StoreFamily family : StoreFamily.values()) {
      api.list(family.kind(), namespace, new ListOptions())
          .getItems()
          .forEach(object -> remove(family, object, session));
    }
    Optional<String> version = Optional.of(lease.getMetadata().getResourceVersion());
    if (deleted(ResourceKind.LEASE, session, version)) {
      leases.remove(session);
    }
  }

  private void remove(StoreFamily family, GenericKubernetesResource object, String session) {
    var values = StoreObjects.values(object);
    if (values.values().stream().noneMatch(v -> v.session().equals(session))) {
      return;
    }
    String name = object.getMetadata().getName();
    if (family.sliced()) {
      long version =
          writer.change(
              family, name, now -> now.values().removeIf(v -> v.session().equals(session)));
      assert version >= 0;
    } else {
      String version = object.getMetadata().getResourceVersion();
      boolean gone = deleted(family.kind(), name, Optional.of(version));
      LOG.log(System.Logger.Level.DEBUG, "{0} of {1}: {2}", name, session, gone);
    }
  }

  /** Whether it is gone; not if it was written again. */
  private boolean deleted(ResourceKind kind, String name, Optional<String> version) {
    try {
      return api.delete(kind, namespace, name, version) || version.isPresent();
    } catch (ApiException e) {
      if (e.code() == Code.CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    leader.close();
  }
}
