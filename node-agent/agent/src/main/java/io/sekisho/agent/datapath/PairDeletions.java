package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.Repair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Deletes interface pairs on a thread of its own, because the kernel takes its time for it. A
 * deletion that fails is logged, remembered, and begun again by {@link #again}. Thread-safe.
 */
final class PairDeletions implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PairDeletions.class.getName());

  private record Deletion(WiredEndpoint endpoint, CompletableFuture<Void> done) {}

  private final Consumer<WiredEndpoint> delete;
  private final Map<Integer, Deletion> deletions = new TreeMap<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("datapath-unwire").factory());

  /** With what deletes one; called on the thread, or by {@link #await}. */
  PairDeletions(Consumer<WiredEndpoint> delete) {
    this.delete = delete;
  }

  /** Begins to delete an endpoint's pair. */
  synchronized void begin(WiredEndpoint endpoint) {
    var done = CompletableFuture.runAsync(() -> run(endpoint), thread);
    deletions.put(endpoint.endpointId(), new Deletion(endpoint, done));
  }

  private void run(WiredEndpoint endpoint) {
    try {
      delete.accept(endpoint);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, endpoint.hostInterface() + " could not be deleted", e);
      throw e;
    }
  }

  /**
   * Waits until the endpoint's pair is gone; if its deletion failed, tries it once more.
   *
   * @throws RuntimeException why the pair cannot be deleted; it is remembered
   */
  synchronized void await(int endpointId) {
    Deletion deletion = deletions.get(endpointId);
    if (deletion == null) {
      return;
    }
    if (failure(deletion).isPresent()) {
      delete.accept(deletion.endpoint());
    }
    deletions.remove(endpointId);
  }

  /** Waits until all that was begun has ended, with success or without. */
  synchronized void awaitAll() {
    deletions.values().removeIf(deletion -> failure(deletion).isEmpty());
  }

  /** Endpoints whose pair is there, because its deletion failed; waits for those under way. */
  synchronized Set<Integer> failed() {
    awaitAll();
    return Set.copyOf(deletions.keySet());
  }

  /** Begins deletions again that failed, and tells of them. */
  synchronized List<Repair> again() {
    var out = new ArrayList<Repair>();
    for (Deletion deletion : List.copyOf(deletions.values())) {
      if (!deletion.done().isDone()) {
        continue;
      }
      Optional<Throwable> failure = failure(deletion);
      if (failure.isEmpty()) {
        deletions.remove(deletion.endpoint().endpointId());
      } else {
        out.add(
            Repair.failed(
                "interface " + deletion.endpoint().hostInterface(),
                "belongs to no endpoint any more",
                failure.get()));
        begin(deletion.endpoint());
      }
    }
    return out;
  }

  private static Optional<Throwable> failure(Deletion deletion) {
    try {
      deletion.done().join();
      return Optional.empty();
    } catch (CompletionException e) {
      return Optional.of(e.getCause() == null ? e : e.getCause());
    }
  }

  /** Waits for what was begun. */
  @Override
  public void close() {
    thread.close();
  }
}
