package io.sekisho.agent.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.Change;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One Watch call on a virtual thread: compares the snapshot that was told with the newest, whenever
 * there is one and the client has room. A slow client therefore sees fewer steps, never a wrong
 * state, and nothing is queued for it.
 *
 * <p>It begins with the state whole and SYNCED; or, when the client names a version that is still
 * kept, with what has changed since.
 *
 * @param <K> name of an object
 * @param <V> an object
 * @param <E> event of the API
 */
final class WatchStream<K extends Comparable<K>, V, E> implements Runnable {
  private final InventoryHistory history;
  private final Function<Inventory, Map<K, V>> objects;
  private final Shape<V, E> shape;
  private final ServerCallStreamObserver<E> observer;
  private final Optional<Inventory> resumed;
  private final Signal signal = new Signal();

  /** How events are made. */
  interface Shape<V, E> {
    /** An event; without an object for SYNCED; of a removed object only its name is told. */
    E event(Change change, Optional<V> object, long version);
  }

  WatchStream(
      InventoryHistory history,
      Function<Inventory, Map<K, V>> objects,
      Shape<V, E> shape,
      long version,
      ServerCallStreamObserver<E> observer) {
    this.history = history;
    this.objects = objects;
    this.shape = shape;
    this.observer = observer;
    resumed = version == 0 ? Optional.empty() : history.at(version);
    observer.setOnReadyHandler(signal);
    observer.setOnCancelHandler(signal);
    history.wakeUp(signal);
  }

  @Override
  public void run() {
    try {
      Map<K, V> told = resumed.map(objects).orElseGet(Map::of);
      long version = resumed.map(Inventory::version).orElse(-1L);
      boolean synced = resumed.isPresent();
      while (!observer.isCancelled()) {
        Inventory now = history.latest();
        if (now.version() == version || !observer.isReady()) {
          signal.await();
          continue;
        }
        Map<K, V> next = objects.apply(now);
        tell(told, next, now.version());
        if (!synced && now.synced()) {
          synced = true;
          observer.onNext(shape.event(Change.SYNCED, Optional.empty(), now.version()));
        }
        told = next;
        version = now.version();
      }
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

  private void tell(Map<K, V> before, Map<K, V> after, long version) {
    new TreeMap<>(before)
        .forEach(
            (key, object) -> {
              if (!after.containsKey(key)) {
                send(Change.REMOVED, object, version);
              }
            });
    new TreeMap<>(after)
        .forEach(
            (key, object) -> {
              if (!object.equals(before.get(key))) {
                send(Change.UPSERTED, object, version);
              }
            });
  }

  private void send(Change change, V object, long version) {
    observer.onNext(shape.event(change, Optional.of(object), version));
  }
}
