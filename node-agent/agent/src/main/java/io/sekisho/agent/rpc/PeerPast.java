package io.sekisho.agent.rpc;

import io.grpc.StatusRuntimeException;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.relay.NodeState;
import java.util.Iterator;
import java.util.function.Consumer;

/** Another node's past. A node that fails ends early, and the client is told so. */
final class PeerPast implements Iterator<GetFlowsResponse> {
  private final Peers.Peer peer;
  private final Iterator<GetFlowsResponse> responses;
  private final Consumer<GetFlowsResponse> trouble;
  private boolean failed;

  PeerPast(Peers.Peer peer, GetFlowsRequest request, Consumer<GetFlowsResponse> trouble) {
    this.peer = peer;
    this.trouble = trouble;
    responses = peer.blocking().getFlows(request);
  }

  @Override
  public boolean hasNext() {
    try {
      return !failed && responses.hasNext();
    } catch (StatusRuntimeException e) {
      failed = true;
      trouble.accept(NodeEvents.of(peer.node(), NodeState.NODE_UNAVAILABLE, NodeEvents.reason(e)));
      return false;
    }
  }

  @Override
  public GetFlowsResponse next() {
    return responses.next();
  }
}
