package io.sekisho.console.core;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EndpointState;
import io.sekisho.flow.Party;
import io.sekisho.flow.WorkloadPods;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Pods of every workload, counted once per inventory.
 *
 * @param byKey by {@code namespace/workload}
 */
record PodCounts(Map<String, WorkloadPods> byKey) implements Function<Party, WorkloadPods> {
  static PodCounts of(ClusterInventory inventory) {
    Map<String, WorkloadPods> counts = new HashMap<>();
    for (Endpoint endpoint : inventory.endpoints().values()) {
      boolean ready = endpoint.getState() == EndpointState.ENDPOINT_READY;
      counts.merge(
          endpoint.getNamespace() + "/" + endpoint.getWorkload(),
          new WorkloadPods(1, ready ? 1 : 0),
          (a, b) -> new WorkloadPods(a.pods() + b.pods(), a.ready() + b.ready()));
    }
    return new PodCounts(counts);
  }

  @Override
  public WorkloadPods apply(Party party) {
    return byKey.getOrDefault(party.key(), WorkloadPods.NONE);
  }
}
