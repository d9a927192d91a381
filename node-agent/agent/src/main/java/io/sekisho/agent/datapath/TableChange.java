package io.sekisho.agent.datapath;

import io.sekisho.policy.Identity;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import java.util.Comparator;
import java.util.EnumSet;
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
 * <p>A packet is decided by two entries: the longest match for its peer (of a pod without any, that
 * for every pod), and the longest match for any peer; and if these are the default's, by the
 * longest match for the block in which the peer's address lies. Of the entries for one peer (or for
 * any) those with longer prefixes are written first, and those with shorter ones removed first. So
 * the longest match stays the old one until the new one, which is then the longest, is there. Two
 * that decide about one packet may not change together, for the new one of a peer beside the old
 * one for any peer may decide as neither table does: then there is no such order and the table must
 * be exchanged as a whole.
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
    List<PolicyKey> written =
        wanted.entrySet().stream()
            .filter(e -> !e.getValue().equals(old.get(e.getKey())))
            .map(Map.Entry::getKey)
            .toList();
    List<PolicyKey> removed = old.keySet().stream().filter(k -> !wanted.containsKey(k)).toList();
    if (!isOrdered(written, removed)) {
      return Optional.empty(); // before anything is sorted: a table that is made anew has many
    }
    var writes = new LinkedHashMap<PolicyKey, PolicyEntry>();
    written.stream().sorted(SHORTEST_FIRST.reversed()).forEach(k -> writes.put(k, wanted.get(k)));
    return Optional.of(new TableChange(writes, removed.stream().sorted(SHORTEST_FIRST).toList()));
  }

  /** For whom an entry is. */
  private enum Whom {
    ANY,
    EVERY_POD,
    POD,
    OTHER,
    BLOCK;

    static Whom of(int identity) {
      return switch (identity) {
        case 0 -> ANY;
        case Identity.EVERY_POD -> EVERY_POD;
        default -> Identity.isPod(identity) ? POD : Identity.isBlock(identity) ? BLOCK : OTHER;
      };
    }
  }

  /** Whether in no direction two entries that decide about one packet change. */
  private static boolean isOrdered(List<PolicyKey> writes, List<PolicyKey> removals) {
    return Stream.of(false, true).allMatch(egress -> isOrdered(writes, removals, egress));
  }

  private static boolean isOrdered(
      List<PolicyKey> writes, List<PolicyKey> removals, boolean egress) {
    Set<Whom> changing = EnumSet.noneOf(Whom.class);
    Stream.concat(writes.stream(), removals.stream())
        .filter(k -> k.egress() == egress)
        .forEach(k -> changing.add(Whom.of(k.identity())));
    return changing.size() < 2
        || (!changing.contains(Whom.ANY)
            && !changing.contains(Whom.BLOCK)
            && !(changing.contains(Whom.EVERY_POD) && changing.contains(Whom.POD)));
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
