package io.sekisho.console.policy;

import io.sekisho.console.core.ClusterInventory;
import io.sekisho.policy.Identity;
import java.util.HashMap;
import java.util.Map;

/** Identities as people name them: by the workload of their pods, else by what they stand for. */
final class PeerNames {
  private final Map<Integer, String> workloads = new HashMap<>();

  PeerNames(ClusterInventory inventory) {
    inventory
        .endpoints()
        .values()
        .forEach(e -> workloads.put(e.getIdentity(), e.getNamespace() + "/" + e.getWorkload()));
  }

  /** {@code shop/cart}, {@code world}, {@code 10.0.0.0/8}, or the labels of who has no pod. */
  String of(Identity identity) {
    String known = workloads.get(identity.number());
    if (known != null) {
      return known;
    }
    return identity.labels().texts().stream()
        .filter(l -> l.startsWith("cidr:") || l.startsWith("reserved:"))
        .map(l -> l.substring(l.indexOf(':') + 1))
        .findFirst()
        .orElse(identity.labels().toString());
  }
}
