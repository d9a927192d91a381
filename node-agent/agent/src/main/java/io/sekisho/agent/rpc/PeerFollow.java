package io.sekisho.agent.rpc;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.relay.NodeState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Another node's flows as they come. While the node does not answer it is tried again, and the
 * client is told once when it goes and once when it comes back.
 */
final class PeerFollow implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Peers.Peer peer;
  private final UnaryOperator<Peers.Peer> again;
  private final GetFlowsRequest request;
  private final FlowOutbox outbox;
  private final CountDownLatch settled = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean closed;
  private boolean down;

  /**
   * Begins at once.
   *
   * @param again the peer as it is now, whose channel may be another
   */
  PeerFollow(
      Peers.Peer peer,
      UnaryOperator<Peers.Peer> again,
      GetFlowsRequest request,
      FlowOutbox outbox) {
    this.peer = peer;
    this.again = again;
    this.request = request;
    this.outbox = outbox;
    thread = Thread.ofVirtual().name("follow " + peer.node()).start(this::run);
  }

  /** Waits until the node has answered, or is known not to, or patience ends. */
  void awaitConnected() throws InterruptedException {
    if (!settled.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      unavailable("it has not answered for " + PATIENCE.toSeconds() + " s");
    }
  }

  private void run() {
    try {
      while (!closed) {
        var responses = new Responses();
        again.apply(peer).streaming().getFlows(request, responses);
        try {
          unavailable(responses.end.get());
        } finally {
          responses.cancel();
        }
        settled.countDown();
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException("the end of a stream is never exceptional", e);
    }
  }

  private synchronized void unavailable(String why) {
    if (!down && !closed) {
      down = true;
      outbox.status(NodeEvents.of(peer.node(), NodeState.NODE_UNAVAILABLE, why));
    }
  }

  private synchronized void connected(GetFlowsResponse status) {
    down = false;
    outbox.status(status);
    settled.countDown();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  /** Passes responses on; the stream's end is a future with the reason. */
  private final class Responses
      implements ClientResponseObserver<GetFlowsRequest, GetFlowsResponse> {
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private @Nullable ClientCallStreamObserver<GetFlowsRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<GetFlowsRequest> stream) {
      call = stream;
    }

    @Override
    public void onNext(GetFlowsResponse response) {
      switch (response.getResponseTypesCase()) {
        case FLOW -> outbox.flow(response);
        case NODE_STATUS -> connected(response);
        case LOST_EVENTS ->
            outbox.lost(
                response.getLostEvents().getSource(),
                response.getNodeName(),
                response.getLostEvents().getNumEventsLost());
        case RESPONSETYPES_NOT_SET -> {}
      }
    }

    @Override
    public void onError(Throwable error) {
      end.complete(NodeEvents.reason(error));
    }

    @Override
    public void onCompleted() {
      end.complete("it ended the stream");
    }

    private void cancel() {
      if (call != null) {
        call.cancel("no longer followed", null);
      }
    }
  }
}
