package io.sekisho.agent.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.agent.cni.PodSource;
import io.sekisho.agent.endpoint.EndpointException;
import io.sekisho.agent.endpoint.EndpointSpec;
import io.sekisho.policy.Labels;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The pods of this node and the labels of all namespaces. While everything is told anew, and while
 * the API server is away, what was known counts on. Any thread may ask.
 */
final class PodDirectory implements PodSource {
  private final LabelFilter filter;
  private final Duration patience;
  private final Runnable changed;
  private final Map<String, PodFacts> pods = new HashMap<>();
  private final Map<String, Map<String, String>> namespaces = new HashMap<>();

  /**
   * Nothing is known yet.
   *
   * @param patience how long ADD waits for its pod to be known
   * @param changed hears that labels may have changed; must not block
   */
  PodDirectory(LabelFilter filter, Duration patience, Runnable changed) {
    this.filter = filter;
    this.patience = patience;
    this.changed = changed;
  }

  @Override
  public synchronized EndpointSpec.Request complete(EndpointSpec.Request request) {
    long end = System.nanoTime() + patience.toNanos();
    Optional<EndpointSpec.Request> complete = known(request);
    while (complete.isEmpty()) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw unknown(request);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw unknown(request);
      }
      complete = known(request);
    }
    return complete.get();
  }

  private EndpointException unknown(EndpointSpec.Request request) {
    return new EndpointException(
        EndpointException.Code.POD_UNKNOWN,
        "the API server has not told of the pod "
            + request.namespace()
            + "/"
            + request.pod()
            + " within "
            + patience.toSeconds()
            + " s");
  }

  private synchronized Optional<EndpointSpec.Request> known(EndpointSpec.Request request) {
    return labels(request)
        .flatMap(
            labels ->
                Optional.ofNullable(pods.get(key(request)))
                    .map(pod -> request.named(labels, pod.workload())));
  }

  /** The labels that an endpoint should have; empty if its pod is not known. */
  synchronized Optional<Labels> labels(EndpointSpec.Request request) {
    PodFacts pod = pods.get(key(request));
    if (pod == null || !(request.uid().isEmpty() || request.uid().equals(pod.uid()))) {
      return Optional.empty();
    }
    return Optional.ofNullable(namespaces.get(pod.namespace()))
        .map(labels -> SecurityLabels.of(pod, labels, filter));
  }

  private static String key(EndpointSpec.Request request) {
    return request.namespace() + "/" + request.pod();
  }

  /** How many pods are known. */
  synchronized int size() {
    return pods.size();
  }

  private void news() {
    synchronized (this) {
      notifyAll();
    }
    changed.run();
  }

  /** Takes this node's pods. */
  ListWatch.Handler podHandler() {
    return new Kept() {
      @Override
      String keep(GenericKubernetesResource object) {
        PodFacts facts = PodFacts.of(object);
        String key = facts.namespace() + "/" + facts.name();
        pods.put(key, facts);
        return key;
      }

      @Override
      void drop(String key) {
        pods.remove(key);
      }

      @Override
      Set<String> keys() {
        return pods.keySet();
      }
    };
  }

  /** Takes all namespaces. */
  ListWatch.Handler namespaceHandler() {
    return new Kept() {
      @Override
      String keep(GenericKubernetesResource object) {
        String name = object.getMetadata().getName();
        namespaces.put(name, Fields.copy(object.getMetadata().getLabels()));
        return name;
      }

      @Override
      void drop(String key) {
        namespaces.remove(key);
      }

      @Override
      Set<String> keys() {
        return namespaces.keySet();
      }
    };
  }

  /** Keeps objects in one of the tables; what a new telling does not name goes at its end. */
  private abstract class Kept implements ListWatch.Handler {
    private Optional<Set<String>> telling = Optional.empty();

    abstract String keep(GenericKubernetesResource object);

    abstract void drop(String key);

    abstract Set<String> keys();

    @Override
    public void reset() {
      telling = Optional.of(new HashSet<>());
    }

    @Override
    public void put(GenericKubernetesResource object) {
      synchronized (PodDirectory.this) {
        String key = keep(object);
        telling.ifPresent(t -> t.add(key));
      }
      if (telling.isEmpty()) {
        news();
      }
    }

    @Override
    public void deleted(GenericKubernetesResource object) {
      var meta = object.getMetadata();
      String namespace = meta.getNamespace();
      synchronized (PodDirectory.this) {
        drop(namespace == null ? meta.getName() : namespace + "/" + meta.getName());
      }
    }

    @Override
    public void synced() {
      synchronized (PodDirectory.this) {
        Set<String> told = telling.orElse(Set.of());
        for (String key : Set.copyOf(keys())) {
          if (!told.contains(key)) {
            drop(key);
          }
        }
        telling = Optional.empty();
      }
      news();
    }
  }
}
