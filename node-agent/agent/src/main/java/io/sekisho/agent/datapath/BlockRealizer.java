package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.libbpf.BpfException;
import io.sekisho.libbpf.BpfMap;
import io.sekisho.policy.Cidr;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The prefixes of blocks in the kernel. A prefix is never there without those inside of it: what an
 * exception takes out of a block must not be allowed because the exception has no room.
 */
final class BlockRealizer {
  static final String OBJECT = "policy_blocks";

  private static final Comparator<Cidr> LONGEST_FIRST =
      Comparator.<Cidr>comparingInt(c -> -c.length128()).thenComparing(c -> c);

  private final BpfMap<Cidr, Integer> map;
  private Map<Cidr, Integer> realized;

  /** Begins with what the kernel says. */
  BlockRealizer(BpfMap<Cidr, Integer> map) {
    this.map = map;
    this.realized = map.entries();
  }

  /** Goes on with what the kernel says. */
  void reread() {
    realized = map.entries();
  }

  /**
   * From what is there to what shall be. What has a number that another prefix shall have (an
   * earlier agent gave it, and its numbers were lost) goes at once, with what is around it: tables
   * must not say of the one what they say of the other.
   */
  BlockChange towards(Map<Cidr, Integer> desired, List<RealizeError> errors) {
    if (!realized.equals(desired)) {
      var numbers = new HashSet<>(desired.values());
      var others = new HashSet<Cidr>();
      realized.forEach(
          (prefix, number) -> {
            if (numbers.contains(number) && !number.equals(desired.get(prefix))) {
              others.add(prefix);
            }
          });
      closeAround(others, errors);
    }
    return new BlockChange(Map.copyOf(realized), desired);
  }

  /** Adds what comes; of what does not fit, neither it nor what is around it stays. */
  void add(BlockChange change, List<RealizeError> errors) {
    var coming = new LinkedHashMap<Cidr, Integer>();
    change.coming().entrySet().stream()
        .sorted(Map.Entry.comparingByKey(LONGEST_FIRST))
        .forEach(e -> coming.put(e.getKey(), e.getValue()));
    if (coming.isEmpty()) {
      return;
    }
    try {
      map.putAll(coming);
      realized.putAll(coming);
    } catch (BpfException e) {
      realized = map.entries();
      var missing = new HashSet<>(change.wanted().keySet());
      missing.removeIf(p -> Objects.equals(change.wanted().get(p), realized.get(p)));
      errors.add(
          new RealizeError(
              OBJECT,
              missing.size()
                  + " prefixes are missing, pods in them and around them are not meant: "
                  + e.getMessage()));
      closeAround(missing, errors);
    }
  }

  /** Removes what holds one of these prefixes, and these. */
  private void closeAround(Set<Cidr> prefixes, List<RealizeError> errors) {
    List<Cidr> open =
        prefixes.stream()
            .flatMap(Cidr::outward)
            .filter(realized::containsKey)
            .distinct()
            .sorted(LONGEST_FIRST.reversed())
            .toList();
    remove(open, errors);
  }

  /** Removes what goes; whether it did. */
  boolean remove(BlockChange change, List<RealizeError> errors) {
    return remove(change.going().stream().sorted(LONGEST_FIRST.reversed()).toList(), errors);
  }

  private boolean remove(List<Cidr> prefixes, List<RealizeError> errors) {
    try {
      if (!prefixes.isEmpty()) {
        map.removeAll(prefixes);
      }
      prefixes.forEach(realized::remove);
      return true;
    } catch (BpfException e) {
      realized = map.entries();
      errors.add(Failures.unrealized(OBJECT, e));
      return false;
    }
  }

  int size() {
    return realized.size();
  }
}
