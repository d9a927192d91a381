package io.sekisho.console.core.kubernetes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the API server tells of a cluster; immutable.
 *
 * @param synced whether every kind that we may see was told whole
 * @param missing what is not shown and why, one sentence each
 * @param version grows with each change of a policy
 * @param events the newest, oldest first
 */
public record KubernetesObjects(
    boolean synced,
    List<String> missing,
    List<String> namespaces,
    List<Workload> workloads,
    List<Pod> pods,
    List<Service> services,
    List<Node> nodes,
    List<Policy> policies,
    List<Event> events,
    long version) {
  /** Nothing is known yet. */
  public static final KubernetesObjects EMPTY =
      new KubernetesObjects(
          false, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
          List.of(), 0);

  /**
   * What owns pods: a Deployment rather than its ReplicaSet.
   *
   * @param wanted pods that it wants, -1 where unknown
   */
  public record Workload(String kind, String namespace, String name, int wanted) {
    /** Its key in the traffic graph. */
    public String key() {
      return namespace + "/" + name;
    }
  }

  /**
   * A pod.
   *
   * @param workload name of its workload
   * @param ready whether its containers are
   * @param why what keeps it from being ready; empty when nothing does
   */
  public record Pod(
      String namespace,
      String name,
      String workloadKind,
      String workload,
      String node,
      List<String> addresses,
      Map<String, String> labels,
      String phase,
      boolean ready,
      String why,
      int restarts) {
    /** Key of its workload in the traffic graph. */
    public String workloadKey() {
      return namespace + "/" + workload;
    }
  }

  /**
   * A service.
   *
   * @param selector labels of its pods; empty for none
   * @param ports as {@code 80/TCP}
   */
  public record Service(
      String namespace,
      String name,
      String type,
      List<String> addresses,
      Map<String, String> selector,
      List<String> ports) {
    /** Whether a pod is behind it. */
    public boolean selects(Pod pod) {
      return pod.namespace().equals(namespace)
          && !selector.isEmpty()
          && pod.labels().entrySet().containsAll(selector.entrySet());
    }
  }

  /** A node. */
  public record Node(
      String name, List<String> addresses, boolean ready, boolean cordoned, String version) {}

  /**
   * A policy.
   *
   * @param apiVersion group and version
   * @param yaml as the operator would write it: without what the server adds
   * @param managers who owns fields of it
   */
  public record Policy(
      ObjectRef ref,
      String apiVersion,
      String resourceVersion,
      String yaml,
      List<String> managers) {}

  /**
   * Something that happened to an object.
   *
   * @param last when it happened last, ms since the epoch
   */
  public record Event(
      ObjectRef about, boolean warning, String reason, String message, int count, long last) {}

  private static final long BEFORE_MILLIS = 10 * 60 * 1000L;

  /** Times of events are whole seconds. */
  private static final long SAME_MILLIS = 1000;

  private static final int MOST_BESIDE = 4;

  public KubernetesObjects {
    missing = List.copyOf(missing);
    namespaces = List.copyOf(namespaces);
    workloads = List.copyOf(workloads);
    pods = List.copyOf(pods);
    services = List.copyOf(services);
    nodes = List.copyOf(nodes);
    policies = List.copyOf(policies);
    events = List.copyOf(events);
  }

  /** A pod by its name. */
  public Optional<Pod> pod(String namespace, String name) {
    return pods.stream()
        .filter(p -> p.namespace().equals(namespace) && p.name().equals(name))
        .findFirst();
  }

  /** A policy by what it is called. */
  public Optional<Policy> policy(ObjectRef ref) {
    return policies.stream().filter(p -> p.ref().equals(ref)).findFirst();
  }

  /** A service by its name. */
  public Optional<Service> service(String namespace, String name) {
    return services.stream()
        .filter(s -> s.namespace().equals(namespace) && s.name().equals(name))
        .findFirst();
  }

  /** The pods behind a service, ready or not. */
  public List<Pod> behind(Service service) {
    return pods.stream().filter(service::selects).toList();
  }

  /** The pods of each workload, by {@code namespace/name} of the workload. */
  public Map<String, List<Pod>> byWorkload() {
    Map<String, List<Pod>> out = new TreeMap<>();
    for (Pod pod : pods) {
      out.computeIfAbsent(pod.workloadKey(), k -> new ArrayList<>()).add(pod);
    }
    return out;
  }

  /**
   * Events of a workload and its pods within a time, newest first.
   *
   * @param workload {@code namespace/name}
   * @param fromMillis ms since the epoch
   */
  public List<Event> about(String workload, long fromMillis, long toMillis) {
    int slash = workload.indexOf('/');
    if (slash < 0) {
      return List.of();
    }
    String namespace = workload.substring(0, slash);
    String name = workload.substring(slash + 1);
    Map<String, String> owners = new HashMap<>();
    for (Pod pod : pods) {
      if (pod.namespace().equals(namespace)) {
        owners.put(pod.name(), pod.workload());
      }
    }
    return events.stream()
        .filter(e -> e.last() >= fromMillis && e.last() <= toMillis)
        .filter(e -> e.about().namespace().equals(namespace))
        .filter(e -> belongs(e.about().name(), name, owners))
        .sorted(Comparator.comparingLong(Event::last).reversed())
        .toList();
  }

  /**
   * What is to be told beside something that happened between workloads: events of them and their
   * pods in the ten minutes before, warnings first, then the newest; a few.
   *
   * @param millis when it happened, ms since the epoch
   * @param workloads {@code namespace/name}
   */
  public List<Event> beside(long millis, String... workloads) {
    return Stream.of(workloads)
        .flatMap(w -> about(w, millis - BEFORE_MILLIS, millis + SAME_MILLIS).stream())
        .distinct()
        .sorted(Comparator.comparing(Event::warning).thenComparing(Event::last).reversed())
        .limit(MOST_BESIDE)
        .toList();
  }

  /** Events outlive their pods: a pod that is gone is told by the beginning of its name. */
  private static boolean belongs(String about, String workload, Map<String, String> owners) {
    String owner = owners.get(about);
    return about.equals(workload)
        || (owner == null ? about.startsWith(workload + "-") : owner.equals(workload));
  }
}
