package io.sekisho.policy.reach;

import io.sekisho.policy.Direction;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Expectation;
import io.sekisho.policy.Identity;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.PortRange;
import io.sekisho.policy.evaluate.Question;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Proves expectations over every pair of identities and every port. */
public final class Prover {
  private final List<PolicyDocument> documents;
  private final List<PolicyDocument> before;
  private final Cluster cluster;
  private final Enforcement enforcement;
  private final Reachability reachability;
  private final Population population;
  private @Nullable Reachability reachabilityBefore;

  private Prover(
      List<PolicyDocument> before,
      List<PolicyDocument> documents,
      Cluster cluster,
      Enforcement enforcement) {
    this.enforcement = enforcement;
    this.before = before;
    this.documents = documents;
    this.cluster = cluster;
    this.reachability = new Reachability(documents, cluster, before, enforcement);
    this.population = reachability.population();
  }

  /**
   * Proves every expectation of the documents by all of them.
   *
   * @param documents those of one revision, expectations among them
   * @param identities of the pods
   */
  public static List<Proof> prove(List<PolicyDocument> documents, Collection<Identity> identities) {
    return prove(documents, Cluster.of(identities), Enforcement.USUAL);
  }

  /**
   * Proves every expectation of the documents by all of them, obeyed as the cluster does: what
   * passes under audit passes.
   *
   * @param documents those of one revision, expectations among them
   * @param cluster the pods
   */
  public static List<Proof> prove(
      List<PolicyDocument> documents, Cluster cluster, Enforcement enforcement) {
    var prover = new Prover(List.of(), documents, cluster, enforcement);
    return expectations(documents).stream().map(prover::prove).toList();
  }

  /**
   * Proves every expectation of the documents, and says of those that are broken whether they were
   * broken before in the same places.
   *
   * @param before documents of the revision that is in force
   * @param after documents that shall come in force
   * @param identities of the pods
   */
  public static List<Comparison> compare(
      List<PolicyDocument> before, List<PolicyDocument> after, Collection<Identity> identities) {
    return compare(before, after, Cluster.of(identities), Enforcement.USUAL);
  }

  /** The same where both are obeyed as a cluster does. */
  public static List<Comparison> compare(
      List<PolicyDocument> before,
      List<PolicyDocument> after,
      Cluster cluster,
      Enforcement enforcement) {
    var prover = new Prover(before, after, cluster, enforcement);
    Map<String, Expectation> known =
        expectations(before).stream()
            .collect(Collectors.toMap(Expectation::name, Function.identity(), (a, b) -> a));
    return expectations(after).stream()
        .map(e -> prover.compare(e, Optional.ofNullable(known.get(e.name()))))
        .toList();
  }

  private static List<Expectation> expectations(List<PolicyDocument> documents) {
    return documents.stream().flatMap(d -> d.expectations().stream()).toList();
  }

  private Proof prove(Expectation expectation) {
    var violations = new Violations(expectation, reachability);
    var found = new AtomicReference<@Nullable Wrong>();
    violations.visit(
        (s, d) -> {
          BitSet wrong = violations.of(s, d);
          if (!wrong.isEmpty()) {
            found.set(new Wrong(s, d, wrong.nextSetBit(0)));
          }
          return !wrong.isEmpty();
        });
    return new Proof(
        expectation, violations.pairs(), Optional.ofNullable(found.get()).map(this::example));
  }

  private Comparison compare(Expectation expectation, Optional<Expectation> known) {
    Proof proof = prove(expectation);
    if (proof.holds() || known.isEmpty()) {
      return new Comparison(proof, !proof.holds());
    }
    Optional<Wrong> worse = worse(expectation, known.get());
    return worse
        .map(w -> new Proof(expectation, proof.pairs(), Optional.of(example(w))))
        .map(p -> new Comparison(p, true))
        .orElseGet(() -> new Comparison(proof, false));
  }

  /** A connection that is not as expected, and was before. */
  private Optional<Wrong> worse(Expectation expectation, Expectation known) {
    Reachability earlier = reachabilityBefore;
    if (earlier == null) {
      earlier = new Reachability(before, cluster, documents, enforcement);
      reachabilityBefore = earlier;
    }
    var now = new Violations(expectation, reachability);
    var then = new Violations(known, earlier);
    var found = new AtomicReference<@Nullable Wrong>();
    now.visit(
        (s, d) -> {
          BitSet wrong = now.of(s, d);
          wrong.andNot(then.of(s, d));
          if (!wrong.isEmpty()) {
            found.set(new Wrong(s, d, wrong.nextSetBit(0)));
          }
          return !wrong.isEmpty();
        });
    return Optional.ofNullable(found.get());
  }

  /** Places in the population, and a class of ports. */
  private record Wrong(int source, int destination, int ports) {}

  private Proof.CounterExample example(Wrong wrong) {
    PortRange ports = reachability.classes().of(wrong.ports());
    var question =
        new Question(
                population.get(wrong.source()),
                population.get(wrong.destination()),
                ports.protocol(),
                ports.first(),
                Direction.EGRESS)
            .between(population.address(wrong.source()), population.address(wrong.destination()));
    return new Proof.CounterExample(
        question.source(),
        question.destination(),
        ports.protocol(),
        ports.first(),
        question.source().isEndpoint()
            ? Optional.of(reachability.evaluator().evaluate(question))
            : Optional.empty(),
        question.destination().isEndpoint()
            ? Optional.of(reachability.evaluator().evaluate(question.with(Direction.INGRESS)))
            : Optional.empty());
  }
}
