package io.sekisho.agent.endpoint;

import io.sekisho.agent.datapath.Datapath;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What the life of an endpoint needs of the reconciler. */
public interface Realizer {
  /** Runs a call on the datapath's one thread, before anything that is merely desired. */
  <T> CompletableFuture<T> datapath(Function<Datapath, T> call);

  /** The set of endpoints changed: desires the new state at once; on the event loop. */
  void changed();

  /**
   * Completes when the datapath realizes the endpoint's policy, fails with {@link
   * EndpointException} when it refuses it; on the event loop.
   */
  CompletableFuture<Void> realized(int endpointId);

  /** Completes when what is desired now was applied, with errors or without; on the event loop. */
  CompletableFuture<Void> settled();
}
