package io.sekisho.console.core;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Channel;
import io.sekisho.api.v1.BesideRequest;
import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.PoliciesGrpc;
import io.sekisho.api.v1.TracePolicyRequest;
import io.sekisho.api.v1.TracePolicyResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** Questions about policies over the session's present channel. Safe for threads. */
final class GrpcPolicyClient implements PolicyClient {
  private static final long SECONDS = 10;
  private static final String ASKED = "The question about policies";

  private final Supplier<Optional<Channel>> channel;

  GrpcPolicyClient(Supplier<Optional<Channel>> channel) {
    this.channel = channel;
  }

  @Override
  public CompletableFuture<TracePolicyResponse> trace(TracePolicyRequest request) {
    return call(s -> s.trace(request));
  }

  @Override
  public CompletableFuture<Document> beside(DocumentName name) {
    return call(s -> s.beside(BesideRequest.newBuilder().setName(name).build()));
  }

  private <T> CompletableFuture<T> call(
      Function<PoliciesGrpc.PoliciesFutureStub, ListenableFuture<T>> ask) {
    Optional<Channel> open = channel.get();
    if (open.isEmpty()) {
      return CompletableFuture.failedFuture(Failures.notConnected(ASKED));
    }
    return Calls.future(
        ask.apply(
            PoliciesGrpc.newFutureStub(open.get()).withDeadlineAfter(SECONDS, TimeUnit.SECONDS)),
        t -> Failures.of(ASKED, t));
  }
}
