package io.sekisho.agent.rpc;

import com.google.protobuf.UInt32Value;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sekisho.agent.pki.Role;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.observer.GetNodesRequest;
import io.sekisho.api.observer.GetNodesResponse;
import io.sekisho.api.observer.Node;
import io.sekisho.api.observer.ObserverGrpc;
import io.sekisho.api.observer.ServerStatusRequest;
import io.sekisho.api.observer.ServerStatusResponse;
import io.sekisho.api.observer.TLS;
import io.sekisho.api.relay.NodeState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Flows of the whole cluster, or of this node alone when another node asks or the header says so.
 */
final class ObserverService extends ObserverGrpc.ObserverImplBase {
  /** Set to {@code 1} by the interceptor when the call's header asks for this node only. */
  static final Context.Key<Boolean> LOCAL = Context.key("sekisho-local");

  private static final long PEER_MILLIS = 2_000;

  private final AgentServices services;
  private final Peers peers;
  private final boolean tls;

  ObserverService(AgentServices services, Peers peers, boolean tls) {
    this.services = services;
    this.peers = peers;
    this.tls = tls;
  }

  private static boolean isLocal() {
    return Boolean.TRUE.equals(LOCAL.get()) || Caller.current().role() == Role.NODE;
  }

  @Override
  public void getFlows(GetFlowsRequest request, StreamObserver<GetFlowsResponse> observer) {
    try {
      var call = (ServerCallStreamObserver<GetFlowsResponse>) observer;
      boolean local = isLocal();
      var others = local ? List.<Peers.Peer>of() : peers.all();
      var query = new FlowQuery(request);
      var stream =
          new FlowStream(
              services.node(), services.flows(), others, peers::again, local, query, call);
      Thread.ofVirtual().name("flows").start(Context.current().wrap(stream));
    } catch (RuntimeException e) {
      observer.onError(Errors.status(e));
    }
  }

  @Override
  public void serverStatus(
      ServerStatusRequest request, StreamObserver<ServerStatusResponse> observer) {
    Errors.answer(observer, () -> sum(nodes(isLocal())));
  }

  @Override
  public void getNodes(GetNodesRequest request, StreamObserver<GetNodesResponse> observer) {
    Errors.answer(
        observer, () -> GetNodesResponse.newBuilder().addAllNodes(nodes(isLocal())).build());
  }

  private ServerStatusResponse sum(List<Node> nodes) {
    var sum = ServerStatusResponse.newBuilder().setVersion("sekisho " + services.version());
    int connected = 0;
    for (Node node : nodes) {
      if (node.getState() == NodeState.NODE_CONNECTED) {
        connected++;
      } else {
        sum.addUnavailableNodes(node.getName());
      }
      sum.setNumFlows(sum.getNumFlows() + node.getNumFlows());
      sum.setMaxFlows(sum.getMaxFlows() + node.getMaxFlows());
      sum.setSeenFlows(sum.getSeenFlows() + node.getSeenFlows());
      sum.setUptimeNs(Math.max(sum.getUptimeNs(), node.getUptimeNs()));
    }
    return sum.setNumConnectedNodes(UInt32Value.of(connected))
        .setNumUnavailableNodes(UInt32Value.of(nodes.size() - connected))
        .build();
  }

  /** All nodes with their rings, the others asked at the same time. */
  private List<Node> nodes(boolean local) {
    var nodes = new ArrayList<Node>();
    nodes.add(self());
    var others = local ? List.<Peers.Peer>of() : peers.all();
    var answers = others.stream().map(peer -> Ask.start(() -> ask(peer))).toList();
    answers.forEach(answer -> nodes.add(answer.join()));
    return nodes;
  }

  private Node self() {
    var flows = services.flows();
    var known = services.cluster().inventory().nodes().get(services.node());
    return Node.newBuilder()
        .setName(services.node())
        .setVersion(services.version())
        .setAddress(known == null ? "" : known.getGrpcAddress())
        .setState(NodeState.NODE_CONNECTED)
        .setTls(TLS.newBuilder().setEnabled(tls).setServerName(services.node()))
        .setUptimeNs(System.nanoTime() - flows.startedNanos())
        .setNumFlows(Math.min(flows.seen(), flows.capacity()))
        .setMaxFlows(flows.capacity())
        .setSeenFlows(flows.seen())
        .build();
  }

  private Node ask(Peers.Peer peer) {
    var node =
        Node.newBuilder()
            .setName(peer.node())
            .setAddress(peer.address())
            .setTls(TLS.newBuilder().setEnabled(true).setServerName(peer.node()));
    try {
      var answer =
          peer.blocking()
              .withDeadlineAfter(PEER_MILLIS, TimeUnit.MILLISECONDS)
              .getNodes(GetNodesRequest.getDefaultInstance());
      return answer.getNodesCount() == 0
          ? node.setState(NodeState.NODE_ERROR).build()
          : answer.getNodes(0).toBuilder().setAddress(peer.address()).build();
    } catch (StatusRuntimeException e) {
      return node.setState(NodeState.NODE_UNAVAILABLE).build();
    }
  }
}
