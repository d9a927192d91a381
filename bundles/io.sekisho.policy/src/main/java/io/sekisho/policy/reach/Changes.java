package io.sekisho.policy.reach;

import io.sekisho.policy.Identity;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/** What another set of documents would let pass, and what no more. */
public final class Changes {
  private Changes() {}

  /**
   * A pair for which something changes.
   *
   * @param source who opens connections
   * @param destination who serves them
   * @param opened ports that pass from now on
   * @param closed ports that pass no more
   */
  public record Change(
      Identity source, Identity destination, List<PortRange> opened, List<PortRange> closed) {}

  /**
   * Every pair for which something changes.
   *
   * @param before documents of the old revision
   * @param after documents of the new one
   * @param identities of the pods
   */
  public static List<Change> between(
      List<PolicyDocument> before, List<PolicyDocument> after, Collection<Identity> identities) {
    var old = new Reachability(before, identities, after);
    var now = new Reachability(after, identities, before);
    Population population = old.population();
    var out = new ArrayList<Change>();
    for (int s = 0; s < population.size(); s++) {
      for (int d = 0; d < population.size(); d++) {
        if (!old.isDecided(s, d)) {
          continue;
        }
        BitSet was = old.ports(s, d);
        BitSet is = now.ports(s, d);
        if (!was.equals(is)) {
          out.add(
              new Change(
                  population.get(s),
                  population.get(d),
                  old.classes().ranges(without(is, was)),
                  old.classes().ranges(without(was, is))));
        }
      }
    }
    return out;
  }

  private static BitSet without(BitSet one, BitSet other) {
    var out = (BitSet) one.clone();
    out.andNot(other);
    return out;
  }
}
