package io.sekisho.agent.identity;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Identity;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Identities of the address prefixes that policies name; local to the node, from {@link
 * Identity#FIRST_LOCAL} on. A prefix keeps its number for as long as it is remembered: while it is
 * named, and after that until the memory is full, so that connections and flows of before keep
 * their meaning. New prefixes get the lowest free numbers in the order of their addresses, so that
 * the same set gives the same numbers. Belongs to the event loop.
 */
public final class CidrIdentities {
  /** Prefixes that are remembered before those that nobody names are forgotten. */
  static final int MEMORY = 16_384;

  private final Map<Cidr, Integer> numbers = new HashMap<>();
  private final BitSet used = new BitSet();
  private Set<Cidr> lastNamed = Set.of();
  private Map<Cidr, Identity> last = Map.of();

  /** Begins with the numbers of an earlier agent. */
  public CidrIdentities(Map<Cidr, Integer> restored) {
    new TreeMap<>(restored)
        .forEach(
            (cidr, number) -> {
              int bit = number - Identity.FIRST_LOCAL;
              if (bit >= 0 && !used.get(bit)) {
                used.set(bit);
                numbers.put(cidr, number);
              }
            });
  }

  /** The identities of the prefixes that are named now; the same map for the same ones. */
  public Map<Cidr, Identity> assign(Collection<Cidr> named) {
    Set<Cidr> wanted = Set.copyOf(named);
    if (wanted.equals(lastNamed)) {
      return last;
    }
    if (numbers.size() > MEMORY) {
      forgetAllBut(named);
    }
    var out = new HashMap<Cidr, Identity>();
    for (Cidr cidr : new TreeSet<>(named)) {
      int number = numbers.computeIfAbsent(cidr, c -> free());
      out.put(cidr, new Identity(number, CidrLabels.of(cidr)));
    }
    lastNamed = wanted;
    last = Map.copyOf(out);
    return last;
  }

  /** All remembered numbers: what an agent that follows shall begin with. */
  public Map<Cidr, Integer> numbers() {
    return Map.copyOf(numbers);
  }

  private int free() {
    int bit = used.nextClearBit(0);
    used.set(bit);
    return Identity.FIRST_LOCAL + bit;
  }

  private void forgetAllBut(Collection<Cidr> named) {
    var keep = new TreeSet<>(named);
    numbers.keySet().removeIf(cidr -> !keep.contains(cidr));
    used.clear();
    numbers.values().forEach(number -> used.set(number - Identity.FIRST_LOCAL));
  }
}
