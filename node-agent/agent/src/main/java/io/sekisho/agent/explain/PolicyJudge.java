package io.sekisho.agent.explain;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.revision.Judge;
import io.sekisho.agent.revision.OtherDocuments;
import io.sekisho.agent.revision.PolicyDocumentReader;
import io.sekisho.api.v1.CounterExample;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.ExpectationResult;
import io.sekisho.api.v1.ExpectationResult.State;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.Expectation;
import io.sekisho.policy.PolicyDocument;
import io.sekisho.policy.check.Traps;
import io.sekisho.policy.evaluate.Evaluation;
import io.sekisho.policy.reach.Comparison;
import io.sekisho.policy.reach.Proof;
import io.sekisho.policy.reach.Prover;
import java.util.List;
import java.util.function.Supplier;

/**
 * Proves expectations and finds traps over everybody who is in the cluster now, by the mode that is
 * in force; audit, which ends one day, counts as if it had ended.
 */
public final class PolicyJudge implements Judge {
  private final DocumentCache parsed = new DocumentCache();
  private final Supplier<Inventory> inventory;
  private final Supplier<Enforcement> enforcement;
  private final Supplier<OtherDocuments> others;

  /** A judge who looks around anew each time, where revisions are all there is. */
  public PolicyJudge(Supplier<Inventory> inventory, Supplier<Enforcement> enforcement) {
    this(inventory, enforcement, () -> OtherDocuments.NONE);
  }

  /** A judge who looks around anew each time. */
  public PolicyJudge(
      Supplier<Inventory> inventory,
      Supplier<Enforcement> enforcement,
      Supplier<OtherDocuments> others) {
    this.inventory = inventory;
    this.enforcement = enforcement;
    this.others = others;
  }

  @Override
  public Judgement judge(List<Document> before, List<Document> after, List<Document> written) {
    var census = new Census(inventory.get());
    OtherDocuments beside = others.get();
    List<PolicyDocument> now = parsed.read(after, beside);
    List<PolicyDocument> fresh = beside.services().resolve(parsed.read(written));
    var traps =
        Traps.find(now, fresh, census.surroundings()).stream()
            .map(PolicyDocumentReader::message)
            .toList();
    if (now.stream().allMatch(d -> d.expectations().isEmpty())) {
      return new Judgement(traps, List.of());
    }
    var verdicts = new Verdicts(now, 0);
    var results =
        Prover.compare(
                parsed.read(before, beside),
                now,
                census.cluster(),
                enforcement.get().audited(false))
            .stream()
            .map(c -> result(c, census, verdicts))
            .toList();
    return new Judgement(traps, results);
  }

  private static ExpectationResult result(Comparison comparison, Census census, Verdicts verdicts) {
    Proof proof = comparison.proof();
    var out = message(proof).setState(state(comparison));
    proof
        .counterExample()
        .map(e -> example(e, proof.expectation().allow(), census, verdicts))
        .ifPresent(out::setCounterExample);
    return out.build();
  }

  /** Which expectation a proof is of, and how many pairs it meant; not what came of it. */
  public static ExpectationResult.Builder message(Proof proof) {
    Expectation expectation = proof.expectation();
    return ExpectationResult.newBuilder()
        .setName(expectation.name())
        .setReason(expectation.reason())
        .setLine(expectation.line())
        .setPairs(proof.pairs());
  }

  private static State state(Comparison comparison) {
    Proof proof = comparison.proof();
    if (proof.holds()) {
      return proof.pairs() == 0 ? State.MEANS_NOBODY : State.HOLDS;
    }
    return comparison.worse() ? State.BROKEN : State.BROKEN_BEFORE;
  }

  private static CounterExample example(
      Proof.CounterExample example, boolean expected, Census census, Verdicts verdicts) {
    var source = census.end(example.source(), example.sourceAddress());
    var destination = census.end(example.destination(), example.destinationAddress());
    var out =
        CounterExample.newBuilder()
            .setSource(source)
            .setDestination(destination)
            .setProtocol(example.protocol())
            .setPort(example.port())
            .setPasses(!expected)
            .setText(
                source.getName()
                    + " to "
                    + destination.getName()
                    + " "
                    + example.at()
                    + (expected ? " is dropped" : " passes")
                    + example.egress().map(e -> side("going out", e)).orElse("")
                    + example.ingress().map(e -> side("coming in", e)).orElse(""));
    example.egress().map(e -> verdicts.side(e, 0)).ifPresent(out::setEgress);
    example.ingress().map(e -> verdicts.side(e, 0)).ifPresent(out::setIngress);
    return out.build();
  }

  private static String side(String which, Evaluation evaluation) {
    return "; " + which + ": " + Verdicts.text(evaluation);
  }
}
