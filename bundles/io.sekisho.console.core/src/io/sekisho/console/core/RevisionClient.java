package io.sekisho.console.core;

import io.sekisho.api.v1.HistoryResponse;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.PushResponse;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.RollbackRequest;
import io.sekisho.api.v1.Rollout;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.api.v1.ValidateResponse;
import io.sekisho.policy.Enforcement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Revisions of a cluster. Every call returns at once; the future fails with {@link
 * ConsoleException} whose message says what happened, what was not changed and what to do.
 * Cancelling a future cancels the call.
 */
public interface RevisionClient {
  /** Every problem of the texts. */
  default CompletableFuture<ValidateResponse> validate(List<String> texts) {
    return validate(ValidateRequest.newBuilder().addAllTexts(texts).build());
  }

  /** Every problem of the texts, and what becomes of expectations if they were pushed. */
  CompletableFuture<ValidateResponse> validate(ValidateRequest request);

  /** Stores and rolls out a new revision. */
  CompletableFuture<PushResponse> push(PushRequest request);

  /** Keeps a revision that waits for it. */
  CompletableFuture<Revision> confirm(long revision);

  /** Makes a new revision with the documents of an old one. */
  CompletableFuture<PushResponse> rollback(RollbackRequest request);

  /** How the node of the agent that answers obeys policies. */
  default CompletableFuture<Enforcement> enforcement() {
    return CompletableFuture.completedFuture(Enforcement.USUAL);
  }

  /** Newest first, without documents. */
  CompletableFuture<HistoryResponse> history();

  /** One revision with its documents; 0 for the head. */
  CompletableFuture<Revision> get(long number);

  /** Every state of a rollout until it has settled; the future completes then. */
  CompletableFuture<Void> watchRollout(long revision, Consumer<Rollout> each);

  /** Revision in force as last heard, 0 for none or unknown. */
  long head();

  /** The revision in force if it waits for its confirmation, as last heard. */
  default Optional<Revision> pending() {
    return Optional.empty();
  }
}
