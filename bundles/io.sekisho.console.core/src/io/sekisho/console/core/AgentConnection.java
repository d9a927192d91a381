package io.sekisho.console.core;

import com.google.protobuf.Timestamp;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.observer.ObserverGrpc;
import io.sekisho.api.observer.ServerStatusRequest;
import io.sekisho.api.observer.ServerStatusResponse;
import io.sekisho.api.v1.EndpointEvent;
import io.sekisho.api.v1.EndpointsGrpc;
import io.sekisho.api.v1.IdentitiesGrpc;
import io.sekisho.api.v1.IdentityEvent;
import io.sekisho.api.v1.NodeEvent;
import io.sekisho.api.v1.NodesGrpc;
import io.sekisho.api.v1.WatchRequest;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One connection to one agent: a probe, then the stream of flows and the three watches, with the
 * probe again every few seconds. Fails as a whole when any part fails. Flows are handed over on
 * gRPC's threads, everything else on the session's loop.
 */
final class AgentConnection {
  private static final long PROBE_SECONDS = 5;
  private static final long FIRST_DEADLINE_SECONDS = 10;
  private static final long PROBE_DEADLINE_SECONDS = 5;
  private static final long NANOS = 1_000_000_000L;

  /** What the session hears; {@code flows} on threads of gRPC, the rest on the loop. */
  interface Events {
    void connected(AgentConnection from);

    void failed(AgentConnection from, Throwable why);

    void flows(GetFlowsResponse response);

    void node(NodeEvent event);

    void endpoint(EndpointEvent event);

    void identity(IdentityEvent event);
  }

  private final String address;
  private final ManagedChannel channel;
  private final ScheduledExecutorService loop;
  private final Events events;
  private boolean up;
  private boolean over;

  AgentConnection(
      String address, ManagedChannel channel, ScheduledExecutorService loop, Events events) {
    this.address = address;
    this.channel = channel;
    this.loop = loop;
    this.events = events;
  }

  String address() {
    return address;
  }

  Channel channel() {
    return channel;
  }

  /** On the loop. */
  void probe() {
    if (over) {
      return;
    }
    ObserverGrpc.newStub(channel)
        .withDeadlineAfter(up ? PROBE_DEADLINE_SECONDS : FIRST_DEADLINE_SECONDS, TimeUnit.SECONDS)
        .serverStatus(
            ServerStatusRequest.getDefaultInstance(),
            new StreamObserver<ServerStatusResponse>() {
              @Override
              public void onNext(ServerStatusResponse status) {
                loop.execute(AgentConnection.this::answered);
              }

              @Override
              public void onError(Throwable t) {
                loop.execute(() -> fail(t));
              }

              @Override
              public void onCompleted() {}
            });
  }

  private void answered() {
    if (over) {
      return;
    }
    if (!up) {
      up = true;
      events.connected(this);
    }
    loop.schedule(this::probe, PROBE_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Begins the streams; on the loop.
   *
   * @param newestNanos time of the newest flow that is known, 0 for none
   * @param number how many past flows to ask for when none is known
   */
  void follow(long newestNanos, int number) {
    GetFlowsRequest.Builder flows = GetFlowsRequest.newBuilder().setFollow(true);
    if (newestNanos > 0) {
      long since = newestNanos + 1;
      flows.setSince(
          Timestamp.newBuilder().setSeconds(since / NANOS).setNanos((int) (since % NANOS)));
    } else {
      flows.setNumber(number);
    }
    ObserverGrpc.newStub(channel)
        .getFlows(flows.build(), new Stream<GetFlowsResponse>(events::flows));
    WatchRequest all = WatchRequest.getDefaultInstance();
    NodesGrpc.newStub(channel).watch(all, onLoop(events::node));
    EndpointsGrpc.newStub(channel).watch(all, onLoop(events::endpoint));
    IdentitiesGrpc.newStub(channel).watch(all, onLoop(events::identity));
  }

  private <T> Stream<T> onLoop(Consumer<T> sink) {
    return new Stream<>(
        event ->
            loop.execute(
                () -> {
                  if (!over) {
                    sink.accept(event);
                  }
                }));
  }

  private void fail(Throwable why) {
    if (!over) {
      close();
      events.failed(this, why);
    }
  }

  /** On the loop; nothing is told after. */
  void close() {
    over = true;
    channel.shutdownNow();
  }

  /** One stream of answers; its end is the connection's end. */
  private final class Stream<T> implements StreamObserver<T> {
    private final Consumer<T> sink;

    Stream(Consumer<T> sink) {
      this.sink = sink;
    }

    @Override
    public void onNext(T value) {
      sink.accept(value);
    }

    @Override
    public void onError(Throwable t) {
      loop.execute(() -> fail(t));
    }

    @Override
    public void onCompleted() {
      loop.execute(() -> fail(Status.UNAVAILABLE.withDescription("the agent ended").asException()));
    }
  }
}
