package io.sekisho.console.policy;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.console.core.ClusterInventory;
import io.sekisho.policy.Documents;
import io.sekisho.policy.Labels;
import io.sekisho.policy.PolicyDocument;
import java.util.ArrayList;
import java.util.List;
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
  static Impact of(List<DraftDocument> changes, ClusterInventory inventory) {
    List<PolicyDocument> changed = new ArrayList<>();
    for (DraftDocument change : changes) {
      changed.addAll(change.documents());
      change
          .base()
          .ifPresent(b -> changed.addAll(Documents.parse(List.of(b.getYaml())).documents()));
    }
    Set<String> nodes = new TreeSet<>();
    Set<String> workloads = new TreeSet<>();
    int endpoints = 0;
    for (Endpoint endpoint : inventory.endpoints().values()) {
      Labels labels = Labels.of(endpoint.getLabelsList());
      boolean selected =
          changed.stream().flatMap(d -> d.specs().stream()).anyMatch(s -> s.selects(labels));
      if (selected) {
        endpoints++;
        nodes.add(endpoint.getNode());
        workloads.add(endpoint.getNamespace() + "/" + endpoint.getWorkload());
      }
    }
    return new Impact(endpoints, nodes, workloads);
  }
}
