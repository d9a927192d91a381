package io.sekisho.console.core;

import com.google.protobuf.Timestamp;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.observer.ObserverGrpc;
import io.sekisho.api.relay.NodeState;
import io.sekisho.impact.seen.Gathering;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Recorded flows over the session's present channel. Safe for threads. */
final class GrpcFlowClient implements FlowClient {
  private static final long DEADLINE_SECONDS = 120;
  private static final long STEP = 2_000;

  private final Supplier<Optional<Channel>> channel;
  private final Supplier<ClusterInventory> inventory;

  GrpcFlowClient(Supplier<Optional<Channel>> channel, Supplier<ClusterInventory> inventory) {
    this.channel = channel;
    this.inventory = inventory;
  }

  @Override
  public CompletableFuture<Recorded> since(Instant from, LongConsumer counted) {
    Optional<Channel> open = channel.get();
    if (open.isEmpty()) {
      return CompletableFuture.failedFuture(Failures.notConnected("The recorded flows"));
    }
    GetFlowsRequest request =
        GetFlowsRequest.newBuilder().setSince(time(from)).setUntil(time(Instant.now())).build();
    CompletableFuture<Recorded> done = new CompletableFuture<>();
    ObserverGrpc.newStub(open.get())
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
        .getFlows(request, new Flows(done, counted, inventory.get()));
    return done;
  }

  private static Timestamp time(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  /** Gathers what comes; one thread of gRPC at a time calls. */
  private static final class Flows
      implements ClientResponseObserver<GetFlowsRequest, GetFlowsResponse> {
    private final CompletableFuture<Recorded> done;
    private final LongConsumer counted;
    private final Gathering gathering;
    private final TreeSet<String> missing = new TreeSet<>();

    Flows(CompletableFuture<Recorded> done, LongConsumer counted, ClusterInventory inventory) {
      this.done = done;
      this.counted = counted;
      this.gathering = new Gathering(inventory.named()::labels);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<GetFlowsRequest> call) {
      done.whenComplete(
          (value, failure) -> {
            if (done.isCancelled()) {
              call.cancel("no longer wanted", null);
            }
          });
    }

    @Override
    public void onNext(GetFlowsResponse response) {
      switch (response.getResponseTypesCase()) {
        case FLOW -> {
          gathering.add(response.getFlow());
          if (gathering.flows() % STEP == 0) {
            counted.accept(gathering.flows());
          }
        }
        case LOST_EVENTS -> gathering.lost(response.getLostEvents().getNumEventsLost());
        case NODE_STATUS -> {
          if (response.getNodeStatus().getStateChange() != NodeState.NODE_CONNECTED) {
            missing.addAll(response.getNodeStatus().getNodeNamesList());
          }
        }
        case RESPONSETYPES_NOT_SET -> {}
      }
    }

    @Override
    public void onError(Throwable t) {
      done.completeExceptionally(Failures.of("The recorded flows", t));
    }

    @Override
    public void onCompleted() {
      List<String> silent = new ArrayList<>(missing);
      done.complete(new Recorded(gathering.traffic(), silent, 0));
    }
  }
}
