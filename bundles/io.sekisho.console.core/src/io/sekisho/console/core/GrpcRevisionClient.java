package io.sekisho.console.core;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.sekisho.api.v1.ConfirmRequest;
import io.sekisho.api.v1.ConfirmResponse;
import io.sekisho.api.v1.EnforcementGrpc;
import io.sekisho.api.v1.EnforcementStatus;
import io.sekisho.api.v1.GetEnforcementRequest;
import io.sekisho.api.v1.GetRevisionRequest;
import io.sekisho.api.v1.HistoryRequest;
import io.sekisho.api.v1.HistoryResponse;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RevisionState;
import io.sekisho.api.v1.RevisionsGrpc;
import io.sekisho.api.v1.RevisionsGrpc.RevisionsFutureStub;
import io.sekisho.api.v1.RollbackRequest;
import io.sekisho.api.v1.Rollout;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.api.v1.ValidateResponse;
import io.sekisho.api.v1.WatchRolloutRequest;
import io.sekisho.impact.seen.NodeEnforcement;
import io.sekisho.policy.Enforcement;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Revisions over the session's present channel. Safe for threads. */
final class GrpcRevisionClient implements RevisionClient {
  private static final long READ_SECONDS = 10;
  private static final long WRITE_SECONDS = 30;

  private final Supplier<Optional<Channel>> channel;
  private final Runnable changed;
  private final AtomicLong head = new AtomicLong();
  private final AtomicLong realized = new AtomicLong(-1);
  private volatile Optional<Revision> pending = Optional.empty();

  GrpcRevisionClient(Supplier<Optional<Channel>> channel, Runnable changed) {
    this.channel = channel;
    this.changed = changed;
  }

  @Override
  public CompletableFuture<ValidateResponse> validate(ValidateRequest request) {
    return call("The check", READ_SECONDS, s -> s.validate(request));
  }

  @Override
  public CompletableFuture<PushResponse> push(PushRequest request) {
    return wrote(call("The push", WRITE_SECONDS, s -> s.push(request)));
  }

  @Override
  public CompletableFuture<Revision> confirm(long revision) {
    ConfirmRequest request = ConfirmRequest.newBuilder().setRevision(revision).build();
    return wrote(call("The confirmation", WRITE_SECONDS, s -> s.confirm(request)))
        .thenApply(ConfirmResponse::getRevision);
  }

  @Override
  public CompletableFuture<PushResponse> rollback(RollbackRequest request) {
    return wrote(call("The rollback", WRITE_SECONDS, s -> s.rollback(request)));
  }

  @Override
  public CompletableFuture<Enforcement> enforcement() {
    String asked = "The way in which policies are obeyed";
    Optional<Channel> open = channel.get();
    if (open.isEmpty()) {
      return CompletableFuture.failedFuture(Failures.notConnected(asked));
    }
    ListenableFuture<EnforcementStatus> sent =
        EnforcementGrpc.newFutureStub(open.get())
            .withDeadlineAfter(READ_SECONDS, TimeUnit.SECONDS)
            .get(GetEnforcementRequest.getDefaultInstance());
    return Calls.future(sent, t -> Failures.of(asked, t)).thenApply(NodeEnforcement::of);
  }

  @Override
  public CompletableFuture<HistoryResponse> history() {
    return call("The history", READ_SECONDS, s -> s.history(HistoryRequest.getDefaultInstance()))
        .thenApply(this::noteHead);
  }

  @Override
  public CompletableFuture<Revision> get(long number) {
    GetRevisionRequest request = GetRevisionRequest.newBuilder().setNumber(number).build();
    return call("Revision " + number, READ_SECONDS, s -> s.get(request));
  }

  @Override
  public CompletableFuture<Void> watchRollout(long revision, Consumer<Rollout> each) {
    Optional<Channel> open = channel.get();
    if (open.isEmpty()) {
      return CompletableFuture.failedFuture(Failures.notConnected("The rollout"));
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    RevisionsGrpc.newStub(open.get())
        .watchRollout(
            WatchRolloutRequest.newBuilder().setRevision(revision).build(),
            new RolloutStream(each, done));
    return done;
  }

  @Override
  public long head() {
    return head.get();
  }

  @Override
  public Optional<Revision> pending() {
    return pending;
  }

  /** A node says that it has realized a revision: when it is news, the head is asked for again. */
  void nodeRealized(long revision) {
    if (revision != 0 && realized.getAndSet(revision) != revision) {
      refresh();
    }
  }

  /** Asks for the head; who listens is told when it has moved or a rollout has changed. */
  void refresh() {
    history().thenRun(changed);
  }

  private HistoryResponse noteHead(HistoryResponse response) {
    head.set(response.getHead());
    pending =
        response.getRevisionsList().stream()
            .filter(r -> r.getNumber() == response.getHead())
            .filter(r -> r.getState() == RevisionState.PENDING)
            .findFirst();
    return response;
  }

  private <T> CompletableFuture<T> wrote(CompletableFuture<T> call) {
    call.whenComplete((done, failure) -> refresh());
    return call;
  }

  private <T> CompletableFuture<T> call(
      String asked, long seconds, Function<RevisionsFutureStub, ListenableFuture<T>> body) {
    Optional<Channel> open = channel.get();
    if (open.isEmpty()) {
      return CompletableFuture.failedFuture(Failures.notConnected(asked));
    }
    ListenableFuture<T> sent =
        body.apply(
            RevisionsGrpc.newFutureStub(open.get()).withDeadlineAfter(seconds, TimeUnit.SECONDS));
    return Calls.future(sent, t -> Failures.of(asked, t));
  }

  /** Hands on every state; cancelled with the future. */
  private record RolloutStream(Consumer<Rollout> each, CompletableFuture<Void> done)
      implements ClientResponseObserver<WatchRolloutRequest, Rollout> {
    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRolloutRequest> call) {
      done.whenComplete(
          (value, failure) -> {
            if (done.isCancelled()) {
              call.cancel("the operator looks away", null);
            }
          });
    }

    @Override
    public void onNext(Rollout rollout) {
      each.accept(rollout);
    }

    @Override
    public void onError(Throwable t) {
      done.completeExceptionally(Failures.of("The rollout", t));
    }

    @Override
    public void onCompleted() {
      done.complete(null);
    }
  }
}
