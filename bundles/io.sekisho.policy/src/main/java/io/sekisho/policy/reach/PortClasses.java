package io.sekisho.policy.reach;

import io.sekisho.policy.PortRange;
import io.sekisho.policy.compile.PeerVerdicts.Verdict;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All ports of all protocols, cut where some range begins or ends: within a class every document
 * decides alike. A set of ports is a set of classes.
 */
final class PortClasses {
  /** A protocol that no document can name, for all those that none can name. */
  static final int OTHER = 255;

  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;

  private final List<PortRange> classes = new ArrayList<>();
  private final TreeMap<Integer, TreeMap<Integer, Integer>> index = new TreeMap<>();

  /** Classes for these ranges. */
  PortClasses(Collection<PortRange> ranges) {
    var cuts = new TreeMap<Integer, TreeSet<Integer>>();
    for (int protocol :
        List.of(ICMP, PortRange.TCP, PortRange.UDP, ICMPV6, PortRange.SCTP, OTHER)) {
      cuts.put(protocol, new TreeSet<>(List.of(0)));
    }
    for (PortRange range : ranges) {
      if (range.protocol() != 0) {
        TreeSet<Integer> of =
            cuts.computeIfAbsent(range.protocol(), p -> new TreeSet<>(List.of(0)));
        of.add(range.first());
        of.add(range.last() + 1);
      }
    }
    cuts.forEach(this::add);
  }

  private void add(int protocol, TreeSet<Integer> cuts) {
    int end = protocol == ICMP || protocol == ICMPV6 ? 256 : 65536; // a type has 8 bits
    var starts = new TreeMap<Integer, Integer>();
    for (int first : cuts.headSet(end)) {
      Integer next = cuts.higher(first);
      starts.put(first, classes.size());
      classes.add(new PortRange(protocol, first, (next == null ? end : Math.min(next, end)) - 1));
    }
    starts.put(65536, classes.size());
    index.put(protocol, starts);
  }

  int size() {
    return classes.size();
  }

  /** One connection of a class: its protocol, and its first port. */
  PortRange of(int number) {
    return classes.get(number);
  }

  /** The classes of ranges, each of which begins and ends where classes do. */
  BitSet of(Collection<PortRange> ranges) {
    var out = new BitSet(size());
    ranges.forEach(r -> set(out, r, true));
    return out;
  }

  /** The classes that pass. */
  BitSet passing(List<Verdict> verdicts) {
    var out = new BitSet(size());
    verdicts.forEach(v -> set(out, v.ports(), v.passes()));
    return out;
  }

  /** The classes that are dropped because no rule allows them. */
  BitSet byDefault(List<Verdict> verdicts) {
    var out = new BitSet(size());
    verdicts.forEach(v -> set(out, v.ports(), v.byDefault()));
    return out;
  }

  /** Sets a range; a part of it that is smaller than a class lies in one whose rest is like it. */
  private void set(BitSet out, PortRange range, boolean value) {
    if (range.protocol() == 0) {
      out.set(0, size(), value);
      return;
    }
    TreeMap<Integer, Integer> starts = index.getOrDefault(range.protocol(), new TreeMap<>());
    var from = starts.ceilingEntry(range.first());
    var to = starts.ceilingEntry(range.last() + 1);
    if (from != null && to != null) {
      out.set(from.getValue(), to.getValue(), value);
    }
  }

  /** Classes as ranges; neighbours are joined, and all together are {@link PortRange#ALL}. */
  List<PortRange> ranges(BitSet set) {
    if (set.cardinality() == size()) {
      return List.of(PortRange.ALL);
    }
    var out = new ArrayList<PortRange>();
    for (int i = set.nextSetBit(0); i >= 0; i = set.nextSetBit(i + 1)) {
      PortRange next = classes.get(i);
      PortRange last = out.isEmpty() ? null : out.getLast();
      if (last != null && last.protocol() == next.protocol() && last.last() + 1 == next.first()) {
        out.removeLast();
        next = new PortRange(last.protocol(), last.first(), next.last());
      }
      out.add(next);
    }
    return out;
  }
}
