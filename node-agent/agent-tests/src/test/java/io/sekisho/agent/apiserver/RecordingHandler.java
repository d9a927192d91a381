package io.sekisho.agent.apiserver;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the names of what it is told, and how often all was told anew. */
final class RecordingHandler implements ListWatch.Handler {
  private final Set<String> names = new TreeSet<>();
  private final List<ApiException> errors = new CopyOnWriteArrayList<>();
  private int tellings;

  @Override
  public synchronized void reset() {
    names.clear();
  }

  @Override
  public synchronized void put(GenericKubernetesResource object) {
    names.add(object.getMetadata().getName());
  }

  @Override
  public synchronized void deleted(GenericKubernetesResource object) {
    names.remove(object.getMetadata().getName());
  }

  @Override
  public synchronized void synced() {
    tellings++;
  }

  @Override
  public void failed(ApiException error) {
    errors.add(error);
  }

  synchronized Set<String> names() {
    return Set.copyOf(names);
  }

  synchronized int tellings() {
    return tellings;
  }

  List<ApiException> errors() {
    return List.copyOf(errors);
  }
}
