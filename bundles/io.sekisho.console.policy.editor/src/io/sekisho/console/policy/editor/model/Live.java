package io.sekisho.console.policy.editor.model;

import io.sekisho.policy.Labels;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What exists in the cluster now, for counting whom a selector means and for proposing labels. What
 * was counted is remembered. Immutable to the eye, and safe for threads.
 */
public final class Live {
  /** Nothing has been told. */
  public static final Live UNKNOWN = new Live(false, List.of());

  private static final List<String> NAMING =
      List.of("app", "app.kubernetes.io/name", "k8s-app", "name", "app.kubernetes.io/component");

  private final boolean known;
  private final List<LivePod> pods;
  private final Map<Selector, List<LivePod>> counted = new ConcurrentHashMap<>();

  /**
   * What exists.
   *
   * @param known whether the inventory has been told; else every count is unknown
   * @param pods every endpoint
   */
  public Live(boolean known, List<LivePod> pods) {
    this.known = known;
    this.pods = List.copyOf(pods);
  }

  /** Whether the inventory has been told; else every count is unknown. */
  public boolean known() {
    return known;
  }

  /** Every endpoint. */
  public List<LivePod> pods() {
    return pods;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Live live && known == live.known && pods.equals(live.pods);
  }

  @Override
  public int hashCode() {
    return Objects.hash(known, pods);
  }

  /** Those that conditions mean; without a word on the namespace, of that namespace if any. */
  public List<LivePod> matching(List<Condition> conditions, String namespace) {
    return counted.computeIfAbsent(
        selector(conditions, namespace),
        selector -> pods.stream().filter(p -> selector.matches(p.labels())).toList());
  }

  /** Conditions as the policy engine has them. */
  static Selector selector(List<Condition> conditions, String namespace) {
    List<Requirement> out = new ArrayList<>();
    for (Condition c : conditions) {
      out.add(new Requirement(key(c.key()), c.operator(), new TreeSet<>(c.values())));
    }
    boolean says =
        conditions.stream().anyMatch(c -> c.ofNamespace() || c.key().startsWith("reserved:"));
    if (!says) {
      String key = "k8s:" + Labels.NAMESPACE;
      out.add(namespace.isEmpty() ? Requirement.exists(key) : Requirement.is(key, namespace));
    }
    return Selector.of(out);
  }

  private static String key(String key) {
    if (key.equals(Condition.NAMESPACE)) {
      return "k8s:" + Labels.NAMESPACE;
    }
    if (key.startsWith(Condition.NAMESPACE_LABEL)) {
      return "k8s:" + Labels.NAMESPACE_LABELS + key.substring(Condition.NAMESPACE_LABEL.length());
    }
    return key.contains(":") ? key : "k8s:" + key;
  }

  /** Workloads of pods, each as {@code namespace/name}, with how many pods it has there. */
  public static Map<String, Integer> workloads(Collection<LivePod> pods) {
    Map<String, Integer> out = new LinkedHashMap<>();
    pods.stream()
        .map(p -> p.namespace() + "/" + p.workload())
        .sorted()
        .forEach(w -> out.merge(w, 1, Integer::sum));
    return out;
  }

  /** Every namespace, sorted. */
  public SortedSet<String> namespaces() {
    SortedSet<String> out = new TreeSet<>();
    pods.forEach(p -> out.add(p.namespace()));
    return out;
  }

  /** Labels of pods that selectors can use: key to values. */
  public Map<String, SortedSet<String>> labels() {
    Map<String, SortedSet<String>> out = new java.util.TreeMap<>();
    for (LivePod pod : pods) {
      pod.labels()
          .asMap()
          .forEach(
              (k, v) ->
                  label(k).ifPresent(l -> out.computeIfAbsent(l, x -> new TreeSet<>()).add(v)));
    }
    out.computeIfAbsent(Condition.NAMESPACE, x -> new TreeSet<>()).addAll(namespaces());
    return out;
  }

  private static Optional<String> label(String key) {
    if (!key.startsWith("k8s:")) {
      return Optional.empty();
    }
    String bare = key.substring("k8s:".length());
    if (bare.startsWith(Labels.NAMESPACE_LABELS)) {
      return Optional.of(
          Condition.NAMESPACE_LABEL + bare.substring(Labels.NAMESPACE_LABELS.length()));
    }
    return bare.startsWith("io.") ? Optional.empty() : Optional.of(bare);
  }

  /**
   * Conditions that mean the pods of a workload: the usual naming label where it means them all and
   * nobody else in the namespace, else every label that they share.
   *
   * @param own the namespace that needs no word
   */
  public List<Condition> workload(String namespace, String name, String own) {
    List<LivePod> mine =
        pods.stream()
            .filter(p -> p.namespace().equals(namespace) && p.workload().equals(name))
            .toList();
    List<Condition> out = new ArrayList<>(naming(mine, namespace, name));
    if (!namespace.equals(own)) {
      out.add(Condition.is(Condition.NAMESPACE, namespace));
    }
    return List.copyOf(out);
  }

  private List<Condition> naming(List<LivePod> mine, String namespace, String name) {
    if (mine.isEmpty()) {
      return List.of(Condition.is("app", name));
    }
    Map<String, String> shared = shared(mine);
    for (String key : NAMING) {
      if (shared.containsKey(key)) {
        List<Condition> one = List.of(Condition.is(key, shared.get(key)));
        if (matching(one, namespace).size() == mine.size()) {
          return one;
        }
      }
    }
    return shared.entrySet().stream().map(e -> Condition.is(e.getKey(), e.getValue())).toList();
  }

  private static Map<String, String> shared(List<LivePod> mine) {
    Map<String, String> out = new java.util.TreeMap<>();
    mine.getFirst()
        .labels()
        .asMap()
        .forEach(
            (k, v) -> {
              boolean all =
                  mine.stream().allMatch(p -> p.labels().get(k).filter(v::equals).isPresent());
              label(k)
                  .filter(l -> all && !l.startsWith(Condition.NAMESPACE_LABEL))
                  .filter(l -> !l.equals("pod-template-hash"))
                  .ifPresent(l -> out.put(l, v));
            });
    return out;
  }
}
