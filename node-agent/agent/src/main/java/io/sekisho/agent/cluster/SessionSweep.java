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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Removes the values of sessions that ended: those whose lease has not changed for its length, by
 * this process's own clock, and those of nodes that were deleted in Kubernetes. One process of the
 * cluster does it, the one that leads. The lease itself goes last, so that another goes on where
 * one dies. Values that were written again meanwhile name another session, and stay.
 */
final class SessionSweep implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SessionSweep.class.getName());
  private static final String LEADER = "sekisho-store";

  /** However long leases are, one that ended is noticed within this time. */
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(30);

  /** Nodes tell of themselves every 10 s. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** So long nobody sweeps if the process that does has died, and half as much again. */
  private static final Duration LONGEST_LEADING = Duration.ofSeconds(90);

  /** In how many sweeps values without a lease are looked for once, and for how many leases. */
  private static final int ORPHANS = 10;

  private final ApiServer api;
  private final String namespace;
  private final Duration interval;
  private final ObjectWriter writer;
  private final LeaderLease leader;
  private final SilentSessions sessions;
  private final DepartedNodes departed;
  private final Thread thread;
  private int sweeps;

  /**
   * When something is done.
   *
   * @param interval between two sweeps
   * @param silence after which a node that is not in Kubernetes any more has gone
   */
  record Times(Duration interval, Duration silence) {
    /** For leases of a length. */
    static Times of(Duration lease) {
      return new Times(least(lease.dividedBy(3), LONGEST_INTERVAL), SILENCE);
    }
  }

  SessionSweep(
      ApiServer api,
      KubernetesStore.Settings settings,
      Times times,
      ObjectWriter writer,
      String self) {
    this.api = api;
    this.namespace = settings.namespace();
    this.interval = times.interval();
    this.departed = new DepartedNodes(times.silence());
    this.writer = writer;
    this.sessions = new SilentSessions(interval, settings.lease().multipliedBy(ORPHANS));
    Duration leading = least(settings.lease(), LONGEST_LEADING);
    leader = new LeaderLease(api, namespace, LEADER, self, leading);
    thread = Thread.ofVirtual().name("session-sweep").start(this::run);
  }

  private static Duration least(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(interval);
        try {
          if (leader.leads()) {
            sweep();
          } else {
            forget();
          }
        } catch (ApiException | ClusterStoreException e) {
          LOG.log(System.Logger.Level.DEBUG, "sessions not swept: {0}", e.getMessage());
          forget();
        } catch (RuntimeException e) {
          LOG.log(System.Logger.Level.ERROR, "sessions not swept", e); // a fault of ours
          forget();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void forget() {
    sessions.forget();
    departed.forget();
  }

  private void sweep() {
    ListOptions labelled =
        new ListOptionsBuilder().withLabelSelector(KubernetesSession.LABEL).build();
    var present = new HashMap<String, GenericKubernetesResource>();
    api.list(ResourceKind.LEASE, namespace, labelled)
        .getItems()
        .forEach(lease -> present.put(lease.getMetadata().getName(), lease));
    long now = System.nanoTime();
    List<String> over =
        sessions.over(present.values().stream().map(SessionSweep::lease).toList(), now);
    present.forEach(
        (session, lease) -> {
          if (over.contains(session)) {
            end(session, lease);
          }
        });
    over.forEach(present::remove);
    List<String> gone = departed.gone(told(), session -> isDeleted(present.get(session)), now);
    gone.forEach(
        session -> Optional.ofNullable(present.get(session)).ifPresent(l -> end(session, l)));
    if (++sweeps % ORPHANS == 0) {
      orphans(now);
    }
  }

  /** What nodes say of themselves. */
  private List<DepartedNodes.Told> told() {
    var out = new ArrayList<DepartedNodes.Told>();
    for (var object : api.list(StoreFamily.NODES.kind(), namespace, new ListOptions()).getItems()) {
      String version = object.getMetadata().getResourceVersion();
      StoreObjects.values(object)
          .values()
          .forEach(value -> out.add(new DepartedNodes.Told(value.session(), version)));
    }
    return out;
  }

  /** Whether the node of a session was in Kubernetes when it began, and is not any more. */
  private boolean isDeleted(@Nullable GenericKubernetesResource lease) {
    return Optional.ofNullable(lease)
        .map(l -> l.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(KubernetesSession.NODE))
        .filter(node -> api.get(ResourceKind.NODE, "", node).isEmpty())
        .isPresent();
  }

  private static SilentSessions.Lease lease(GenericKubernetesResource lease) {
    return new SilentSessions.Lease(
        lease.getMetadata().getName(), Leases.renewed(lease), Leases.length(lease));
  }

  /** Values that a session wrote after it was swept; seldom, for all values are read. */
  private void orphans(long now) {
    var named = new HashSet<String>();
    for (StoreFamily family : StoreFamily.values()) {
      for (var object : api.list(family.kind(), namespace, new ListOptions()).getItems()) {
        StoreObjects.values(object).values().forEach(v -> named.add(v.session()));
      }
    }
    named.remove("");
    for (String session : sessions.orphaned(named, now)) {
      LOG.log(System.Logger.Level.INFO, "{0} has no lease; its values go", session);
      removeAll(session);
    }
  }

  private void end(String session, GenericKubernetesResource lease) {
    LOG.log(System.Logger.Level.INFO, "{0} ended; its values go", session);
    removeAll(session);
    Optional<String> version = Optional.of(lease.getMetadata().getResourceVersion());
    boolean gone = deleted(ResourceKind.LEASE, session, version);
    LOG.log(System.Logger.Level.DEBUG, "lease of {0}: {1}", session, gone);
  }

  private void removeAll(String session) {
    for (StoreFamily family : StoreFamily.values()) {
      api.list(family.kind(), namespace, new ListOptions())
          .getItems()
          .forEach(object -> remove(family, object, session));
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
