package io.sekisho.agent.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.ApiException;
import io.sekisho.agent.apiserver.ApiException.Code;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.cluster.StoreObjects.Value;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Writes objects of the store. The version of what was written last is remembered, so that writing
 * the same object again is one request; if another was faster, its state is read and the change
 * made on that.
 */
final class ObjectWriter {
  /** So often can others be faster until a write gives up. */
  private static final int ATTEMPTS = 50;

  private final ApiServer api;
  private final String namespace;
  private final Map<String, GenericKubernetesResource> slices = new ConcurrentHashMap<>();
  private final Map<String, String> versions = new ConcurrentHashMap<>();

  ObjectWriter(ApiServer api, String namespace) {
    this.api = api;
    this.namespace = namespace;
  }

  /** Writes a key with an object of its own, whatever is there; the new version. */
  long put(StoreFamily family, String key, Value value) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String known = versions.getOrDefault(key, "");
      try {
        return wrote(family, key, StoreObjects.object(family, namespace, key, value, known));
      } catch (ApiException e) {
        if (e.code() == Code.NOT_FOUND && !known.isEmpty()) {
          versions.remove(key);
        } else if (e.code() == Code.CONFLICT) {
          learn(family, key);
        } else {
          throw e;
        }
      }
    }
    throw tooOften(key);
  }

  private long wrote(StoreFamily family, String key, GenericKubernetesResource object) {
    GenericKubernetesResource written = write(family, object);
    versions.put(key, written.getMetadata().getResourceVersion());
    return StoreObjects.version(written);
  }

  private GenericKubernetesResource write(StoreFamily family, GenericKubernetesResource object) {
    return object.getMetadata().getResourceVersion() == null
        ? api.create(family.kind(), object)
        : api.replace(family.kind(), object);
  }

  private void learn(StoreFamily family, String key) {
    find(family, StoreObjects.name(family, key))
        .ifPresentOrElse(
            now -> versions.put(key, now.getMetadata().getResourceVersion()),
            () -> versions.remove(key));
  }

  /** Writes a key with an object of its own if its version is the expected one, 0 for none. */
  Optional<Long> compareAndSet(StoreFamily family, String key, long expected, Value value) {
    String version = expected == 0 ? "" : Long.toString(expected);
    try {
      return Optional.of(
          wrote(family, key, StoreObjects.object(family, namespace, key, value, version)));
    } catch (ApiException e) {
      if (e.code() == Code.CONFLICT || (e.code() == Code.NOT_FOUND && expected != 0)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Removes a key with an object of its own; whether it was there. */
  boolean delete(StoreFamily family, String key) {
    versions.remove(key);
    return api.delete(family.kind(), namespace, StoreObjects.name(family, key), Optional.empty());
  }

  /** An object by its name. */
  Optional<GenericKubernetesResource> find(StoreFamily family, String name) {
    return api.get(family.kind(), namespace, name);
  }

  /**
   * Changes a slice; one that is empty then is removed. The new version, 0 for a slice that is not
   * there.
   */
  long change(StoreFamily family, String slice, Consumer<SortedMap<String, Value>> change) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<GenericKubernetesResource> known =
          Optional.ofNullable(slices.get(slice)).or(() -> find(family, slice));
      SortedMap<String, Value> values = known.map(StoreObjects::values).orElseGet(TreeMap::new);
      change.accept(values);
      try {
        return write(family, slice, known, values);
      } catch (ApiException e) {
        slices.remove(slice);
        boolean moved = e.code() == Code.CONFLICT || e.code() == Code.NOT_FOUND;
        if (!moved || (e.code() == Code.NOT_FOUND && known.isEmpty())) {
          throw e;
        }
      }
    }
    throw tooOften(slice);
  }

  private long write(
      StoreFamily family,
      String slice,
      Optional<GenericKubernetesResource> known,
      SortedMap<String, Value> values) {
    String version = known.map(k -> k.getMetadata().getResourceVersion()).orElse("");
    if (!values.isEmpty()) {
      GenericKubernetesResource written =
          write(family, StoreObjects.slice(family, namespace, slice, values, version));
      slices.put(slice, written);
      return StoreObjects.version(written);
    }
    slices.remove(slice);
    if (known.isPresent()) {
      api.delete(family.kind(), namespace, slice, Optional.of(version));
    }
    return 0;
  }

  private static ApiException tooOften(String what) {
    return new ApiException(
        Code.CONFLICT, "others wrote " + what + " " + ATTEMPTS + " times while we tried");
  }
}
