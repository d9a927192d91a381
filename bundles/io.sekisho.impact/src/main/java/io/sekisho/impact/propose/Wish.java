package io.sekisho.impact.propose;

import io.sekisho.policy.Direction;
import io.sekisho.policy.Labels;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * For whom a policy is wanted, and how.
 *
 * @param name name of the document, empty for one made of the workload's
 * @param subjects labels of the endpoints that it is for, of one or more namespaces
 * @param universe labels of every endpoint of the cluster, so that selectors tell them apart
 * @param directions which sides to close
 * @param widthV4 length of IPv4 prefixes, 32 for single addresses
 * @param widthV6 length of IPv6 prefixes, 128 for single addresses
 * @param dropped whether what was dropped shall be allowed too
 * @param kubernetes whether a NetworkPolicy is wanted where that kind can say it
 */
public record Wish(
    String name,
    Collection<Labels> subjects,
    Collection<Labels> universe,
    Set<Direction> directions,
    int widthV4,
    int widthV6,
    boolean dropped,
    boolean kubernetes) {
  /**
   * Checks widths and keeps immutable copies.
   *
   * @throws IllegalArgumentException if a width is no prefix length, or no direction is named
   */
  public Wish {
    if (widthV4 < 0 || widthV4 > 32 || widthV6 < 0 || widthV6 > 128) {
      throw new IllegalArgumentException(
          "prefix lengths go from 0 to 32 for IPv4 and from 0 to 128 for IPv6");
    }
    if (directions.isEmpty()) {
      throw new IllegalArgumentException("name ingress, egress, or both");
    }
    subjects = List.copyOf(subjects);
    universe = List.copyOf(universe);
    directions = Set.copyOf(directions);
  }

  /** The usual: both directions, single addresses outside, only what passed. */
  public static Wish of(Collection<Labels> subjects, Collection<Labels> universe) {
    return new Wish("", subjects, universe, Set.of(Direction.values()), 32, 128, false, false);
  }
}
