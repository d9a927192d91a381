package io.sekisho.agent.ipcache;

import io.sekisho.agent.datapath.DesiredState.Location;
import io.sekisho.policy.Cidr;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Ranges to which pods speak with their own address: those that the configuration excludes from
 * masquerade, the pod ranges of nodes, and what does not leave the link (RFC 3927, RFC 4291 section
 * 2.5.6) or goes to groups.
 */
final class DirectRanges {
  private static final List<Cidr> ALWAYS =
      Stream.of("169.254.0.0/16", "fe80::/10", "224.0.0.0/4", "ff00::/8").map(Cidr::parse).toList();

  private final Set<Cidr> ranges = new HashSet<>(ALWAYS);
  private final int[] lengths;

  DirectRanges(Collection<Cidr> configured) {
    ranges.addAll(configured);
    lengths = ranges.stream().mapToInt(Cidr::length128).distinct().sorted().toArray();
  }

  /**
   * Marks every prefix that lies in a range, and gives a range that has no prefix of its own one,
   * with the identity of the longest prefix around it.
   */
  void mark(Map<Cidr, Location> cache) {
    for (Cidr range : ranges) {
      if (!cache.containsKey(range)) {
        around(range, cache).ifPresent(location -> cache.put(range, location));
      }
    }
    cache.replaceAll(
        (prefix, location) ->
            location.direct() || !hold(prefix)
                ? location
                : new Location(location.identity(), location.node(), true));
  }

  private static Optional<Location> around(Cidr range, Map<Cidr, Location> cache) {
    byte[] address = range.bytes();
    for (int length = range.length128() - 1; length >= 0; length--) {
      Location location = cache.get(Cidr.of(address, length));
      if (location != null) {
        return Optional.of(new Location(location.identity(), Optional.empty(), true));
      }
    }
    return Optional.empty();
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
