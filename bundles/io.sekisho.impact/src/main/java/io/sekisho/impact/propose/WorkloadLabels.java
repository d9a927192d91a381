package io.sekisho.impact.propose;

import io.sekisho.policy.Labels;
import io.sekisho.policy.Requirement;
import io.sekisho.policy.Requirement.Operator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The labels by which workloads are told from others: those of Kubernetes, without those that
 * differ from pod to pod, that say the namespace, or that no selector may name.
 */
final class WorkloadLabels {
  /** Labels that controllers put on single pods or on each generation of them. */
  private static final Set<String> PER_POD =
      Set.of(
          "pod-template-hash",
          "pod-template-generation",
          "controller-revision-hash",
          "controller-uid",
          "job-name",
          "statefulset.kubernetes.io/pod-name",
          "apps.kubernetes.io/pod-index",
          "batch.kubernetes.io/controller-uid",
          "batch.kubernetes.io/job-name",
          "batch.kubernetes.io/job-completion-index");

  /** What people use to name a workload, best first. */
  private static final List<String> USUAL =
      List.of(
          "app.kubernetes.io/name",
          "app",
          "k8s-app",
          "app.kubernetes.io/component",
          "name",
          "component",
          "app.kubernetes.io/instance",
          "tier",
          "role");

  private static final Pattern NAME =
      Pattern.compile(
          "([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

  private static final Pattern VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

  private WorkloadLabels() {}

  /** Key, without source, to value. */
  static SortedMap<String, String> of(Labels labels) {
    var out = new TreeMap<String, String>();
    labels
        .asMap()
        .forEach(
            (key, value) -> {
              String name = key.startsWith("k8s:") ? key.substring(4) : "";
              if (usable(name) && VALUE.matcher(value).matches()) {
                out.put(name, value);
              }
            });
    return out;
  }

  private static boolean usable(String name) {
    return !name.startsWith("io.cilium.k8s.")
        && !name.startsWith("io.kubernetes.")
        && !PER_POD.contains(name)
        && NAME.matcher(name).matches();
  }

  /** How well a selector tells, and what it is. */
  record Choice(List<Requirement> conditions, int alsoSelected) {}

  /**
   * The fewest conditions, by the labels that people know best, that all the wanted ones meet and
   * as few of the others as can be.
   *
   * @param wanted label sets from {@link #of}; at least one
   * @param others those that shall not be selected
   */
  static Choice choose(
      Collection<SortedMap<String, String>> wanted, Collection<SortedMap<String, String>> others) {
    List<Requirement> candidates = candidates(wanted, others);
    var chosen = new ArrayList<Requirement>();
    var left = new ArrayList<>(others);
    left.removeAll(wanted);
    if (!candidates.isEmpty() && isPositive(candidates.getFirst())) {
      take(candidates.getFirst(), chosen, left);
    }
    while (!left.isEmpty()) {
      Requirement best =
          candidates.stream()
              .filter(c -> !chosen.contains(c))
              .max(Comparator.comparingLong(c -> excluded(c, left)))
              .filter(c -> excluded(c, left) > 0)
              .orElse(NONE);
      if (best == NONE) {
        break;
      }
      take(best, chosen, left);
    }
    return new Choice(List.copyOf(chosen), left.size());
  }

  private static final Requirement NONE = Requirement.exists("k8s:none");

  private static void take(
      Requirement one, List<Requirement> chosen, List<SortedMap<String, String>> left) {
    chosen.add(one);
    left.removeIf(l -> !matches(one, l));
  }

  private static long excluded(Requirement one, List<SortedMap<String, String>> left) {
    return left.stream().filter(l -> !matches(one, l)).count();
  }

  private static boolean isPositive(Requirement one) {
    return one.operator() == Operator.IN;
  }

  private static boolean matches(Requirement one, SortedMap<String, String> labels) {
    String value = labels.get(one.key().substring(4));
    return isPositive(one) ? value != null && one.values().contains(value) : value == null;
  }

  /** Every condition that all the wanted ones meet, best known first, then those about absence. */
  private static List<Requirement> candidates(
      Collection<SortedMap<String, String>> wanted, Collection<SortedMap<String, String>> others) {
    Set<String> keys = new TreeSet<>(wanted.iterator().next().keySet());
    wanted.forEach(w -> keys.retainAll(w.keySet()));
    var out = new ArrayList<Requirement>();
    keys.stream()
        .sorted(Comparator.comparingInt(WorkloadLabels::rank).thenComparing(k -> k))
        .forEach(k -> out.add(in(k, wanted)));
    Set<String> absent =
        others.stream()
            .flatMap(o -> o.keySet().stream())
            .collect(Collectors.toCollection(TreeSet::new));
    wanted.forEach(w -> absent.removeAll(w.keySet()));
    absent.forEach(
        k -> out.add(new Requirement("k8s:" + k, Operator.DOES_NOT_EXIST, new TreeSet<>())));
    return out;
  }

  private static int rank(String key) {
    int place = USUAL.indexOf(key);
    return place < 0 ? USUAL.size() : place;
  }

  private static Requirement in(String key, Collection<SortedMap<String, String>> wanted) {
    return new Requirement(
        "k8s:" + key,
        Operator.IN,
        wanted.stream()
            .map(w -> w.getOrDefault(key, ""))
            .collect(Collectors.toCollection(TreeSet::new)));
  }
}
