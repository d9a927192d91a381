package io.sekisho.agent.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.Leases;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.agent.cluster.StoreObjects.Value;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The lease under which this process's SESSION values live, made with the first of them. A {@link
 * Renewal} keeps it; if it is gone, a new one is made and everything is written again.
 */
final class KubernetesSession implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(KubernetesSession.class.getName());

  /** Marks leases of sessions. */
  static final String LABEL = "sekisho.io/session";

  /** Names the node in Kubernetes that a session's process is on. */
  static final String NODE = "sekisho.io/node";

  private final ApiServer api;
  private final String namespace;
  private final String holder;
  private final Duration ttl;
  private final Optional<String> node;
  private final KubernetesCalls calls;
  private final Write write;
  private final Map<String, byte[]> values = new HashMap<>();

  /** Held by every write, so that a renewal never writes an older value. */
  private final ReentrantLock writes = new ReentrantLock();

  private final String name;
  private final Renewal renewal;
  private boolean leased;
  private boolean lost;

  /** Writes a value whatever is there; its version. */
  @FunctionalInterface
  interface Write {
    long write(String key, Value value);
  }

  /** Writes values again by a function. */
  KubernetesSession(
      ApiServer api, KubernetesStore.Settings settings, KubernetesCalls calls, Write write) {
    this.api = api;
    this.namespace = settings.namespace();
    this.holder = settings.holder();
    this.ttl = settings.lease();
    this.node = settings.node();
    this.calls = calls;
    this.write = write;
    this.name =
        "session-"
            + holder
            + "-"
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    renewal = new Renewal("kubernetes-session", ttl, this::renew);
  }

  /** The lease's name; no two processes share one. */
  String name() {
    return name;
  }

  /** Writes a value that lives with the session. */
  long put(String key, byte[] value) {
    return locked(
        () -> {
          lease();
          long version = write.write(key, new Value(value, name));
          values.put(key, value);
          return version;
        });
  }

  Optional<Long> compareAndSet(
      String key, byte[] value, Function<Value, Optional<Long>> compareAndSet) {
    return locked(
        () -> {
          lease();
          Optional<Long> version = compareAndSet.apply(new Value(value, name));
          version.ifPresent(v -> values.put(key, value));
          return version;
        });
  }

  /** Writes and removes several values by one call. */
  void update(
      Map<String, Optional<byte[]>> changes, Function<Map<String, Optional<Value>>, Long> call) {
    long version =
        locked(
            () -> {
              lease();
              var now = new HashMap<String, Optional<Value>>();
              changes.forEach((key, value) -> now.put(key, value.map(v -> new Value(v, name))));
              long done = call.apply(now);
              changes.forEach(
                  (key, value) ->
                      value.ifPresentOrElse(v -> values.put(key, v), () -> values.remove(key)));
              return done;
            });
    assert version >= 0;
  }

  /** A write or delete after which a key is not the session's any more. */
  <T> T persistent(String key, Supplier<T> call) {
    return locked(
        () -> {
          T done = call.get();
          values.remove(key);
          return done;
        });
  }

  private <T> T locked(Supplier<T> call) {
    writes.lock();
    try {
      return call.get();
    } finally {
      writes.unlock();
    }
  }

  private void lease() {
    if (!leased) {
      var made = calls.run(() -> api.create(ResourceKind.LEASE, made()));
      leased = made != null;
    }
  }

  private GenericKubernetesResource made() {
    var lease = Leases.make(namespace, name, Map.of(LABEL, "true"), holder, ttl);
    node.filter(n -> api.get(ResourceKind.NODE, "", n).isPresent())
        .ifPresent(n -> lease.getMetadata().setAnnotations(Map.of(NODE, n)));
    return lease;
  }

  private void renew() {
    writes.lock();
    try {
      if (leased) {
        extend();
      }
      if (lost) {
        lease();
        values.forEach((key, value) -> write.write(key, new Value(value, name)));
        lost = false;
      }
    } finally {
      writes.unlock();
    }
  }

  private void extend() {
    try {
      api.patch(ResourceKind.LEASE, namespace, name, ApiServer.Patch.MERGE, Leases.renewal());
    } catch (ApiException e) {
      if (e.code() != ApiException.Code.NOT_FOUND) {
        throw e;
      }
      LOG.log(System.Logger.Level.WARNING, "the session ended; writing everything again");
      leased = false;
      lost = true;
    }
  }

  @Override
  public void close() {
    renewal.close();
  }
}
