package io.sekisho.policy.reach;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Who is at a place of the population: of an identity, those whose addresses the documents treat
 * alike.
 *
 * @param identity who they are
 * @param block the longest prefix of a block that holds their addresses; empty if none does
 * @param address one of them; empty if none is known
 */
record Occupant(Identity identity, Optional<Cidr> block, Optional<Cidr> address) {

  /** Everybody who has an identity. */
  static Collection<Occupant> of(
      Identity identity, Collection<Cidr> addresses, Collection<Cidr> blocks) {
    var out = new LinkedHashMap<Optional<Cidr>, Occupant>();
    for (Cidr address : new TreeSet<>(addresses)) {
      Optional<Cidr> block = longest(address, blocks);
      out.putIfAbsent(block, new Occupant(identity, block, Optional.of(address)));
    }
    return out.isEmpty()
        ? List.of(new Occupant(identity, Optional.empty(), Optional.empty()))
        : out.values();
  }

  /** The longest prefix of a block that holds an address; empty if none does. */
  static Optional<Cidr> longest(Cidr address, Collection<Cidr> blocks) {
    return blocks.stream()
        .filter(block -> block.contains(address))
        .max(Comparator.comparingInt(Cidr::length128));
  }
}
