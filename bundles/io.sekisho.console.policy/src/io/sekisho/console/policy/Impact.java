package io.sekisho.console.policy;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.console.core.ClusterInventory;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicySpec;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whom the changes of a draft touch: endpoints that a changed document selects, as it was or as it
 * shall be.
 *
 * @param endpoints how many
 * @param nodes on which nodes, by name
 * @param workloads which workloads, {@code namespace/workload}
 */
record Impact(int endpoints, Set<String> nodes, Set<String> workloads) {
  /**
   * By texts; takes a while.
   *
   * @param before as they were
   * @param after as they shall be
   */
  static Impact of(
      Collection<String> before, Collection<String> after, ClusterInventory inventory) {
    Set<String> old = Set.copyOf(before);
    Set<String> next = Set.copyOf(after);
    Set<String> changed = new HashSet<>(old);
    changed.addAll(next);
    changed.removeIf(t -> old.contains(t) && next.contains(t));
    List<PolicySpec> specs =
        Reading.documents(changed).stream().flatMap(d -> d.specs().stream()).toList();
    Map<List<String>, Boolean> selected = new HashMap<>();
    Set<String> nodes = new TreeSet<>();
    Set<String> workloads = new TreeSet<>();
    int endpoints = 0;
    for (Endpoint endpoint : inventory.endpoints().values()) {
      boolean touched =
          selected.computeIfAbsent(
              endpoint.getLabelsList(),
              texts -> {
                Labels labels = Labels.of(texts);
                return specs.stream().anyMatch(s -> s.selects(labels));
              });
      if (touched) {
        endpoints++;
        nodes.add(endpoint.getNode());
        workloads.add(endpoint.getNamespace() + "/" + endpoint.getWorkload());
      }
    }
    return new Impact(endpoints, nodes, workloads);
  }
}
