package io.sekisho.console.core;

import io.sekisho.api.v1.Document;
import io.sekisho.api.v1.DocumentName;
import io.sekisho.api.v1.TracePolicyRequest;
import io.sekisho.api.v1.TracePolicyResponse;
import java.util.concurrent.CompletableFuture;

/**
 * Questions to the agents about policies: they know all that is in force, also what comes from an
 * API server that the session does not see. A call is sent at once and completes on a thread of
 * gRPC, failures with {@link ConsoleException}; cancelling the future cancels the call.
 */
public interface PolicyClient {
  /** What both ends decide about a connection now; fails where an end is not known any more. */
  CompletableFuture<TracePolicyResponse> trace(TracePolicyRequest request);

  /**
   * A document in force beside those of revisions: of the API server that agents follow.
   *
   * @param name its kind may be empty; fails where there is none
   */
  CompletableFuture<Document> beside(DocumentName name);
}
