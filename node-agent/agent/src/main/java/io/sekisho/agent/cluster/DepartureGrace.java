package io.sekisho.agent.cluster;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.RangeLease;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Believes that a node is gone once it has been for a while. An etcd that stood still for longer
 * than leases last ends all of them when it goes on, and every agent writes itself again within a
 * moment: until then nodes and endpoints stay as they were, or all traffic between nodes would stop
 * for that moment. No store says whether a lease ended or somebody deleted a key; what says that a
 * node will not be back is its range: once the store has it as let go of, or as another's, or
 * another node tells that it has it, the one that is gone parts at once. An endpoint that goes
 * alone, for its pod ended, is believed much sooner, yet not at once: prefixes are told apart, and
 * its node may be the next to go. For one thread.
 */
final class DepartureGrace {
  /** How long agents may take to write themselves again: a reconnection and a renewal. */
  static final Duration NODES = Duration.ofSeconds(10);

  private static final long MOMENT_NANOS = Duration.ofMillis(250).toNanos();

  private final long nodesNanos;
  private final Map<String, Long> goneNodes = new HashMap<>();
  private final Map<String, Long> backNodes = new HashMap<>();
  private final Map<String, Long> goneEndpoints = new HashMap<>();
  private Map<String, Node> shownNodes = Map.of();
  private Map<String, Endpoint> shownEndpoints = Map.of();
  private OptionalLong next = OptionalLong.empty();

  /** Nobody is known; nodes are believed to be gone after so long, at once if it is zero. */
  DepartureGrace(Duration nodes) {
    this.nodesNanos = nodes.toNanos();
  }

  /**
   * What counts.
   *
   * @param nodes by name
   * @param endpoints by {@code node/id}
   * @param next how long until it changes by time alone, ns; empty if it does not
   */
  record View(Map<String, Node> nodes, Map<String, Endpoint> endpoints, OptionalLong next) {}

  /**
   * What counts of what the store holds.
   *
   * @param leases of ranges, by their key
   * @param now in ns, as {@link System#nanoTime}
   */
  View see(
      Map<String, Node> nodes,
      Map<String, Endpoint> endpoints,
      Map<String, RangeLease> leases,
      long now) {
    next = OptionalLong.empty();
    if (nodesNanos == 0) {
      return new View(nodes, endpoints, next);
    }
    backNodes.values().removeIf(since -> now - since >= nodesNanos);
    shownNodes = nodes(nodes, leases, now);
    shownEndpoints = endpoints(nodes, endpoints, now);
    return new View(shownNodes, shownEndpoints, next);
  }

  private Map<String, Node> nodes(
      Map<String, Node> present, Map<String, RangeLease> leases, long now) {
    goneNodes
        .keySet()
        .removeIf(
            name -> {
              boolean back = present.containsKey(name);
              if (back) {
                backNodes.put(name, now);
              }
              return back;
            });
    var held = new HashMap<String, Node>();
    shownNodes.forEach(
        (name, node) -> {
          if (!present.containsKey(name)) {
            if (waits(goneNodes.computeIfAbsent(name, n -> now), nodesNanos, now)) {
              held.put(name, node);
            } else {
              goneNodes.remove(name);
            }
          }
        });
    if (!held.isEmpty()) {
      Set<String> taken = ranges(present);
      held.entrySet()
          .removeIf(
              e ->
                  e.getValue().getPodCidrsList().stream()
                      .anyMatch(r -> taken.contains(r) || isAnothers(leases, r, e.getKey())));
      goneNodes.keySet().retainAll(held.keySet());
    }
    return with(present, held);
  }

  private static Set<String> ranges(Map<String, Node> nodes) {
    var out = new HashSet<String>();
    nodes.values().forEach(n -> out.addAll(n.getPodCidrsList()));
    return out;
  }

  /** Whether the store has a range as another node's, or as nobody's any more. */
  private static boolean isAnothers(Map<String, RangeLease> leases, String range, String node) {
    RangeLease lease = leases.get(Keys.RANGES + range);
    return lease != null && !lease.getNode().equals(node);
  }

  /** An endpoint stays with its node, and where its node is back, until that has told of it. */
  private Map<String, Endpoint> endpoints(
      Map<String, Node> nodes, Map<String, Endpoint> present, long now) {
    goneEndpoints.keySet().removeAll(present.keySet());
    var held = new HashMap<String, Endpoint>();
    shownEndpoints.forEach(
        (key, endpoint) -> {
          if (present.containsKey(key)) {
            return;
          }
          String node = key.substring(0, Math.max(0, key.indexOf('/')));
          boolean known = nodes.containsKey(node);
          long moment = known && !backNodes.containsKey(node) ? MOMENT_NANOS : nodesNanos;
          boolean waits = waits(goneEndpoints.computeIfAbsent(key, k -> now), moment, now);
          if (known ? waits : shownNodes.containsKey(node)) {
            held.put(key, endpoint);
          } else {
            goneEndpoints.remove(key);
          }
        });
    if (!held.isEmpty()) {
      Set<String> taken = addresses(present);
      held.values().removeIf(e -> e.getAddressesList().stream().anyMatch(taken::contains));
    }
    return with(present, held);
  }

  private static Set<String> addresses(Map<String, Endpoint> endpoints) {
    var out = new HashSet<String>();
    endpoints.values().forEach(e -> out.addAll(e.getAddressesList()));
    return out;
  }

  private boolean waits(long since, long nanos, long now) {
    long left = since + nanos - now;
    if (left > 0) {
      next = OptionalLong.of(Math.min(left, next.orElse(left)));
    }
    return left > 0;
  }

  private static <V> Map<String, V> with(Map<String, V> present, Map<String, V> held) {
    if (held.isEmpty()) {
      return present;
    }
    held.putAll(present);
    return Map.copyOf(held);
  }
}
