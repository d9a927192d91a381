package io.sekisho.policy.reach;

import io.sekisho.policy.Action;
import io.sekisho.policy.Direction;
import io.sekisho.policy.Expectation;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.policy.NamedPort;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.evaluate.Question;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Proves expectations over every pair of identities and every port. */
public final class Prover {
  private final Reachability reachability;
  private final Population population;
  private final PortClasses classes;

  private Prover(Reachability reachability) {
    this.reachability = reachability;
    this.population = reachability.population();
    this.classes = reachability.classes();
  }

  /**
   * Proves every expectation of the documents by all of them.
   *
   * @param documents those of one revision, expectations among them
   * @param identities of the pods
   */
  public static List<Proof> prove(List<PolicyDocument> documents, Collection<Identity> identities) {
    var prover = new Prover(new Reachability(documents, identities));
    return documents.stream().flatMap(d -> d.expectations().stream()).map(prover::prove).toList();
  }

  private Proof prove(Expectation expectation) {
    BitSet from = population.matching(expectation.from());
    BitSet to = population.matching(expectation.to());
    Map<List<PortRange>, BitSet> meant = new HashMap<>();
    long pairs = 0;
    for (int d = to.nextSetBit(0); d >= 0; d = to.nextSetBit(d + 1)) {
      List<PortRange> ranges = ports(expectation, population.get(d).labels());
      BitSet ports = meant.computeIfAbsent(ranges, classes::of);
      for (int s = from.nextSetBit(0); s >= 0; s = from.nextSetBit(s + 1)) {
        if (ports.isEmpty() || !reachability.isDecided(s, d)) {
          continue;
        }
        pairs++;
        int wrong = wrong(expectation.allow(), s, d, ports);
        if (wrong >= 0) {
          return new Proof(expectation, pairs, Optional.of(example(s, d, wrong)));
        }
      }
    }
    return new Proof(expectation, pairs, Optional.empty());
  }

  private static List<PortRange> ports(Expectation expectation, Labels server) {
    var out = new ArrayList<>(expectation.ports());
    for (NamedPort named : expectation.named()) {
      out.addAll(named.at(server, expectation.allow() ? Action.ALLOW : Action.DENY));
    }
    return out;
  }

  /** A class of the pair that is not as expected, -1 if there is none. */
  private int wrong(boolean allow, int source, int destination, BitSet meant) {
    BitSet out = reachability.egress(source, destination);
    BitSet in = reachability.ingress(source, destination);
    if (!allow && !(out.intersects(in) && out.intersects(meant))) {
      return -1;
    }
    for (int i = meant.nextSetBit(0); i >= 0; i = meant.nextSetBit(i + 1)) {
      if ((out.get(i) && in.get(i)) != allow) {
        return i;
      }
    }
    return -1;
  }

  private Proof.CounterExample example(int source, int destination, int number) {
    PortRange ports = classes.of(number);
    var question =
        new Question(
            population.get(source),
            population.get(destination),
            ports.protocol(),
            ports.first(),
            Direction.EGRESS);
    return new Proof.CounterExample(
        question.source(),
        question.destination(),
        ports.protocol(),
        ports.first(),
        population.isEndpoint(source)
            ? Optional.of(reachability.evaluator().evaluate(question))
            : Optional.empty(),
        population.isEndpoint(destination)
            ? Optional.of(reachability.evaluator().evaluate(question.with(Direction.INGRESS)))
            : Optional.empty());
  }
}
