package io.sekisho.agent.rpc;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.sekisho.agent.observer.FlowSource;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.LostEventSource;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.relay.NodeState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;

/**
 * One GetFlows call, on a virtual thread of its own. It first registers for what comes, then tells
 * the past, then what has come, leaving out what was told as past; so nothing is missed or doubled.
 */
final class FlowStream implements Runnable {
  private static final int CAPACITY = 4096;

  /**
   * Live flows that wait while the client is told the past: it takes the last 10,000 in some
   * seconds, and meanwhile nothing may be lost that it could still take.
   */
  private static final int CAPACITY_IN_PAST = 32_768;

  /** How far another node's clock may be behind, for flows to be told once only. */
  private static final long CLOCK_SKEW_MILLIS = 5_000;

  private final String node;
  private final FlowSource source;
  private final List<Peers.Peer> peers;
  private final UnaryOperator<Peers.Peer> again;
  private final boolean local;
  private final FlowQuery query;
  private final ServerCallStreamObserver<GetFlowsResponse> observer;
  private final FlowOutbox outbox;
  private final Semaphore ready = new Semaphore(0);
  private final Set<Flow> told = new HashSet<>();
  private long seenBefore;
  private Timestamp recent = Timestamp.getDefaultInstance();

  /**
   * Prepares a call; handlers are set here, since gRPC wants them before the call's method ends.
   */
  FlowStream(
      String node,
      FlowSource source,
      List<Peers.Peer> peers,
      UnaryOperator<Peers.Peer> again,
      boolean local,
      FlowQuery query,
      ServerCallStreamObserver<GetFlowsResponse> observer) {
    this.node = node;
    this.source = source;
    this.peers = peers;
    this.again = again;
    this.local = local;
    this.query = query;
    this.observer = observer;
    outbox = new FlowOutbox(CAPACITY_IN_PAST, node);
    observer.setOnReadyHandler(ready::release);
    observer.setOnCancelHandler(
        () -> {
          outbox.close();
          ready.release();
        });
  }

  @Override
  public void run() {
    try {
      if (query.follows()) {
        follow();
      } else {
        past();
      }
      observer.onCompleted();
    } catch (CancellationException e) {
      outbox.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      observer.onError(Status.UNAVAILABLE.withDescription("the agent stops").asException());
    } catch (RuntimeException e) {
      if (!observer.isCancelled()) {
        observer.onError(Errors.status(e));
      }
    }
  }

  private void follow() throws InterruptedException {
    seenBefore = source.seen();
    recent = Timestamps.fromMillis(System.currentTimeMillis() - CLOCK_SKEW_MILLIS);
    var follows = new ArrayList<PeerFollow>();
    try (var following = source.follow(new ToOutbox())) {
      outbox.status(NodeEvents.of(node, NodeState.NODE_CONNECTED, ""));
      for (var peer : peers) {
        follows.add(new PeerFollow(peer, again, query.live(), outbox));
      }
      for (var follow : follows) {
        follow.awaitConnected();
      }
      if (query.wantsPast()) {
        past();
      }
      outbox.holdAtMost(CAPACITY);
      tellLive();
    } finally {
      follows.forEach(PeerFollow::close);
      outbox.close();
    }
  }

  private void tellLive() throws InterruptedException {
    for (var next = outbox.take(); next.isPresent(); next = outbox.take()) {
      if (!next.get().hasFlow() || told.isEmpty() || !told.remove(next.get().getFlow())) {
        send(next.get());
      }
    }
  }

  private void past() throws InterruptedException {
    List<Flow> own = source.past();
    // Flows that may come again as live ones: those since the call began, and one under way.
    long doubtful = query.follows() ? source.seen() - seenBefore + 1 : 0;
    for (int i = (int) Math.max(0, own.size() - doubtful); i < own.size(); i++) {
      told.add(own.get(i));
    }
    var nodes = new ArrayList<Iterator<GetFlowsResponse>>();
    nodes.add(responses(query.past(own)));
    if (!local) {
      for (var peer : peers) {
        nodes.add(new PeerPast(peer, query.past(), this::send));
      }
    }
    var merge = new FlowMerge(nodes);
    if (query.number() == 0) {
      merge.all(this::tellPast);
    } else if (query.first()) {
      merge.first(query.number(), this::tellPast);
    } else {
      merge.last((int) query.number(), this::tellPast);
    }
  }

  private void tellPast(GetFlowsResponse response) {
    boolean other = query.follows() && response.hasFlow() && !response.getNodeName().equals(node);
    if (other && Timestamps.compare(response.getFlow().getTime(), recent) >= 0) {
      told.add(response.getFlow());
    }
    send(response);
  }

  private Iterator<GetFlowsResponse> responses(Iterator<Flow> flows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return flows.hasNext();
      }

      @Override
      public GetFlowsResponse next() {
        return response(flows.next());
      }
    };
  }

  private GetFlowsResponse response(Flow flow) {
    return GetFlowsResponse.newBuilder()
        .setFlow(flow)
        .setNodeName(node)
        .setTime(flow.getTime())
        .build();
  }

  /** Sends when the client has room; ends the call's thread by exception when the client went. */
  private void send(GetFlowsResponse response) {
    try {
      while (!observer.isReady() && !observer.isCancelled()) {
        ready.acquire();
      }
      if (observer.isCancelled()) {
        throw new CancellationException();
      }
      observer.onNext(response);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StatusRuntimeException(Status.UNAVAILABLE.withDescription("the agent stops"));
    }
  }

  /** Takes the node's own flows. */
  private final class ToOutbox implements FlowSource.Follower {
    @Override
    public void flow(Flow flow) {
      if (query.matches(flow)) {
        outbox.flow(response(flow));
      }
    }

    @Override
    public void lost(long events) {
      outbox.lost(LostEventSource.PERF_EVENT_RING_BUFFER, node, events);
    }
  }
}
