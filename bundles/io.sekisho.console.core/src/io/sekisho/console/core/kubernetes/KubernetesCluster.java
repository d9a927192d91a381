package io.sekisho.console.core.kubernetes;

import io.sekisho.console.core.ConsoleException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The API server of a cluster. Getters give immutable snapshots and never block; work is done on
 * threads of its own. Futures fail with {@link ConsoleException}; cancelling one ends the call.
 */
public interface KubernetesCluster extends AutoCloseable {
  /** How it is reached. */
  KubernetesContext context();

  /** How it stands with the API server. */
  ApiState state();

  /** What is there, as last told. */
  KubernetesObjects objects();

  /** What we may do. */
  Access access();

  /**
   * Asks the API server what applying would do; changes nothing.
   *
   * @param texts documents as YAML
   * @param removed objects that shall go
   */
  CompletableFuture<Plan> plan(List<String> texts, List<ObjectRef> removed);

  /**
   * Asks the API server whether we may do that, object by object; changes nothing.
   *
   * @param texts documents as YAML; one that is none is left out
   * @param removed objects that shall go
   * @return why not, one sentence for each permission that is missing; empty if we may
   */
  CompletableFuture<Optional<String>> refusal(List<String> texts, List<ObjectRef> removed);

  /**
   * Does what was planned, step by step; an object that has changed since then is left alone.
   *
   * @param force takes the fields over that others own
   * @param done told of each step; its error is empty when it was done
   * @return the steps that were not done
   */
  CompletableFuture<List<Plan.Step>> apply(Plan plan, boolean force, Consumer<Plan.Step> done);

  /** Calls the API server at once, and signs in anew where that has failed. Returns at once. */
  void retry();

  /** Calls back, on any thread, when a snapshot is new. */
  void addListener(Runnable listener);

  /** Ends calls to a listener. */
  void removeListener(Runnable listener);

  @Override
  void close();
}
