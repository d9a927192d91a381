package io.sekisho.agent.cluster;

import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.RangeLease;
import io.sekisho.policy.Cidr;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which ranges of pods the cluster knows, of nodes that are gone, too: those that are leased in the
 * store, and those that nodes had which were seen since the start, for a range that is fixed is
 * nowhere else. Not thread-safe.
 */
final class KnownRanges {
  private final Map<Cidr, String> seen = new HashMap<>();
  private Map<String, RangeLease> lastLeases = Map.of();
  private Map<String, Node> lastNodes = Map.of();
  private Map<Cidr, String> last = Map.of();

  /** All, to the node that has or had each; the same map while nothing changes. */
  @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
  Map<Cidr, String> of(Map<String, RangeLease> leases, Map<String, Node> nodes) {
    if (leases == lastLeases && nodes == lastNodes) {
      return last;
    }
    lastLeases = leases;
    lastNodes = nodes;
    var leased = new HashMap<Cidr, String>();
    leases.forEach(
        (key, lease) -> range(lease.getCidr()).ifPresent(r -> leased.put(r, lease.getNode())));
    nodes.forEach(
        (name, node) ->
            node.getPodCidrsList().forEach(text -> range(text).ifPresent(r -> seen.put(r, name))));
    seen.keySet().removeAll(leased.keySet());
    var all = new HashMap<>(seen);
    leased.forEach(
        (range, node) -> {
          if (!node.isEmpty()) {
            all.put(range, node);
          }
        });
    last = all.equals(last) ? last : Map.copyOf(all);
    return last;
  }

  private static Optional<Cidr> range(String text) {
    try {
      return Optional.of(Cidr.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
