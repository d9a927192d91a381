package io.sekisho.policy.reach;

import io.sekisho.policy.compile.PeerVerdicts;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What one endpoint lets pass in one direction: for each place of the population its ports. */
final class Side {
  private final int[] group;
  private final List<BitSet> ports = new ArrayList<>();

  Side(PeerVerdicts verdicts, Population population, PortClasses classes) {
    group = new int[population.size()];
    ports.add(classes.passing(verdicts.others()));
    Map<List<PeerVerdicts.Verdict>, Integer> known = new IdentityHashMap<>();
    verdicts
        .named()
        .forEach(
            (number, list) -> {
              int place = population.place(number);
              group[place] =
                  known.computeIfAbsent(
                      list,
                      l -> {
                        ports.add(classes.passing(l));
                        return ports.size() - 1;
                      });
            });
  }

  /** The ports that pass between the endpoint and a place; not to be changed. */
  BitSet ports(int place) {
    return ports.get(group[place]);
  }
}
