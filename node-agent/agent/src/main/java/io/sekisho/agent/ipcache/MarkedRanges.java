package io.sekisho.agent.ipcache;

import io.sekisho.agent.datapath.DesiredState.Location;
import io.sekisho.policy.Cidr;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Ranges of which every address shall be marked in the cache, whoever has it. */
final class MarkedRanges {
  private final Set<Cidr> ranges;
  private final int[] lengths;

  MarkedRanges(Collection<Cidr> ranges) {
    this.ranges = new HashSet<>(ranges);
    lengths = this.ranges.stream().mapToInt(Cidr::length128).distinct().sorted().toArray();
  }

  /**
   * Marks every prefix that lies in a range, and gives a range that has no prefix of its own one,
   * with the location of the longest prefix around it.
   */
  void mark(Map<Cidr, Location> cache, UnaryOperator<Location> marked) {
    for (Cidr range : ranges) {
      if (!cache.containsKey(range)) {
        around(range, cache).ifPresent(location -> cache.put(range, location));
      }
    }
    cache.replaceAll((prefix, location) -> hold(prefix) ? marked.apply(location) : location);
  }

  private static Optional<Location> around(Cidr range, Map<Cidr, Location> cache) {
    return range
        .outward()
        .flatMap(prefix -> Optional.ofNullable(cache.get(prefix)).stream())
        .findFirst();
  }

  /** Whether a range holds all of the prefix; an IPv6 range never holds IPv4 addresses. */
  private boolean hold(Cidr prefix) {
    byte[] address = prefix.bytes();
    int from = prefix.isV4() ? 96 : 0;
    for (int length : lengths) {
      if (length >= from
          && length <= prefix.length128()
          && ranges.contains(Cidr.of(address, length))) {
        return true;
      }
    }
    return false;
  }
}
