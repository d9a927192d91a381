package io.sekisho.policy.reach;

import io.sekisho.policy.Action;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Expectation;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NamedPort;
import io.sekisho.policy.PortRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Where an expectation does not hold. Pairs are looked at only where a whole group of an endpoint's
 * peers leaves room for it, so that what holds is found out without looking at every pair.
 */
final class Violations {
  private final Expectation expectation;
  private final Reachability reachability;
  private final Population population;
  private final BitSet from;
  private final BitSet to;
  private final Map<List<PortRange>, BitSet> known = new HashMap<>();
  private final List<BitSet> meant = new ArrayList<>();

  Violations(Expectation expectation, Reachability reachability) {
    this.expectation = expectation;
    this.reachability = reachability;
    this.population = reachability.population();
    this.from = population.matching(expectation.from());
    this.to = population.matching(expectation.to());
    for (int d = 0; d < population.size(); d++) {
      meant.add(to.get(d) ? classes(population.get(d).labels()) : new BitSet());
    }
  }

  private BitSet classes(Labels server) {
    var ranges = new ArrayList<>(expectation.ports());
    for (NamedPort named : expectation.named()) {
      ranges.addAll(named.at(server, expectation.allow() ? Action.ALLOW : Action.DENY));
    }
    return known.computeIfAbsent(ranges, reachability.classes()::of);
  }

  /** How many pairs the expectation speaks of. */
  long pairs() {
    long endpoints = from.stream().filter(population::isEndpoint).count();
    return to.stream()
        .filter(d -> !meant.get(d).isEmpty())
        .mapToLong(d -> population.isEndpoint(d) ? from.cardinality() : endpoints)
        .sum();
  }

  /** The classes of ports for which a pair is not as expected; a new set. */
  BitSet of(int source, int destination) {
    if (!from.get(source) || !reachability.isDecided(source, destination)) {
      return new BitSet();
    }
    BitSet passes = reachability.ports(source, destination);
    var out = (BitSet) meant.get(destination).clone();
    if (expectation.allow()) {
      out.andNot(passes);
    } else {
      out.and(passes);
    }
    return out;
  }

  /**
   * Visits pairs that may not be as expected, among them all that are not, until one is taken.
   *
   * @param visitor takes source and destination; whether to stop
   */
  void visit(BiPredicate<Integer, Integer> visitor) {
    for (int d = to.nextSetBit(0); d >= 0; d = to.nextSetBit(d + 1)) {
      BitSet sources = meant.get(d).isEmpty() ? new BitSet() : suspects(d);
      for (int s = sources.nextSetBit(0); s >= 0; s = sources.nextSetBit(s + 1)) {
        boolean possible =
            expectation.allow() || reachability.egress(s, d).intersects(meant.get(d));
        if (possible && visitor.test(s, d)) {
          return;
        }
      }
    }
    if (expectation.allow()) {
      visitSources(visitor);
    }
  }

  /** Who may be wrong for a destination, as far as its own side tells. */
  private BitSet suspects(int destination) {
    BitSet ports = meant.get(destination);
    BitSet out;
    if (!population.isEndpoint(destination)) {
      out = expectation.allow() ? new BitSet() : (BitSet) population.endpoints().clone();
    } else {
      Side side = reachability.side(destination, Direction.INGRESS);
      out =
          expectation.allow()
              ? side.places(open -> !covers(open, ports))
              : side.places(open -> open.intersects(ports));
      BitSet host = population.places(Identity.HOST.number()); // passes its own pods
      if (expectation.allow()) {
        out.andNot(host);
      } else {
        out.or(host);
      }
    }
    out.and(from);
    return out;
  }

  /** For what must pass: the sources' sides too. */
  private void visitSources(BiPredicate<Integer, Integer> visitor) {
    var sources = (BitSet) from.clone();
    sources.and(population.endpoints());
    for (BitSet ports : known.values()) {
      var servers = new BitSet();
      to.stream().filter(d -> meant.get(d).equals(ports)).forEach(servers::set);
      for (int s = sources.nextSetBit(0); s >= 0; s = sources.nextSetBit(s + 1)) {
        BitSet wrong = reachability.side(s, Direction.EGRESS).places(open -> !covers(open, ports));
        wrong.and(servers);
        for (int d = wrong.nextSetBit(0); d >= 0; d = wrong.nextSetBit(d + 1)) {
          if (visitor.test(s, d)) {
            return;
          }
        }
      }
    }
  }

  private static boolean covers(BitSet open, BitSet ports) {
    var left = (BitSet) ports.clone();
    left.andNot(open);
    return left.isEmpty();
  }
}
