package io.sekisho.agent.cluster;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.agent.cluster.StoreObjects.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The store of a Kubernetes cluster: custom resources of the group {@code sekisho.io} in one
 * namespace, so that no etcd of our own is needed. A version is the API's resource version; a write
 * that changes nothing keeps it. Values of SESSION lifetime name a lease of {@code
 * coordination.k8s.io}; see {@link SessionSweep} for what becomes of them without it.
 */
public final class KubernetesStore implements ClusterStore {
  private static final long PAGE = 500;

  private final ApiServer api;
  private final Settings settings;
  private final KubernetesCalls calls = new KubernetesCalls();
  private final ObjectWriter writer;
  private final KubernetesSession session;
  private final SessionSweep sweep;
  private final Set<AutoCloseable> watches = ConcurrentHashMap.newKeySet();

  /**
   * How the store behaves.
   *
   * @param namespace where its objects are
   * @param holder names this process in its leases, usually the node's name
   * @param lease how long SESSION values outlive the last renewal; whole seconds, at least 2 s
   * @param node this process's node in Kubernetes: when it is deleted there and the process has
   *     ended, SESSION values go before the lease ends; empty where there is none
   */
  public record Settings(String namespace, String holder, Duration lease, Optional<String> node) {
    /** Of a process that has no node in Kubernetes. */
    public Settings(String namespace, String holder, Duration lease) {
      this(namespace, holder, lease, Optional.empty());
    }
  }

  /** A store over an API server, which it does not close: others may use it too. */
  public KubernetesStore(ApiServer api, Settings settings) {
    this(api, settings, SessionSweep.Times.of(settings.lease()));
  }

  KubernetesStore(ApiServer api, Settings settings, SessionSweep.Times times) {
    this.api = api;
    this.settings = settings;
    writer = new ObjectWriter(api, settings.namespace());
    session = new KubernetesSession(api, settings, calls, this::write);
    sweep = new SessionSweep(api, settings, times, writer, session.name());
  }

  @Override
  public Optional<Entry> get(String key) {
    StoreFamily family = StoreFamily.of(key);
    return calls.run(
        () ->
            writer
                .find(family, StoreObjects.name(family, key))
                .flatMap(
                    o ->
                        StoreObjects.entries(o).stream()
                            .filter(e -> e.key().equals(key))
                            .findFirst()));
  }

  @Override
  public List<Entry> list(String prefix) {
    var out = new ArrayList<Entry>();
    for (StoreFamily family : StoreFamily.under(prefix)) {
      calls.run(() -> out.addAll(list(family)));
    }
    out.removeIf(entry -> !entry.key().startsWith(prefix));
    out.sort(Comparator.comparing(Entry::key));
    return List.copyOf(out);
  }

  private List<Entry> list(StoreFamily family) {
    var out = new ArrayList<Entry>();
    var options = new ListOptionsBuilder().withLimit(PAGE);
    while (true) {
      var page = api.list(family.kind(), settings.namespace(), options.build());
      page.getItems().forEach(object -> out.addAll(StoreObjects.entries(object)));
      String next = page.getMetadata().getContinue();
      if (next == null || next.isEmpty()) {
        return out;
      }
      options.withContinue(next);
    }
  }

  @Override
  public long put(String key, byte[] value, Lifetime lifetime) {
    return lifetime == Lifetime.SESSION
        ? session.put(key, value)
        : session.persistent(key, () -> write(key, new Value(value, "")));
  }

  /** Writes a value whatever is there. */
  private long write(String key, Value value) {
    StoreFamily family = StoreFamily.of(key);
    return calls.run(
        () ->
            family.sliced()
                ? writer.change(
                    family, StoreObjects.name(family, key), values -> values.put(key, value))
                : writer.put(family, key, value));
  }

  @Override
  public Optional<Long> compareAndSet(String key, long expected, byte[] value, Lifetime lifetime) {
    StoreFamily family = StoreFamily.of(key);
    if (family.sliced()) {
      throw new IllegalArgumentException(key + " shares its version with others");
    }
    return lifetime == Lifetime.SESSION
        ? session.compareAndSet(
            key, value, v -> calls.run(() -> writer.compareAndSet(family, key, expected, v)))
        : session.persistent(
            key,
            () ->
                calls.run(() -> writer.compareAndSet(family, key, expected, new Value(value, ""))));
  }

  @Override
  public boolean delete(String key) {
    StoreFamily family = StoreFamily.of(key);
    return session.persistent(
        key,
        () ->
            calls.run(
                () -> family.sliced() ? deleteFromSlice(family, key) : writer.delete(family, key)));
  }

  private boolean deleteFromSlice(StoreFamily family, String key) {
    var was = new boolean[1];
    long version =
        writer.change(
            family, StoreObjects.name(family, key), values -> was[0] = values.remove(key) != null);
    assert version >= 0;
    return was[0];
  }

  /** Endpoints that share a slice are written by one request. */
  @Override
  public void update(Map<String, Optional<byte[]>> changes, Lifetime lifetime) {
    var slices = new HashMap<String, Map<String, Optional<byte[]>>>();
    changes.forEach(
        (key, value) -> {
          StoreFamily family = StoreFamily.of(key);
          if (family.sliced() && lifetime == Lifetime.SESSION) {
            slices
                .computeIfAbsent(StoreObjects.name(family, key), n -> new HashMap<>())
                .put(key, value);
          } else {
            ClusterStore.super.update(Map.of(key, value), lifetime);
          }
        });
    slices.forEach((slice, values) -> session.update(values, now -> updateSlice(slice, now)));
  }

  private long updateSlice(String slice, Map<String, Optional<Value>> changes) {
    return calls.run(
        () ->
            writer.change(
                StoreFamily.ENDPOINTS,
                slice,
                values ->
                    changes.forEach(
                        (key, value) ->
                            value.ifPresentOrElse(
                                v -> values.put(key, v), () -> values.remove(key)))));
  }

  @Override
  public Watch watch(String prefix, Watcher watcher) {
    calls.checkOpen();
    List<StoreFamily> families = StoreFamily.under(prefix);
    if (families.size() > 1) {
      throw new IllegalArgumentException("no watch over several kinds: '" + prefix + "'");
    }
    var guard = new WatchGuard(watcher);
    var stream =
        new ListWatch(
                api,
                List.of(families.getFirst().kind()),
                ListWatch.Scope.of(settings.namespace()),
                new StoreWatch(prefix, guard))
            .start();
    watches.add(stream);
    return () -> {
      watches.remove(stream);
      guard.close();
      stream.close();
    };
  }

  @Override
  public Health health() {
    ApiServer.Health now = api.health();
    String message =
        calls.isClosed() ? "closed" : now.available() ? calls.refused() : now.message();
    return new Health("kubernetes", message.isEmpty(), message);
  }

  @Override
  public void close() {
    calls.close();
    for (AutoCloseable watch : watches) {
      ((ListWatch) watch).close();
    }
    session.close();
    sweep.close();
  }
}
