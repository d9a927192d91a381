package io.sekisho.agent.rpc;

import io.grpc.stub.StreamObserver;
import io.sekisho.agent.explain.PolicyQuestions;
import io.sekisho.api.v1.BesideRequest;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.PoliciesGrpc;
import io.sekisho.api.v1.PolicyChangesRequest;
import io.sekisho.api.v1.PolicyChangesResponse;
import io.sekisho.api.v1.ReachRequest;
import io.sekisho.api.v1.ReachResponse;
import io.sekisho.api.v1.TracePolicyRequest;
import io.sekisho.api.v1.TracePolicyResponse;

/** Questions to policies; any agent answers from the store and the inventory. */
final class PoliciesService extends PoliciesGrpc.PoliciesImplBase {
  private final PolicyQuestions questions;

  PoliciesService(AgentServices services) {
    questions =
        new PolicyQuestions(
            services.revisions(), services.cluster()::inventory, services.enforcement()::inForce);
  }

  @Override
  public void trace(TracePolicyRequest request, StreamObserver<TracePolicyResponse> observer) {
    Errors.answer(observer, () -> questions.trace(request));
  }

  @Override
  public void reach(ReachRequest request, StreamObserver<ReachResponse> observer) {
    Errors.answer(observer, () -> questions.reach(request));
  }

  @Override
  public void changes(
      PolicyChangesRequest request, StreamObserver<PolicyChangesResponse> observer) {
    Errors.answer(observer, () -> questions.changes(request));
  }

  @Override
  public void beside(BesideRequest request, StreamObserver<Document> observer) {
    Errors.answer(observer, () -> questions.beside(request.getName()));
  }
}
