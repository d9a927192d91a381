package io.sekisho.policy.compile;

import io.sekisho.policy.Direction;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.Rule;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Collects the entries of one table so that a longest-prefix lookup decides as the rules do.
 *
 * <p>The lookup knows only the longest match of one peer. Of two rules for the same peer and ports
 * deny stays, else the one that was added first. A deny inside a broader allow is the longer match
 * and so found by itself; an allow inside a broader deny of the same peer would hide the deny and
 * is therefore left out. Between the entry of the peer and the one for any peer the precedence
 * decides, where deny is above every allow.
 */
final class EntryBuilder {
  /** Everything that speaks of one peer in one direction. */
  private record Scope(int identity, boolean egress) {}

  /** The part of a key that speaks of protocol and port. */
  private record L4(int protocol, int port, int length) {
    static Stream<L4> of(PortRange range) {
      return range.protocol() == 0
          ? Stream.of(new L4(0, 0, 0))
          : range.prefixes().stream().map(p -> new L4(range.protocol(), p.port(), p.length()));
    }
  }

  private final Map<PolicyKey, PolicyEntry> entries = new HashMap<>();
  private final Set<Scope> withDeny = new HashSet<>();

  /**
   * Adds a rule for some peers; rules must come in the order of their names.
   *
   * @param identities the peers' numbers, 0 for any
   */
  void add(Rule rule, int ruleId, Collection<Integer> identities) {
    boolean egress = rule.direction() == Direction.EGRESS;
    List<L4> parts = rule.ports().stream().flatMap(L4::of).distinct().toList();
    for (int identity : identities) {
      if (rule.deny()) {
        withDeny.add(new Scope(identity, egress));
      }
      for (L4 part : parts) {
        var key = new PolicyKey(identity, egress, part.protocol(), part.port(), part.length());
        put(key, rule.deny(), ruleId);
      }
    }
  }

  private void put(PolicyKey key, boolean deny, int ruleId) {
    int precedence =
        Precedence.of(deny, key.protocol(), key.portPrefixLength(), key.identity() == 0);
    var entry = new PolicyEntry(deny, precedence, ruleId, 0);
    entries.merge(key, entry, (old, now) -> now.deny() && !old.deny() ? now : old);
  }

  /** The entries, without the allows that a broader deny of the same peer covers. */
  Map<PolicyKey, PolicyEntry> build() {
    entries.entrySet().removeIf(e -> !e.getValue().deny() && isCovered(e.getKey()));
    return entries;
  }

  private boolean isCovered(PolicyKey key) {
    if (!withDeny.contains(new Scope(key.identity(), key.egress()))) {
      return false;
    }
    if (isDeny(new PolicyKey(key.identity(), key.egress(), 0, 0, 0))) {
      return true;
    }
    for (int length = 0; length < key.portPrefixLength(); length++) {
      int port = length == 0 ? 0 : key.port() & (0xffff << (16 - length));
      if (isDeny(new PolicyKey(key.identity(), key.egress(), key.protocol(), port, length))) {
        return true;
      }
    }
    return false;
  }

  private boolean isDeny(PolicyKey key) {
    PolicyEntry entry = entries.get(key);
    return entry != null && entry.deny();
  }
}
