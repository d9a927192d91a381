package io.sekisho.agent.explain;

import io.sekisho.api.v1.ChangeGroup;
import io.sekisho.api.v1.PolicyChangesResponse;
import io.sekisho.policy.Identity;
import io.sekisho.policy.reach.Changes.Change;
import io.sekisho.policy.reach.Changes.Delta;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pairs for which something changes, those between two workloads with the same change as one. */
final class ChangeGroups {
  private final Groups groups;
  private final Map<Key, Pairs> members = new HashMap<>();
  private long opened;
  private long closed;

  private record Key(Groups.Key source, Groups.Key destination, Delta delta) {}

  private static final class Pairs {
    final Set<Identity> sources = new HashSet<>();
    final Set<Identity> destinations = new HashSet<>();
    long count;
  }

  ChangeGroups(Census census) {
    groups = new Groups(census);
  }

  void add(Change change) {
    var key =
        new Key(groups.key(change.source()), groups.key(change.destination()), change.delta());
    Pairs pairs = members.computeIfAbsent(key, k -> new Pairs());
    pairs.sources.add(change.source());
    pairs.destinations.add(change.destination());
    pairs.count++;
    opened += change.opened().isEmpty() ? 0 : 1;
    closed += change.closed().isEmpty() ? 0 : 1;
  }

  /** What closes first, then those with most pairs, at most so many. */
  PolicyChangesResponse.Builder answer(int limit) {
    List<Map.Entry<Key, Pairs>> sorted =
        members.entrySet().stream()
            .sorted(
                Comparator.<Map.Entry<Key, Pairs>>comparingInt(
                        e -> e.getKey().delta().closed().isEmpty() ? 1 : 0)
                    .thenComparingLong(e -> -e.getValue().count)
                    .thenComparing(e -> e.getKey().source().words())
                    .thenComparing(e -> e.getKey().destination().words())
                    .thenComparing(e -> e.getKey().delta().toString()))
            .toList();
    return PolicyChangesResponse.newBuilder()
        .addAllGroups(
            sorted.stream().limit(limit).map(e -> group(e.getKey(), e.getValue())).toList())
        .setTotalGroups(sorted.size())
        .setOpenedPairs(opened)
        .setClosedPairs(closed);
  }

  private ChangeGroup group(Key key, Pairs pairs) {
    return ChangeGroup.newBuilder()
        .setSource(groups.end(key.source(), pairs.sources))
        .setDestination(groups.end(key.destination(), pairs.destinations))
        .addAllOpened(Verdicts.ports(key.delta().opened()))
        .addAllClosed(Verdicts.ports(key.delta().closed()))
        .setPairs(pairs.count)
        .build();
  }
}
