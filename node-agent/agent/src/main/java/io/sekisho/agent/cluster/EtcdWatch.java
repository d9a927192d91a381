package io.sekisho.agent.cluster;

import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.sekisho.agent.cluster.ClusterStore.Watcher;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One watch of etcd: reads the prefix, then streams from the revision after; when the stream ends
 * for whatever reason (connection lost, member without leader, revision compacted) it begins anew.
 */
final class EtcdWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EtcdWatch.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final EtcdStore store;
  private final ManagedChannel channel;
  private final EtcdCalls calls;
  private final String prefix;
  private final WatchGuard guard;
  private final Thread thread;

  EtcdWatch(
      EtcdStore store, ManagedChannel channel, EtcdCalls calls, String prefix, Watcher watcher) {
    this.store = store;
    this.channel = channel;
    this.calls = calls;
    this.prefix = prefix;
    this.guard = new WatchGuard(watcher);
    this.thread = Thread.ofVirtual().name("etcd-watch " + prefix).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    try {
      while (!guard.isClosed() && !calls.isClosed()) {
        try {
          long next = tellState();
          pause = FIRST_PAUSE;
          stream(next);
        } catch (ClusterStoreException e) {
          LOG.log(System.Logger.Level.DEBUG, "watch of {0}: {1}", prefix, e.getMessage());
        }
        Thread.sleep(pause);
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long tellState() {
    var state = store.read(prefix);
    guard.call(Watcher::reset);
    state.entries().forEach(entry -> guard.call(w -> w.put(entry)));
    guard.call(Watcher::synced);
    return state.revision() + 1;
  }

  private void stream(long from) throws InterruptedException {
    var responses = new Responses();
    var requests = calls.streaming(WatchGrpc.newStub(channel)).watch(responses);
    var create =
        WatchCreateRequest.newBuilder()
            .setKey(store.full(prefix))
            .setRangeEnd(EtcdStore.endOf(store.full(prefix)))
            .setStartRevision(from);
    requests.onNext(WatchRequest.newBuilder().setCreateRequest(create).build());
    try {
      Status end = responses.end.get();
      throw calls.failed(end.asRuntimeException());
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a stream is never exceptional", e);
    } finally {
      responses.cancel();
    }
  }

  private void tell(Event event) {
    if (event.getType() == Event.EventType.DELETE) {
      guard.call(w -> w.deleted(store.relative(event.getKv().getKey())));
    } else {
      guard.call(w -> w.put(store.entry(event.getKv())));
    }
  }

  @Override
  public void close() {
    guard.close();
    thread.interrupt();
  }

  /** Hands events on as they come; the stream's end is a future. */
  private final class Responses implements ClientResponseObserver<WatchRequest, WatchResponse> {
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private @Nullable ClientCallStreamObserver<WatchRequest> requests;

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRequest> requestStream) {
      requests = requestStream;
    }

    @Override
    public void onNext(WatchResponse response) {
      if (response.getCanceled()) {
        String why =
            response.getCompactRevision() > 0
                ? "the revision was compacted"
                : response.getCancelReason();
        end.complete(Status.ABORTED.withDescription(why));
        return;
      }
      response.getEventsList().forEach(EtcdWatch.this::tell);
    }

    @Override
    public void onError(Throwable error) {
      end.complete(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.UNAVAILABLE.withDescription("etcd ended the watch"));
    }

    private void cancel() {
      Objects.requireNonNull(requests).cancel("watch ended", null);
    }
  }
}
