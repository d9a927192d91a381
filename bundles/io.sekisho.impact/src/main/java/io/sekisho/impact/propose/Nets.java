package io.sekisho.impact.propose;

import io.sekisho.policy.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Prefixes as the fewest that hold just the same addresses. */
final class Nets {
  private Nets() {}

  /** Prefixes inside of others go; two halves become the whole, of the same family. */
  static List<Cidr> merged(Collection<Cidr> prefixes) {
    var out = new ArrayList<Cidr>();
    for (Cidr next : new TreeSet<>(prefixes)) {
      if (!out.isEmpty() && out.getLast().contains(next)) {
        continue;
      }
      out.add(next);
      while (out.size() > 1 && areHalves(out.get(out.size() - 2), out.getLast())) {
        Cidr last = out.removeLast();
        Cidr before = out.removeLast();
        out.add(Cidr.of(before.bytes(), last.length128() - 1));
      }
    }
    return out;
  }

  private static boolean areHalves(Cidr one, Cidr other) {
    if (one.length128() != other.length128()
        || one.length128() == 0
        || one.isV4() != other.isV4()) {
      return false;
    }
    Cidr whole = Cidr.of(one.bytes(), one.length128() - 1);
    return whole.contains(other) && whole.isV4() == one.isV4() && !one.equals(other);
  }
}
