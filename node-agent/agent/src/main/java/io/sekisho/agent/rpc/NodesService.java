package io.sekisho.agent.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sekisho.agent.cluster.Cluster;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.Change;
import io.sekisho.api.v1.ListNodesRequest;
import io.sekisho.api.v1.ListNodesResponse;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeEvent;
import io.sekisho.api.v1.NodesGrpc;
import io.sekisho.api.v1.RemoveNodeRequest;
import io.sekisho.api.v1.RemoveNodeResponse;
import io.sekisho.api.v1.WatchRequest;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Nodes, those also that are silent or whose lease ended a short while ago. */
final class NodesService extends NodesGrpc.NodesImplBase {
  private final InventoryHistory history;
  private final AbsentNodes absent;
  private final Cluster cluster;

  NodesService(InventoryHistory history, AbsentNodes absent, Cluster cluster) {
    this.history = history;
    this.absent = absent;
    this.cluster = cluster;
  }

  @Override
  public void list(ListNodesRequest request, StreamObserver<ListNodesResponse> observer) {
    Errors.answer(
        observer,
        () -> {
          Inventory now = history.latest();
          var response = ListNodesResponse.newBuilder().setResourceVersion(now.version());
          nodes(now).values().stream()
              .sorted(Comparator.comparing(Node::getName))
              .forEach(response::addNodes);
          return response.build();
        });
  }

  /** While the store is away, what it says of this node is old: the node itself knows better. */
  private Map<String, Node> nodes(Inventory inventory) {
    Map<String, Node> all = absent.with(inventory.nodes());
    cluster.untold().ifPresent(own -> all.put(own.getName(), own));
    return all;
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<NodeEvent> observer) {
    var call = (ServerCallStreamObserver<NodeEvent>) observer;
    var stream =
        new WatchStream<>(
            history, this::nodes, NodesService::event, request.getResourceVersion(), call);
    Thread.ofVirtual().name("watch-nodes").start(stream);
  }

  @Override
  public void remove(RemoveNodeRequest request, StreamObserver<RemoveNodeResponse> observer) {
    Errors.answer(observer, () -> removed(request.getName()));
  }

  private RemoveNodeResponse removed(String name) {
    var freed =
        cluster
            .freeRanges(name)
            .orElseThrow(
                () ->
                    Status.FAILED_PRECONDITION
                        .withDescription(
                            name.indexOf('/') < 0
                                ? "the agent of node "
                                    + name
                                    + " lives, or its lease has not ended yet"
                                    + " (health.lease_seconds)"
                                : "a node has the range " + name)
                        .asRuntimeException());
    boolean known = absent.forget(name);
    if (freed.isEmpty() && !known) {
      String kind = name.indexOf('/') < 0 ? "node " : "range of a node that is gone ";
      throw Status.NOT_FOUND.withDescription("there is no " + kind + name).asRuntimeException();
    }
    var response = RemoveNodeResponse.newBuilder();
    freed.forEach(range -> response.addFreedCidrs(range.toString()));
    return response.build();
  }

  private static NodeEvent event(Change change, Optional<Node> node, long version) {
    var event = NodeEvent.newBuilder().setChange(change).setResourceVersion(version);
    node.ifPresent(
        n ->
            event.setNode(
                change == Change.REMOVED ? Node.newBuilder().setName(n.getName()).build() : n));
    return event.build();
  }
}
