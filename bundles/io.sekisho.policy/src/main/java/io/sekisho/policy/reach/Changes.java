package io.sekisho.policy.reach;

import io.sekisho.policy.Direction;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Identity;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What another set of documents would let pass, and what no more. */
public final class Changes {
  private final Reachability old;
  private final Reachability now;
  private final Population population;
  private final Map<Side, Map<Side, Boolean>> compared = new IdentityHashMap<>();
  private final Map<List<BitSet>, Delta> deltas = new HashMap<>();

  /** Changes of identities whose addresses are not treated alike, which come up several times. */
  private final Set<Change> told = new HashSet<>();

  private Changes(Reachability old, Reachability now) {
    this.old = old;
    this.now = now;
    this.population = old.population();
  }

  /**
   * Ports that change; pairs for which the same ports change share one.
   *
   * @param opened ports that pass from now on
   * @param closed ports that pass no more
   */
  public record Delta(List<PortRange> opened, List<PortRange> closed) {}

  /**
   * A pair for which something changes.
   *
   * @param source who opens connections
   * @param destination who serves them
   * @param delta what changes
   */
  public record Change(Identity source, Identity destination, Delta delta) {
    /** Ports that pass from now on. */
    public List<PortRange> opened() {
      return delta.opened();
    }

    /** Ports that pass no more. */
    public List<PortRange> closed() {
      return delta.closed();
    }
  }

  /**
   * Every pair for which something changes; may be as many as there are pairs.
   *
   * @param before documents of the old revision
   * @param after documents of the new one
   * @param identities of the pods
   */
  public static List<Change> between(
      List<PolicyDocument> before, List<PolicyDocument> after, Collection<Identity> identities) {
    var out = new ArrayList<Change>();
    visit(before, after, identities, out::add);
    return out;
  }

  /** Shows every pair for which something changes, as {@link #between}, one after the other. */
  public static void visit(
      List<PolicyDocument> before,
      List<PolicyDocument> after,
      Collection<Identity> identities,
      Consumer<Change> visitor) {
    visit(before, after, Cluster.of(identities), Enforcement.USUAL, visitor);
  }

  /** The same where both are obeyed as a cluster does. */
  public static void visit(
      List<PolicyDocument> before,
      List<PolicyDocument> after,
      Cluster cluster,
      Enforcement enforcement,
      Consumer<Change> visitor) {
    var old = new Reachability(before, cluster, after, enforcement);
    var now = new Reachability(after, cluster, before, enforcement);
    new Changes(old, now).visit(visitor);
  }

  private void visit(Consumer<Change> visitor) {
    BitSet destinations = changed(Direction.INGRESS);
    BitSet sources = changed(Direction.EGRESS);
    for (int s = 0; s < population.size(); s++) {
      for (int d = 0; d < population.size(); d++) {
        if (sources.get(s) || destinations.get(d)) {
          visit(s, d, visitor);
        }
      }
    }
  }

  private void visit(int source, int destination, Consumer<Change> visitor) {
    BitSet was = old.ports(source, destination);
    BitSet is = now.ports(source, destination);
    if (!was.equals(is)) {
      Delta delta = deltas.computeIfAbsent(List.of(was, is), w -> delta(was, is));
      var change = new Change(population.get(source), population.get(destination), delta);
      boolean alone = isAlone(source) && isAlone(destination);
      if (alone || told.add(change)) {
        visitor.accept(change);
      }
    }
  }

  /** Whether all who have the identity are at the place. */
  private boolean isAlone(int place) {
    return population.places(population.get(place).number()).cardinality() == 1;
  }

  private Delta delta(BitSet was, BitSet is) {
    return new Delta(
        old.classes().ranges(without(is, was)), old.classes().ranges(without(was, is)));
  }

  private static BitSet without(BitSet one, BitSet other) {
    var out = (BitSet) one.clone();
    out.andNot(other);
    return out;
  }

  /** The endpoints whose own side changes. */
  private BitSet changed(Direction direction) {
    var out = new BitSet();
    BitSet endpoints = population.endpoints();
    for (int i = endpoints.nextSetBit(0); i >= 0; i = endpoints.nextSetBit(i + 1)) {
      Side before = old.side(i, direction);
      Side after = now.side(i, direction);
      boolean same =
          compared
              .computeIfAbsent(before, b -> new IdentityHashMap<>())
              .computeIfAbsent(after, before::equalTo);
      out.set(i, !same);
    }
    return out;
  }
}
