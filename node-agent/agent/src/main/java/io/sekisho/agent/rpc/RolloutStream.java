package io.sekisho.agent.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.sekisho.agent.cluster.ClusterStoreException;
import io.sekisho.agent.revision.Rollouts;
import io.sekisho.api.v1.Head;
import io.sekisho.api.v1.Revision;
import io.sekisho.api.v1.Rollout;
import java.util.HashSet;
import java.util.Set;

/**
 * One WatchRollout call on a virtual thread: tells the rollout at every change until it settled.
 */
final class RolloutStream implements Runnable {
  private final AgentServices services;
  private final InventoryHistory history;
  private final long number;
  private final ServerCallStreamObserver<Rollout> observer;
  private final Signal signal = new Signal();
  private final Set<String> seen = new HashSet<>();

  RolloutStream(
      AgentServices services,
      InventoryHistory history,
      long number,
      ServerCallStreamObserver<Rollout> observer) {
    this.services = services;
    this.history = history;
    this.number = number;
    this.observer = observer;
    observer.setOnReadyHandler(signal);
    observer.setOnCancelHandler(signal);
  }

  @Override
  public void run() {
    history.wakeUp(signal);
    try (var moved = services.controller().listenHead(signal)) {
      tell();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!observer.isCancelled()) {
        observer.onError(Errors.status(e));
      }
    } finally {
      history.forget(signal);
    }
  }

  private void tell() throws InterruptedException {
    Head head = services.controller().head();
    Revision revision = services.revisions().get(number);
    Rollout told = Rollout.getDefaultInstance();
    while (!observer.isCancelled()) {
      Head now = services.controller().head();
      if (!now.equals(head)) {
        revision = reread(revision);
        head = now;
      }
      var inventory = history.latest();
      seen.addAll(inventory.nodes().keySet());
      Rollout rollout = Rollouts.of(revision, inventory, seen);
      if (!rollout.equals(told) && observer.isReady()) {
        observer.onNext(rollout);
        told = rollout;
        if (rollout.getSettled()) {
          observer.onCompleted();
          return;
        }
      }
      signal.await();
    }
  }

  /** The revision's new state; the old one while the store is away. */
  private Revision reread(Revision revision) {
    try {
      return services.revisions().get(revision.getNumber());
    } catch (ClusterStoreException e) {
      return revision;
    }
  }
}
