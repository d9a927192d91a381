package io.sekisho.console.core;

import io.sekisho.api.v1.TracePolicyRequest;
import io.sekisho.api.v1.TracePolicyResponse;
import java.util.concurrent.CompletableFuture;

/**
 * Questions to the agents about policies: they know all that is in force, also what comes from an
 * API server that the session does not see. A call is sent at once and completes on a thread of
 * gRPC, failures with {@link ConsoleException}; cancelling the future cancels the call.
 */
@FunctionalInterface
public interface PolicyClient {
  /** What both ends decide about a connection now; fails where an end is not known any more. */
  CompletableFuture<TracePolicyResponse> trace(TracePolicyRequest request);
}
