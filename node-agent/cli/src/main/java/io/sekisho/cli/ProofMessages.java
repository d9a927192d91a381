package io.sekisho.cli;

import io.sekisho.agent.explain.PolicyJudge;
import io.sekisho.agent.revision.PolicyDocumentReader;
import io.sekisho.api.v1.CounterExample;
import io.sekisho.api.v1.ExpectationResult;
import io.sekisho.api.v1.ExpectationResult.State;
import io.sekisho.api.v1.PolicyEnd;
import io.sekisho.api.v1.ValidateResponse;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Problem;
import io.sekisho.policy.reach.Proof;
import java.util.List;

/** Proofs that no agent made, as an agent would tell them. */
final class ProofMessages {
  private ProofMessages() {}

  /** Problems and proofs together. */
  static ValidateResponse of(List<Problem> problems, List<Proof> proofs) {
    return ValidateResponse.newBuilder()
        .addAllProblems(problems.stream().map(PolicyDocumentReader::message).toList())
        .addAllExpectations(proofs.stream().map(ProofMessages::result).toList())
        .build();
  }

  private static ExpectationResult result(Proof proof) {
    var out = PolicyJudge.message(proof).setState(state(proof));
    proof
        .counterExample()
        .map(e -> example(e, proof.expectation().allow(), proof.toString()))
        .ifPresent(out::setCounterExample);
    return out.build();
  }

  private static State state(Proof proof) {
    if (!proof.holds()) {
      return State.BROKEN;
    }
    return proof.pairs() == 0 ? State.MEANS_NOBODY : State.HOLDS;
  }

  private static CounterExample example(
      Proof.CounterExample example, boolean expected, String text) {
    return CounterExample.newBuilder()
        .setSource(end(example.source()))
        .setDestination(end(example.destination()))
        .setProtocol(example.protocol())
        .setPort(example.port())
        .setPasses(!expected)
        .setText(text)
        .build();
  }

  private static PolicyEnd end(Identity identity) {
    return PolicyEnd.newBuilder()
        .setName(identity.labels().toString())
        .addAllLabels(identity.labels().texts())
        .build();
  }
}
