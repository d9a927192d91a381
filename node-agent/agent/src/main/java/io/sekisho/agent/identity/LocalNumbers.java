package io.sekisho.agent.identity;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Numbers that one node gives, from a first one on. Who has a number keeps it for as long as he is
 * remembered: while he is named, and after that until the memory is full, so that connections and
 * flows of before keep their meaning. New ones get the lowest free numbers in their order, so that
 * the same set gives the same numbers. Belongs to the event loop.
 */
final class LocalNumbers<K extends Comparable<? super K>> {
  /** How many are remembered before those that nobody names are forgotten. */
  static final int MEMORY = 16_384;

  private final int first;
  private final Map<K, Integer> numbers = new HashMap<>();
  private final BitSet used = new BitSet();
  private long version;

  /** Begins with the numbers of an earlier agent. */
  LocalNumbers(int first, Map<K, Integer> restored) {
    this.first = first;
    new TreeMap<>(restored)
        .forEach(
            (key, number) -> {
              int bit = number - first;
              if (bit >= 0 && !used.get(bit)) {
                used.set(bit);
                numbers.put(key, number);
              }
            });
  }

  /** The numbers of all who are named now. */
  Map<K, Integer> assign(Collection<K> named) {
    if (numbers.size() > MEMORY) {
      forgetAllBut(named);
    }
    var out = new HashMap<K, Integer>();
    for (K key : new TreeSet<>(named)) {
      out.put(key, numbers.computeIfAbsent(key, k -> free()));
    }
    return out;
  }

  /** Another number whenever {@link #all} gives something else. */
  long version() {
    return version;
  }

  /** All remembered numbers: what an agent that follows shall begin with. */
  Map<K, Integer> all() {
    return Map.copyOf(numbers);
  }

  private int free() {
    int bit = used.nextClearBit(0);
    used.set(bit);
    version++;
    return first + bit;
  }

  private void forgetAllBut(Collection<K> named) {
    var keep = new TreeSet<>(named);
    numbers.keySet().removeIf(key -> !keep.contains(key));
    used.clear();
    version++;
    numbers.values().forEach(number -> used.set(number - first));
  }
}
