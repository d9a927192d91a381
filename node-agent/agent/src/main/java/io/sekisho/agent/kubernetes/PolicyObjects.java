package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.policy.Kind;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The policies of the API server, of all kinds. An object with an error does not count: what it
 * said before stays in force, and if it never said anything valid, nothing does. Any thread may
 * ask.
 */
final class PolicyObjects {
  private final Runnable changed;
  private final Map<Kind, TreeMap<String, PolicyObject>> byKind = new EnumMap<>(Kind.class);
  private final Set<Kind> missing = EnumSet.noneOf(Kind.class);
  private final Set<Kind> told = EnumSet.noneOf(Kind.class);

  /** Kinds that were there, and were not known to the server when last asked. */
  private final Set<Kind> doubtful = EnumSet.noneOf(Kind.class);

  /**
   * None is known yet.
   *
   * @param changed hears that something may be different; must not block
   */
  PolicyObjects(Runnable changed) {
    this.changed = changed;
    PolicyKinds.read().forEach(kind -> byKind.put(kind, new TreeMap<>()));
  }

  /** Whether every kind was told whole, or is not there. */
  synchronized boolean complete() {
    return unread().isEmpty();
  }

  /** The kinds of which nothing is known yet: neither told whole nor said to be missing. */
  synchronized List<Kind> unread() {
    return PolicyKinds.read().stream()
        .filter(k -> !told.contains(k) && !missing.contains(k))
        .toList();
  }

  /** The kinds that the API server does not know. */
  synchronized List<Kind> missing() {
    return List.copyOf(missing);
  }

  /** All objects, sorted by kind, namespace and name. */
  synchronized List<PolicyObject> all() {
    return byKind.values().stream().flatMap(m -> m.values().stream()).toList();
  }

  /** Brings back what an earlier agent knew; what the server says takes its place. */
  synchronized void restore(List<PolicyObject> objects) {
    objects.forEach(o -> table(o.kind()).put(key(o.namespace(), o.name()), o));
  }

  private TreeMap<String, PolicyObject> table(Kind kind) {
    return byKind.computeIfAbsent(kind, k -> new TreeMap<>());
  }

  private static String key(String namespace, String name) {
    return namespace + "/" + name;
  }

  /** Takes the objects of a kind. */
  ListWatch.Handler handler(Kind kind) {
    return new KindHandler(kind);
  }

  private final class KindHandler implements ListWatch.Handler {
    private final Kind kind;
    private Optional<Map<String, PolicyObject>> telling = Optional.empty();

    KindHandler(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void reset() {
      telling = Optional.of(new HashMap<>());
    }

    @Override
    public void put(GenericKubernetesResource object) {
      var meta = object.getMetadata();
      String key = key(meta.getNamespace() == null ? "" : meta.getNamespace(), meta.getName());
      boolean live = telling.isEmpty();
      synchronized (PolicyObjects.this) {
        Optional<PolicyObject> before = Optional.ofNullable(table(kind).get(key));
        PolicyObject now = PolicyObject.of(kind, object, before);
        if (live) {
          if (before.equals(Optional.of(now))) {
            return;
          }
          table(kind).put(key, now);
        } else {
          telling.ifPresent(t -> t.put(key, now));
        }
      }
      if (live) {
        changed.run();
      }
    }

    @Override
    public void deleted(GenericKubernetesResource object) {
      var meta = object.getMetadata();
      synchronized (PolicyObjects.this) {
        table(kind)
            .remove(key(meta.getNamespace() == null ? "" : meta.getNamespace(), meta.getName()));
      }
      changed.run();
    }

    @Override
    public void synced() {
      synchronized (PolicyObjects.this) {
        byKind.put(kind, new TreeMap<>(telling.orElse(Map.of())));
        telling = Optional.empty();
        told.add(kind);
        missing.remove(kind);
        doubtful.remove(kind);
      }
      changed.run();
    }

    @Override
    public void failed(ApiException error) {
      if (error.code() == ApiException.Code.NOT_FOUND && isMissing()) {
        changed.run();
      }
    }

    /**
     * Whether the kind is missing now and was not before; one that was there is asked for twice.
     */
    private boolean isMissing() {
      synchronized (PolicyObjects.this) {
        if (told.contains(kind) && doubtful.add(kind)) {
          return false;
        }
        boolean news = missing.add(kind);
        table(kind).clear();
        return told.remove(kind) || news;
      }
    }
  }

  /** Names of kinds for a sentence. */
  static String words(List<Kind> kinds) {
    var words = new HashSet<String>();
    kinds.forEach(k -> words.add(k.text()));
    return String.join(", ", words.stream().sorted().toList());
  }
}
