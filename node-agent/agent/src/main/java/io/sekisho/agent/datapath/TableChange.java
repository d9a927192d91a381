package io.sekisho.agent.datapath;

import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The writes that bring a policy table from one content to another in the place where it is, in an
 * order in which every packet meets either its old entry or its new one.
 *
 * <p>A packet is decided by two entries: the longest match for its peer, and the longest match for
 * any peer. Of the entries for one peer (or for any) those with longer prefixes are written first,
 * and those with shorter ones removed first. So the longest match stays the old one until the new
 * one, which is then the longest, is there. Both may not change together, for the new one of a peer
 * beside the old one for any peer may decide as neither table does: then there is no such order and
 * the table must be exchanged as a whole.
 *
 * @param writes entries that are new or differ, in their order
 * @param removals entries that go after that, in their order
 */
record TableChange(LinkedHashMap<PolicyKey, PolicyEntry> writes, List<PolicyKey> removals) {
  private static final Comparator<PolicyKey> SHORTEST_FIRST =
      Comparator.<PolicyKey>comparingInt(k -> k.protocol() == 0 ? 0 : 1 + k.portPrefixLength())
          .thenComparingInt(PolicyKey::identity)
          .thenComparingInt(PolicyKey::protocol)
          .thenComparingInt(PolicyKey::port);

  /** The writes from one content to another; empty if there is no order for them. */
  static Optional<TableChange> between(
      Map<PolicyKey, PolicyEntry> old, Map<PolicyKey, PolicyEntry> wanted) {
    var writes = new LinkedHashMap<PolicyKey, PolicyEntry>();
    wanted.entrySet().stream()
        .filter(e -> !e.getValue().equals(old.get(e.getKey())))
        .sorted(Map.Entry.comparingByKey(SHORTEST_FIRST.reversed()))
        .forEach(e -> writes.put(e.getKey(), e.getValue()));
    List<PolicyKey> removals =
        old.keySet().stream().filter(k -> !wanted.containsKey(k)).sorted(SHORTEST_FIRST).toList();
    return isOrdered(writes.keySet(), removals)
        ? Optional.of(new TableChange(writes, removals))
        : Optional.empty();
  }

  /** Whether no direction changes both for any peer and for one peer. */
  private static boolean isOrdered(Set<PolicyKey> writes, List<PolicyKey> removals) {
    var any = new HashSet<Boolean>();
    var one = new HashSet<Boolean>();
    Stream.concat(writes.stream(), removals.stream())
        .forEach(k -> (k.identity() == 0 ? any : one).add(k.egress()));
    return any.stream().noneMatch(one::contains);
  }

  /** Most entries that the table has meanwhile. */
  int most(Map<PolicyKey, PolicyEntry> old) {
    int added = (int) writes.keySet().stream().filter(k -> !old.containsKey(k)).count();
    return old.size() + added;
  }

  /** How many writes there are. */
  int size() {
    return writes.size() + removals.size();
  }
}
