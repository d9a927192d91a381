package io.sekisho.agent.cluster;

import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.RangeLease;
import io.sekisho.policy.Cidr;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which ranges of pods the cluster knows, of nodes that are gone, too: those that are leased in the
 * store, and those that nodes had which this agent or one before it has seen, for a range that is
 * fixed is nowhere else. A range of a node that is gone ends when another node has it or a part of
 * it, when the store says that nobody has it, or when there are too many. Not thread-safe.
 */
final class KnownRanges {
  /** So many ranges of nodes that are gone are remembered, those that went last. */
  static final int GONE = 4096;

  private static final System.Logger LOG = System.getLogger(KnownRanges.class.getName());

  /** Those that nodes have are moved to the end. */
  private final Map<Cidr, String> seen;

  private Map<String, RangeLease> lastLeases = new HashMap<>();
  private Map<String, Node> lastNodes = new HashMap<>();
  private Map<Cidr, String> present = Map.of();
  private Map<Cidr, String> last = Map.of();
  private boolean full;

  /** Begins with what an agent before this one knew. */
  KnownRanges(Map<Cidr, String> before) {
    seen = new LinkedHashMap<>(new TreeMap<>(before));
  }

  /** All, to the node that has or had each; the same map while nothing changes. */
  @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
  Map<Cidr, String> of(Map<String, RangeLease> leases, Map<String, Node> nodes) {
    if (leases == lastLeases && nodes == lastNodes) {
      return last;
    }
    Map<Cidr, String> now = ranges(nodes);
    boolean same = leases == lastLeases && now.equals(present);
    lastLeases = leases;
    lastNodes = nodes;
    present = now;
    if (same) {
      return last;
    }
    see(now);
    var leased = new HashMap<Cidr, String>();
    leases
        .values()
        .forEach(lease -> range(lease.getCidr()).ifPresent(r -> leased.put(r, lease.getNode())));
    seen.keySet().removeAll(leased.keySet());
    full = seen.keySet().stream().filter(range -> !now.containsKey(range)).count() >= GONE;
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

  /** Whether the next range of a node that goes takes the place of another. */
  boolean full() {
    return full;
  }

  private static Map<Cidr, String> ranges(Map<String, Node> nodes) {
    var ranges = new HashMap<Cidr, String>();
    nodes.forEach(
        (name, node) ->
            node.getPodCidrsList()
                .forEach(text -> range(text).ifPresent(r -> ranges.put(r, name))));
    return ranges;
  }

  private void see(Map<Cidr, String> now) {
    now.forEach(
        (range, node) -> {
          seen.remove(range);
          seen.put(range, node);
        });
    seen.keySet().removeIf(range -> !now.containsKey(range) && isOthers(range, now));
    int tooMany = seen.size() - now.size() - GONE;
    if (tooMany > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} ranges of nodes that are gone are forgotten: there are more than {1}",
          tooMany,
          GONE);
      var eldest = seen.keySet().iterator();
      for (int i = 0; i < tooMany; i++) {
        eldest.next();
        eldest.remove();
      }
    }
  }

  private static boolean isOthers(Cidr range, Map<Cidr, String> now) {
    return now.keySet().stream().anyMatch(r -> r.contains(range) || range.contains(r));
  }

  private static Optional<Cidr> range(String text) {
    try {
      return Optional.of(Cidr.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
