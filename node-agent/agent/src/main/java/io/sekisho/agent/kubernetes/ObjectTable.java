package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ApiException.Code;
import io.sekisho.agent.apiserver.ListWatch;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * The objects of one kind, each reduced on arrival to what is used of it. Only the API server's own
 * word takes an object away: while it does not answer, refuses us, or does not know the kind, what
 * was known stays. Any thread may read.
 *
 * @param <T> what is kept of an object
 */
final class ObjectTable<T> implements ListWatch.Handler {
  /** A role that was applied beside the agent takes effect within this time. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  private final BiFunction<GenericKubernetesResource, Optional<T>, T> reduce;
  private final Runnable changed;
  private final LongSupplier nanos;
  private final Map<String, T> objects = new ConcurrentSkipListMap<>();
  private volatile boolean known;
  private volatile boolean told;
  private volatile boolean missing;
  private volatile Optional<Long> refusedSince = Optional.empty();
  private Optional<Set<String>> telling = Optional.empty();

  /**
   * Nothing is known yet.
   *
   * @param reduce what is kept of an object, after what was kept of it before
   * @param changed hears that something is different; must not block
   * @param nanos the ticker
   */
  ObjectTable(
      BiFunction<GenericKubernetesResource, Optional<T>, T> reduce,
      Runnable changed,
      LongSupplier nanos) {
    this.reduce = reduce;
    this.changed = changed;
    this.nanos = nanos;
  }

  /**
   * Under which key an object of a namespace is kept; the namespace is empty where there is none.
   */
  static String key(String namespace, String name) {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  private static String key(ObjectMeta meta) {
    return key(meta.getNamespace() == null ? "" : meta.getNamespace(), meta.getName());
  }

  Optional<T> get(String key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** All, sorted by namespace and name. */
  List<T> all() {
    return List.copyOf(objects.values());
  }

  /** Brings back what an earlier agent knew; what the server says takes its place. */
  void restore(Map<String, T> earlier) {
    objects.putAll(earlier);
    known = true;
  }

  /**
   * Whether what it holds is to be used: it was known once, or there is nothing to be known, since
   * the server does not know the kind or has refused us long enough.
   */
  boolean settled() {
    return known
        || missing
        || refusedSince.filter(s -> nanos.getAsLong() - s >= PATIENCE.toNanos()).isPresent();
  }

  /** Whether the server itself has told all of them. */
  boolean told() {
    return told;
  }

  /** Whether the server does not know the kind. */
  boolean missing() {
    return missing;
  }

  @Override
  public void reset() {
    telling = Optional.of(new HashSet<>());
  }

  @Override
  public void put(GenericKubernetesResource object) {
    String key = key(object.getMetadata());
    Optional<T> before = get(key);
    T now = reduce.apply(object, before);
    telling.ifPresent(t -> t.add(key));
    if (!before.equals(Optional.of(now))) {
      objects.put(key, now);
      if (telling.isEmpty()) {
        changed.run();
      }
    }
  }

  @Override
  public void deleted(GenericKubernetesResource object) {
    if (objects.remove(key(object.getMetadata())) != null) {
      changed.run();
    }
  }

  @Override
  public void synced() {
    telling.ifPresent(objects.keySet()::retainAll);
    telling = Optional.empty();
    known = true;
    told = true;
    missing = false;
    refusedSince = Optional.empty();
    changed.run();
  }

  @Override
  public void failed(ApiException error) {
    boolean before = settled();
    boolean wasMissing = missing;
    boolean silent = error.code() == Code.UNAVAILABLE || error.code() == Code.UNAUTHENTICATED;
    missing = error.code() == Code.NOT_FOUND || (missing && silent);
    if (error.code() != Code.DENIED) {
      refusedSince = Optional.empty();
    } else if (refusedSince.isEmpty()) {
      refusedSince = Optional.of(nanos.getAsLong());
    }
    if (before != settled() || wasMissing != missing) {
      changed.run();
    }
  }
}
