package io.sekisho.policy.reach;

import io.sekisho.policy.BlockLabels;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NodeLabels;
import io.sekisho.policy.Peer;
import io.sekisho.policy.compile.PeerIndex;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Everybody who can be at an end of a connection; a group of them is a set of places. */
final class Population {
  private final List<Occupant> all = new ArrayList<>();
  private final Map<Cidr, Integer> blocks = new HashMap<>();
  private final PeerIndex index;
  private final Map<Integer, BitSet> places = new HashMap<>();
  private final Map<Labels, BitSet> byLabels = new HashMap<>();
  private final BitSet endpoints = new BitSet();

  /**
   * These identities, the reserved ones, and one for each of the prefixes.
   *
   * @param cluster pods, and anybody else who is known
   * @param cidrs prefixes that documents name
   * @param blocks those of them that mean pods and nodes by their addresses
   * @param nodes whether documents speak of nodes' own traffic
   */
  Population(Cluster cluster, Collection<Cidr> cidrs, Collection<Cidr> blocks, boolean nodes) {
    List<Identity> identities = identities(cluster.identities(), cidrs);
    var indexed = new ArrayList<>(identities);
    for (Cidr block : blocks) {
      Identity number = BlockLabels.identity(Identity.FIRST_LOCAL + this.blocks.size(), block);
      this.blocks.put(block, number.number());
      indexed.add(number);
    }
    index = PeerIndex.of(indexed);
    for (Identity identity : identities) {
      boolean decides = identity.isEndpoint() || (nodes && NodeLabels.isHost(identity.labels()));
      Set<Cidr> addresses =
          blocks.isEmpty()
              ? Set.of()
              : cluster.addresses().getOrDefault(identity.number(), Set.of());
      for (Occupant occupant : Occupant.of(identity, addresses, blocks)) {
        int place = all.size();
        all.add(occupant);
        endpoints.set(place, decides);
        places.computeIfAbsent(identity.number(), n -> new BitSet()).set(place);
        byLabels.computeIfAbsent(identity.labels(), l -> new BitSet()).set(place);
      }
    }
  }

  private static List<Identity> identities(
      Collection<Identity> identities, Collection<Cidr> cidrs) {
    var list = new ArrayList<Identity>();
    var labels = new HashSet<Labels>();
    var numbers = new HashSet<Integer>();
    identities.forEach(i -> add(i, list, labels, numbers));
    Identity.RESERVED.forEach(i -> add(i, list, labels, numbers));
    int next = Identity.FIRST_LOCAL;
    for (Cidr cidr : cidrs) {
      while (numbers.contains(next)) {
        next++;
      }
      add(new Identity(next, CidrLabels.of(cidr)), list, labels, numbers);
    }
    return list;
  }

  private static void add(
      Identity identity, List<Identity> list, Set<Labels> labels, Set<Integer> numbers) {
    if (labels.add(identity.labels()) && numbers.add(identity.number())) {
      list.add(identity);
    }
  }

  int size() {
    return all.size();
  }

  Identity get(int place) {
    return all.get(place).identity();
  }

  /** One address of those at the place; empty if none is known. */
  Optional<Cidr> address(int place) {
    return all.get(place).address();
  }

  /** The number of the block that holds the addresses of those at the place, 0 if none does. */
  int block(int place) {
    return all.get(place).block().map(b -> blocks.getOrDefault(b, 0)).orElse(0);
  }

  /** The places of a number, none if nobody has it; not to be changed. */
  BitSet places(int number) {
    return places.getOrDefault(number, new BitSet());
  }

  /** The places of labels, whatever number they have here; none if nobody has them. */
  BitSet places(Identity identity) {
    return byLabels.getOrDefault(identity.labels(), new BitSet());
  }

  /** Those of some places that hold an address; all of them if none does. */
  BitSet at(BitSet some, Cidr address) {
    Optional<Cidr> block = Occupant.longest(address, blocks.keySet());
    var out = new BitSet();
    some.stream().filter(p -> all.get(p).block().equals(block)).forEach(out::set);
    return out.isEmpty() ? some : out;
  }

  PeerIndex index() {
    return index;
  }

  /** The places for which policies decide; not to be changed. */
  BitSet endpoints() {
    return endpoints;
  }

  /** Whether policies decide for what is at the place. */
  boolean isEndpoint(int place) {
    return endpoints.get(place);
  }

  /** Who is meant by any of the peers. */
  BitSet matching(Collection<Peer> peers) {
    var out = new BitSet(size());
    for (Peer peer : peers) {
      if (peer.matchesAll()) {
        out.set(0, size());
      } else {
        index.matching(peer).forEach(i -> out.or(places(i.number())));
      }
    }
    return out;
  }
}
