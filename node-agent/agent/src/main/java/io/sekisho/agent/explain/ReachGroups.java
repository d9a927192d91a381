package io.sekisho.agent.explain;

import io.sekisho.api.v1.ReachGroup;
import io.sekisho.api.v1.ReachResponse;
import io.sekisho.policy.Identity;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.reach.Reachability.Reach;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Peers of somebody, those of a workload with the same ports as one. */
final class ReachGroups {
  private final Groups groups;
  private final Map<Key, List<Identity>> members = new LinkedHashMap<>();

  private record Key(Groups.Key end, List<PortRange> ports) {}

  ReachGroups(Census census) {
    groups = new Groups(census);
  }

  void add(Reach reach) {
    members
        .computeIfAbsent(new Key(groups.key(reach.peer()), reach.ports()), k -> new ArrayList<>())
        .add(reach.peer());
  }

  /** Those with most endpoints first, at most so many. */
  ReachResponse.Builder answer(int limit) {
    List<ReachGroup> all =
        members.entrySet().stream()
            .map(e -> group(e.getKey(), e.getValue()))
            .sorted(
                Comparator.<ReachGroup>comparingInt(g -> -g.getPeer().getEndpoints())
                    .thenComparing(g -> g.getPeer().getName()))
            .toList();
    return ReachResponse.newBuilder()
        .addAllGroups(all.stream().limit(limit).toList())
        .setTotalGroups(all.size())
        .setIdentities(all.stream().mapToInt(g -> g.getPeer().getIdentities()).sum())
        .setEndpoints(all.stream().mapToInt(g -> g.getPeer().getEndpoints()).sum());
  }

  private ReachGroup group(Key key, List<Identity> identities) {
    return ReachGroup.newBuilder()
        .setPeer(groups.end(key.end(), identities))
        .addAllPorts(Verdicts.ports(key.ports()))
        .build();
  }
}
