package io.sekisho.console.kubernetes.objects;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Of an informer's objects only name and version are kept: {@link ObjectBook} has the rest. */
final class ThinStore implements ItemStore<GenericKubernetesResource> {
  private final Map<String, GenericKubernetesResource> byKey = new ConcurrentHashMap<>();

  @Override
  public String getKey(GenericKubernetesResource object) {
    return ObjectBook.key(object);
  }

  @Override
  public GenericKubernetesResource put(String key, GenericKubernetesResource object) {
    GenericKubernetesResource thin = new GenericKubernetesResource();
    thin.setApiVersion(object.getApiVersion());
    thin.setKind(object.getKind());
    thin.setMetadata(
        new ObjectMetaBuilder()
            .withName(object.getMetadata().getName())
            .withNamespace(object.getMetadata().getNamespace())
            .withUid(object.getMetadata().getUid())
            .withResourceVersion(object.getMetadata().getResourceVersion())
            .build());
    return byKey.put(key, thin);
  }

  @Override
  public GenericKubernetesResource remove(String key) {
    return byKey.remove(key);
  }

  @Override
  public Stream<String> keySet() {
    return byKey.keySet().stream();
  }

  @Override
  public Stream<GenericKubernetesResource> values() {
    return byKey.values().stream();
  }

  @Override
  public GenericKubernetesResource get(String key) {
    return byKey.get(key);
  }

  @Override
  public int size() {
    return byKey.size();
  }

  @Override
  public boolean isFullState() {
    return false;
  }
}
