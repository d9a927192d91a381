package io.sekisho.policy.reach;

import io.sekisho.policy.compile.PeerVerdicts;
import io.sekisho.policy.compile.PeerVerdicts.Verdict;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What one endpoint lets pass in one direction: its peers, those with the same ports in one group.
 */
final class Side {
  private final char[] groupOf;
  private final List<Group> groups = new ArrayList<>();

  /** Places of the population to which the same ports are open. */
  private record Group(BitSet ports, BitSet members) {}

  Side(PeerVerdicts verdicts, Population population, PortClasses classes) {
    groupOf = new char[population.size()];
    Map<BitSet, Integer> byPorts = new HashMap<>();
    int others = group(classes.passing(verdicts.others()), byPorts);
    groups.get(others).members.set(0, population.size());
    Map<List<Verdict>, Integer> byList = new IdentityHashMap<>();
    verdicts
        .named()
        .forEach(
            (number, list) -> {
              int group = byList.computeIfAbsent(list, l -> group(classes.passing(l), byPorts));
              population.places(number).stream().forEach(place -> move(place, group));
            });
    if (!verdicts.blocks().isEmpty()) {
      addBlocks(verdicts, population, classes, byPorts);
    }
  }

  /** What passes because of an address, on top of what passes anyway. */
  private void addBlocks(
      PeerVerdicts verdicts,
      Population population,
      PortClasses classes,
      Map<BitSet, Integer> byPorts) {
    for (int place = 0; place < groupOf.length; place++) {
      List<Verdict> more = verdicts.blocks().getOrDefault(population.block(place), List.of());
      if (!more.isEmpty()) {
        int number = population.get(place).number();
        List<Verdict> list = verdicts.named().getOrDefault(number, verdicts.others());
        BitSet ports = classes.byDefault(list);
        ports.and(classes.passing(more));
        ports.or(classes.passing(list));
        move(place, group(ports, byPorts));
      }
    }
  }

  private void move(int place, int group) {
    groups.get(groupOf[place]).members.clear(place);
    groups.get(group).members.set(place);
    groupOf[place] = (char) group;
  }

  private int group(BitSet ports, Map<BitSet, Integer> byPorts) {
    return byPorts.computeIfAbsent(
        ports,
        p -> {
          if (groups.size() > Character.MAX_VALUE) {
            throw new IllegalStateException("an endpoint has more than 65536 sets of ports");
          }
          groups.add(new Group(p, new BitSet()));
          return groups.size() - 1;
        });
  }

  /** The ports that pass between the endpoint and a place; not to be changed. */
  BitSet ports(int place) {
    return groups.get(groupOf[place]).ports;
  }

  /** The places to which some set of ports is open; a new set. */
  BitSet places(Predicate<BitSet> ports) {
    var out = new BitSet(groupOf.length);
    groups.stream().filter(g -> ports.test(g.ports)).forEach(g -> out.or(g.members));
    return out;
  }

  /** Whether the same ports are open to every place. */
  boolean equalTo(Side other) {
    return groups.stream()
        .allMatch(
            g -> {
              BitSet same = other.places(g.ports::equals);
              same.and(g.members);
              return same.equals(g.members);
            });
  }
}
