package io.sekisho.agent.datapath;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How policy tables follow prefixes of blocks that come and go, so that every address is decided as
 * before or as after at any moment. A prefix that comes cuts a part out of the one around it, so
 * tables first say of the part what they say of that; a prefix that goes gives its part back, so
 * until then new tables say of it what they say of the one around it.
 */
final class BlockChange {
  private final Map<Cidr, Integer> old;
  private final Map<Cidr, Integer> wanted;
  private final Map<Cidr, Integer> coming = new HashMap<>();
  private final List<Cidr> going = new ArrayList<>();

  /** Numbers of prefixes that come, to those of the prefixes from which they are cut. */
  private final Map<Integer, Integer> cut = new HashMap<>();

  /** Numbers of prefixes that go, to those of the prefixes to which they are given back. */
  private final Map<Integer, Integer> back = new HashMap<>();

  /**
   * The change between two sets of prefixes with their numbers.
   *
   * @param old those that are there; none has a number that another one shall have
   * @param wanted those that shall be there
   */
  BlockChange(Map<Cidr, Integer> old, Map<Cidr, Integer> wanted) {
    this.old = old;
    this.wanted = wanted;
    wanted.forEach(
        (prefix, number) -> {
          if (!number.equals(old.get(prefix))) {
            coming.put(prefix, number);
            cut.put(number, around(old, prefix));
          }
        });
    old.forEach(
        (prefix, number) -> {
          if (!wanted.containsKey(prefix)) {
            going.add(prefix);
            back.put(number, around(wanted, prefix));
          }
        });
  }

  /** Prefixes that are there. */
  Map<Cidr, Integer> old() {
    return old;
  }

  /** Prefixes that shall be there. */
  Map<Cidr, Integer> wanted() {
    return wanted;
  }

  /** Prefixes that are new or get another number. */
  Map<Cidr, Integer> coming() {
    return coming;
  }

  /** Prefixes that go. */
  List<Cidr> going() {
    return going;
  }

  /** What a table of before must say so that the coming prefixes change nothing. */
  Map<PolicyKey, PolicyEntry> before(Map<PolicyKey, PolicyEntry> table) {
    return with(table, cut);
  }

  /** What a table must say so that the prefixes that go change nothing when they go. */
  Map<PolicyKey, PolicyEntry> after(Map<PolicyKey, PolicyEntry> table) {
    return with(table, back);
  }

  /** The number of the longest prefix that holds all of this one, 0 if there is none. */
  private static int around(Map<Cidr, Integer> prefixes, Cidr one) {
    return one.outward()
        .flatMap(prefix -> Optional.ofNullable(prefixes.get(prefix)).stream())
        .findFirst()
        .orElse(0);
  }

  /**
   * The table, in which numbers say what others say and nothing else: what an agent left of them
   * that died in the middle, or that gave them to other prefixes, is none of theirs. What is like 0
   * says nothing, for that is any peer.
   */
  private static Map<PolicyKey, PolicyEntry> with(
      Map<PolicyKey, PolicyEntry> table, Map<Integer, Integer> like) {
    var copies = new HashMap<Integer, List<Integer>>();
    like.forEach(
        (number, model) -> copies.computeIfAbsent(model, m -> new ArrayList<>()).add(number));
    copies.remove(0);
    var out = new HashMap<PolicyKey, PolicyEntry>();
    table.forEach(
        (key, entry) -> {
          if (!like.containsKey(key.identity())) {
            out.put(key, entry);
          }
          copies
              .getOrDefault(key.identity(), List.of())
              .forEach(number -> out.put(withIdentity(key, number), entry));
        });
    return out;
  }

  private static PolicyKey withIdentity(PolicyKey key, int identity) {
    return new PolicyKey(
        identity, key.egress(), key.protocol(), key.port(), key.portPrefixLength());
  }
}
