package io.sekisho.policy.reach;

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
import java.util.Set;

/** Everybody who can be at an end of a connection; a group of them is a set of places. */
final class Population {
  private final List<Identity> all;
  private final PeerIndex index;
  private final Map<Integer, Integer> places = new HashMap<>();
  private final Map<Labels, Integer> byLabels = new HashMap<>();
  private final BitSet endpoints = new BitSet();

  /**
   * These identities, the reserved ones, and one for each of the prefixes.
   *
   * @param identities of pods, and of anything else that is known
   * @param cidrs prefixes that documents name
   * @param nodes whether documents speak of nodes' own traffic
   */
  Population(Collection<Identity> identities, Collection<Cidr> cidrs, boolean nodes) {
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
    all = List.copyOf(list);
    index = PeerIndex.of(all);
    for (int i = 0; i < all.size(); i++) {
      places.put(all.get(i).number(), i);
      byLabels.put(all.get(i).labels(), i);
      boolean node = nodes && NodeLabels.isHost(all.get(i).labels());
      endpoints.set(i, node || all.get(i).isEndpoint());
    }
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
    return all.get(place);
  }

  /** The place of a number, -1 if nobody has it. */
  int place(int number) {
    return places.getOrDefault(number, -1);
  }

  /** The place of labels, whatever number they have here; -1 if nobody has them. */
  int place(Identity identity) {
    return byLabels.getOrDefault(identity.labels(), -1);
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
        index.matching(peer).forEach(i -> out.set(place(i.number())));
      }
    }
    return out;
  }
}
