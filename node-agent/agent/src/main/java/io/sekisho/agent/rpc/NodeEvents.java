package io.sekisho.agent.rpc;

import com.google.protobuf.Timestamp;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.relay.NodeState;
import io.sekisho.api.relay.NodeStatusEvent;
import java.time.Instant;

/** News of nodes in a stream of flows. */
final class NodeEvents {
  private NodeEvents() {}

  static GetFlowsResponse of(String node, NodeState state, String message) {
    Instant now = Instant.now();
    return GetFlowsResponse.newBuilder()
        .setNodeStatus(
            NodeStatusEvent.newBuilder()
                .setStateChange(state)
                .addNodeNames(node)
                .setMessage(message))
        .setNodeName(node)
        .setTime(Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
        .build();
  }

  /** Why a node does not answer, in one sentence. */
  static String reason(Throwable error) {
    var status = io.grpc.Status.fromThrowable(error);
    String description = status.getDescription();
    return description == null ? status.getCode().toString() : description;
  }
}
