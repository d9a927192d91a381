package io.sekisho.console.kubernetes.objects;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.sekisho.console.core.kubernetes.KubernetesObjects;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Event;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Node;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Pod;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Policy;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Service;
import io.sekisho.console.core.kubernetes.KubernetesObjects.Workload;
import io.sekisho.console.core.kubernetes.ObjectRef;
import io.sekisho.console.kubernetes.apply.ObjectYaml;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps what watches tell of objects, by key; makes snapshots. Safe for threads. */
final class ObjectBook {
  /** Events that are kept. */
  private static final int MOST_EVENTS = 2_000;

  private final Map<String, Pod> pods = new ConcurrentHashMap<>();
  private final Map<String, Service> services = new ConcurrentHashMap<>();
  private final Map<String, Node> nodes = new ConcurrentHashMap<>();
  private final Map<String, String> namespaces = new ConcurrentHashMap<>();
  private final Map<String, Workload> workloads = new ConcurrentHashMap<>();
  private final Map<String, Policy> policies = new ConcurrentHashMap<>();
  private final Map<String, Event> events = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong();

  void put(GenericKubernetesResource object) {
    String key = key(object);
    switch (object.getKind()) {
      case "Pod" -> pods.put(key, Reading.pod(object));
      case "Service" -> services.put(key, Reading.service(object));
      case "Node" -> nodes.put(key, Reading.node(object));
      case "Namespace" -> namespaces.put(key, object.getMetadata().getName());
      case "Deployment", "StatefulSet", "DaemonSet" -> workloads.put(key, Reading.workload(object));
      case "Event" -> event(key, Reading.event(object));
      default -> policy(key, object);
    }
  }

  private void policy(String key, GenericKubernetesResource object) {
    ObjectRef ref = ref(object);
    Policy next =
        new Policy(
            ref,
            object.getApiVersion(),
            object.getMetadata().getResourceVersion(),
            ObjectYaml.of(object),
            ObjectYaml.managers(object));
    Policy before = policies.put(key, next);
    if (before == null || !before.yaml().equals(next.yaml())) {
      version.incrementAndGet();
    }
  }

  private void event(String key, Event event) {
    events.put(key, event);
    if (events.size() > MOST_EVENTS + MOST_EVENTS / 10) {
      events.entrySet().stream()
          .sorted(Map.Entry.comparingByValue(Comparator.comparingLong(Event::last)))
          .limit(events.size() - MOST_EVENTS)
          .map(Map.Entry::getKey)
          .toList()
          .forEach(events::remove);
    }
  }

  void remove(GenericKubernetesResource object) {
    String key = key(object);
    for (Map<String, ?> shelf : List.of(pods, services, nodes, namespaces, workloads, events)) {
      shelf.remove(key);
    }
    if (policies.remove(key) != null) {
      version.incrementAndGet();
    }
  }

  private static ObjectRef ref(GenericKubernetesResource object) {
    String namespace = object.getMetadata().getNamespace();
    return new ObjectRef(
        object.getKind(), namespace == null ? "" : namespace, object.getMetadata().getName());
  }

  static String key(GenericKubernetesResource object) {
    ObjectRef ref = ref(object);
    return ref.kind() + "/" + ref.namespace() + "/" + ref.name();
  }

  KubernetesObjects snapshot(boolean synced, List<String> missing) {
    return new KubernetesObjects(
        synced,
        missing,
        namespaces.values().stream().sorted().toList(),
        allWorkloads(),
        sorted(pods),
        sorted(services),
        sorted(nodes),
        sorted(policies),
        events.values().stream().sorted(Comparator.comparingLong(Event::last)).toList(),
        version.get());
  }

  private static <V> List<V> sorted(Map<String, V> shelf) {
    return List.copyOf(new TreeMap<>(shelf).values());
  }

  /** Those that were told, and those that pods name: jobs, or when we may not see them. */
  private List<Workload> allWorkloads() {
    Map<String, Workload> all = new LinkedHashMap<>();
    sorted(workloads).forEach(w -> all.put(w.kind() + "/" + w.key(), w));
    Collection<Pod> named = sorted(pods);
    for (Pod pod : named) {
      Workload of = new Workload(pod.workloadKind(), pod.namespace(), pod.workload(), -1);
      all.putIfAbsent(of.kind() + "/" + of.key(), of);
    }
    return all.values().stream()
        .sorted(Comparator.comparing(Workload::namespace).thenComparing(Workload::name))
        .toList();
  }
}
