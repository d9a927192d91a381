package io.sekisho.agent.reconcile;

import io.sekisho.agent.endpoint.EndpointException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Who waits for which endpoint's policy. Belongs to the event loop. */
final class Waiters {
  private final Map<Integer, CompletableFuture<Void>> futures = new HashMap<>();

  CompletableFuture<Void> await(int endpointId) {
    return futures.computeIfAbsent(endpointId, id -> new CompletableFuture<>());
  }

  /** The endpoint was part of an applied plan. */
  void applied(int endpointId, Optional<String> error) {
    CompletableFuture<Void> waiting = futures.remove(endpointId);
    if (waiting == null) {
      return;
    }
    if (error.isEmpty()) {
      waiting.complete(null);
    } else {
      waiting.completeExceptionally(
          new EndpointException(
              EndpointException.Code.NOT_REALIZED,
              "the policy of endpoint " + endpointId + " is not realized: " + error.get()));
    }
  }

  /** Forgets those whose endpoint is gone. */
  void retain(java.util.Set<Integer> endpointIds) {
    futures.keySet().retainAll(endpointIds);
  }
}
