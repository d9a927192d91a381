package io.sekisho.console.core;

import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;
import java.util.concurrent.CompletableFuture;

/**
 * Paths between endpoints. A call is sent at once and completes on a thread of gRPC, failures with
 * {@link ConsoleException}; cancelling the future cancels the call.
 */
@FunctionalInterface
public interface PathClient {
  /** The hops of a path and what pings along it say; takes a second for each ping at worst. */
  CompletableFuture<TracePathResponse> trace(TracePathRequest request);
}
