package io.sekisho.agent.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sekisho.agent.revision.Revisions;
import io.sekisho.api.v1.ConfirmRequest;
import io.sekisho.api.v1.ConfirmResponse;
import io.sekisho.api.v1.DiffRequest;
import io.sekisho.api.v1.DiffResponse;
import io.sekisho.api.v1.GetRevisionRequest;
import io.sekisho.api.v1.HistoryRequest;
import io.sekisho.api.v1.HistoryResponse;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RevisionsGrpc;
import io.sekisho.api.v1.RollbackRequest;
import io.sekisho.api.v1.Rollout;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.api.v1.ValidateResponse;
import io.sekisho.api.v1.WatchRolloutRequest;

/** Revisions; the author of one is whoever pushes it. */
final class RevisionsService extends RevisionsGrpc.RevisionsImplBase {
  private final AgentServices services;
  private final Revisions revisions;
  private final InventoryHistory history;

  RevisionsService(AgentServices services, InventoryHistory history) {
    this.services = services;
    this.revisions = services.revisions();
    this.history = history;
  }

  @Override
  public void validate(ValidateRequest request, StreamObserver<ValidateResponse> observer) {
    Errors.answer(observer, () -> revisions.validate(request));
  }

  @Override
  public void push(PushRequest request, StreamObserver<PushResponse> observer) {
    String author = Caller.current().name();
    Errors.answer(observer, () -> revisions.push(request, author));
  }

  @Override
  public void confirm(ConfirmRequest request, StreamObserver<ConfirmResponse> observer) {
    Errors.answer(
        observer,
        () ->
            ConfirmResponse.newBuilder()
                .setRevision(revisions.confirm(request.getRevision()))
                .build());
  }

  @Override
  public void rollback(RollbackRequest request, StreamObserver<PushResponse> observer) {
    String author = Caller.current().name();
    Errors.answer(observer, () -> revisions.rollback(request, author));
  }

  @Override
  public void history(HistoryRequest request, StreamObserver<HistoryResponse> observer) {
    Errors.answer(observer, () -> revisions.history(request.getLimit(), request.getBefore()));
  }

  @Override
  public void get(GetRevisionRequest request, StreamObserver<Revision> observer) {
    Errors.answer(observer, () -> revisions.get(request.getNumber()));
  }

  @Override
  public void diff(DiffRequest request, StreamObserver<DiffResponse> observer) {
    Errors.answer(observer, () -> revisions.diff(request.getFrom(), request.getTo()));
  }

  @Override
  public void watchRollout(WatchRolloutRequest request, StreamObserver<Rollout> observer) {
    var call = (ServerCallStreamObserver<Rollout>) observer;
    var stream = new RolloutStream(services, history, request.getRevision(), call);
    Thread.ofVirtual().name("watch-rollout").start(stream);
  }
}
