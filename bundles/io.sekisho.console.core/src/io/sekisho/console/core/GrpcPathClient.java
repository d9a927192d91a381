package io.sekisho.console.core;

import io.grpc.Channel;
import io.sekisho.api.v1.PathsGrpc;
import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Paths over the session's present channel. Safe for threads. */
final class GrpcPathClient implements PathClient {
  /** 20 pings without an answer take 20 s, and another agent may have to be asked. */
  private static final long SECONDS = 60;

  private final Supplier<Optional<Channel>> channel;

  GrpcPathClient(Supplier<Optional<Channel>> channel) {
    this.channel = channel;
  }

  @Override
  public CompletableFuture<TracePathResponse> trace(TracePathRequest request) {
    Optional<Channel> open = channel.get();
    if (open.isEmpty()) {
      return CompletableFuture.failedFuture(Failures.notConnected("The path"));
    }
    return Calls.future(
        PathsGrpc.newFutureStub(open.get())
            .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
            .trace(request),
        t -> Failures.measuring("The path", t));
  }
}
