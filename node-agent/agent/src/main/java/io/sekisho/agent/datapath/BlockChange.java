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
 *
 * @param old prefixes that are there, with their numbers
 * @param wanted prefixes that shall be there
 */
record BlockChange(Map<Cidr, Integer> old, Map<Cidr, Integer> wanted) {
  /** Prefixes that are new or get another number. */
  Map<Cidr, Integer> coming() {
    var out = new HashMap<Cidr, Integer>();
    wanted.forEach(
        (prefix, number) -> {
          if (!number.equals(old.get(prefix))) {
            out.put(prefix, number);
          }
        });
    return out;
  }

  /** Prefixes that go. */
  List<Cidr> going() {
    return old.keySet().stream().filter(prefix -> !wanted.containsKey(prefix)).toList();
  }

  /** What a table of before must say so that the coming prefixes change nothing. */
  Map<PolicyKey, PolicyEntry> before(Map<PolicyKey, PolicyEntry> table) {
    var like = new HashMap<Integer, Integer>();
    coming().forEach((prefix, number) -> like.put(number, around(old, prefix)));
    return with(table, like);
  }

  /** What a table must say so that the prefixes that go change nothing when they go. */
  Map<PolicyKey, PolicyEntry> after(Map<PolicyKey, PolicyEntry> table) {
    var like = new HashMap<Integer, Integer>();
    going()
        .forEach(
            prefix ->
                Optional.ofNullable(old.get(prefix))
                    .ifPresent(n -> like.put(n, around(wanted, prefix))));
    like.keySet().removeAll(wanted.values());
    return with(table, like);
  }

  /** The number of the longest prefix that holds all of this one, 0 if there is none. */
  private static int around(Map<Cidr, Integer> prefixes, Cidr one) {
    byte[] address = one.bytes();
    for (int length = one.length128(); length >= 0; length--) {
      Integer number = prefixes.get(Cidr.of(address, length));
      if (number != null) {
        return number;
      }
    }
    return 0;
  }

  /** The table, in which numbers that it does not have say what others say. */
  private static Map<PolicyKey, PolicyEntry> with(
      Map<PolicyKey, PolicyEntry> table, Map<Integer, Integer> like) {
    like.values().removeIf(model -> model == 0); // identity 0 is any peer
    var models = new HashMap<Integer, List<PolicyKey>>();
    like.values().forEach(model -> models.put(model, new ArrayList<>()));
    for (PolicyKey key : table.keySet()) {
      like.remove(key.identity());
      List<PolicyKey> keys = models.get(key.identity());
      if (keys != null) {
        keys.add(key);
      }
    }
    var out = new HashMap<>(table);
    like.forEach(
        (number, model) ->
            models
                .getOrDefault(model, List.of())
                .forEach(
                    key ->
                        Optional.ofNullable(table.get(key))
                            .ifPresent(entry -> out.put(withIdentity(key, number), entry))));
    return out;
  }

  private static PolicyKey withIdentity(PolicyKey key, int identity) {
    return new PolicyKey(
        identity, key.egress(), key.protocol(), key.port(), key.portPrefixLength());
  }
}
