package io.sekisho.console.core;

import io.grpc.Channel;
import io.sekisho.api.v1.PoliciesGrpc;
import io.sekisho.api.v1.TracePolicyRequest;
import io.sekisho.api.v1.TracePolicyResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    Optional<Channel> open = channel.get();
    if (open.isEmpty()) {
      return CompletableFuture.failedFuture(Failures.notConnected(ASKED));
    }
    return Calls.future(
        PoliciesGrpc.newFutureStub(open.get())
            .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
            .trace(request),
        t -> Failures.of(ASKED, t));
  }
}
