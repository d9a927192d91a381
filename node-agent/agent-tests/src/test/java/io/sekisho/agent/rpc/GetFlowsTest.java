package io.sekisho.agent.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.cluster.FileStore;
import io.sekisho.agent.cluster.FlakyStore;
import io.sekisho.agent.pki.Authority;
import io.sekisho.agent.pki.Role;
import io.sekisho.agent.revision.FakeClock;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.FlowFilter;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.GetFlowsResponse;
import io.sekisho.api.observer.GetNodesRequest;
import io.sekisho.api.observer.ObserverGrpc;
import io.sekisho.api.observer.ServerStatusRequest;
import io.sekisho.api.relay.NodeState;
import io.sekisho.api.v1.Node;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flows of two real agents on loopback, past and live. */
final class GetFlowsTest {
  @TempDir static Path pki;
  @TempDir Path folder;
  private TestAgent one;
  private TestAgent two;
  private FlakyStore store;
  private ManagedChannel channel;

  @BeforeAll
  static void makeCertificates() {
    var authority = new Authority(pki, Clock.systemUTC());
    authority.init();
    authority.node("n1", List.of("127.0.0.1"));
    authority.node("n2", List.of("127.0.0.1"));
    authority.operator("vera", Role.VIEWER);
  }

  @BeforeEach
  void serve() throws Exception {
    var clock = new FakeClock();
    store = new FlakyStore(new FileStore(folder.resolve("store")));
    one = new TestAgent("n1", folder, pki, store, clock);
    two = new TestAgent("n2", folder, pki, store.unclosable(), clock);
    Await.until(() -> one.cluster.inventory().nodes().size() == 2);
    Await.until(() -> two.cluster.inventory().nodes().size() == 2);
    channel = one.as("vera");
  }

  @AfterEach
  void end() {
    two.close();
    one.close();
  }

  private static Flow flow(String node, int second, Verdict verdict) {
    return Flow.newBuilder()
        .setUuid(node + "-" + second)
        .setNodeName(node)
        .setTime(Timestamp.newBuilder().setSeconds(1_000_000 + second))
        .setVerdict(verdict)
        .build();
  }

  private void seeTen() {
    for (int i = 0; i < 10; i++) {
      var agent = i % 2 == 0 ? one : two;
      var verdict = i < 5 ? Verdict.FORWARDED : Verdict.DROPPED;
      agent.flows.see(flow(i % 2 == 0 ? "n1" : "n2", i, verdict));
    }
  }

  private List<String> ask(GetFlowsRequest.Builder request) {
    return flows(ObserverGrpc.newBlockingStub(channel).getFlows(request.build()));
  }

  private static List<String> flows(Iterator<GetFlowsResponse> responses) {
    var told = new ArrayList<String>();
    responses.forEachRemaining(
        r -> told.add(r.hasFlow() ? r.getFlow().getUuid() : r.getResponseTypesCase().name()));
    return told;
  }

  private static Timestamp second(int second) {
    return Timestamp.newBuilder().setSeconds(1_000_000 + second).build();
  }

  @Test
  void past_allNodes_isInOrderOfTime() {
    seeTen();
    assertEquals(
        List.of("n1-0", "n2-1", "n1-2", "n2-3", "n1-4", "n2-5", "n1-6", "n2-7", "n1-8", "n2-9"),
        ask(GetFlowsRequest.newBuilder()));
  }

  @Test
  void past_number_isTheLastOrTheFirst() {
    seeTen();
    assertEquals(List.of("n2-7", "n1-8", "n2-9"), ask(GetFlowsRequest.newBuilder().setNumber(3)));
    assertEquals(
        List.of("n1-0", "n2-1", "n1-2"),
        ask(GetFlowsRequest.newBuilder().setNumber(3).setFirst(true)));
  }

  @Test
  void past_sinceUntil_bounds() {
    seeTen();
    assertEquals(
        List.of("n2-3", "n1-4", "n2-5"),
        ask(GetFlowsRequest.newBuilder().setSince(second(3)).setUntil(second(5))));
  }

  @Test
  void past_filters_apply() {
    seeTen();
    var dropped = FlowFilter.newBuilder().addVerdict(Verdict.DROPPED);
    var ofOne = FlowFilter.newBuilder().addNodeName("n1");
    assertEquals(
        List.of("n2-5", "n2-7", "n2-9"),
        ask(GetFlowsRequest.newBuilder().addWhitelist(dropped).addBlacklist(ofOne)));
  }

  @Test
  void past_peerGone_saysSoAndGoesOn() {
    seeTen();
    two.server.close();
    var told = ask(GetFlowsRequest.newBuilder());
    assertTrue(told.contains("NODE_STATUS"), told.toString());
    assertEquals(5, told.stream().filter(f -> f.startsWith("n1-")).count());
  }

  @Test
  void request_brokenFilter_isInvalid() {
    var bad = GetFlowsRequest.newBuilder().addWhitelist(FlowFilter.newBuilder().addSourceIp("x/y"));
    var error = assertThrows(StatusRuntimeException.class, () -> ask(bad));
    assertEquals(Status.Code.INVALID_ARGUMENT, error.getStatus().getCode());
    var many = GetFlowsRequest.newBuilder().setNumber(1_000_000);
    error = assertThrows(StatusRuntimeException.class, () -> ask(many));
    assertEquals(Status.Code.INVALID_ARGUMENT, error.getStatus().getCode());
  }

  private static String nextFlow(Iterator<GetFlowsResponse> responses) {
    var response = responses.next();
    while (!response.hasFlow()) {
      response = responses.next();
    }
    return response.getFlow().getUuid();
  }

  @Test
  void follow_bothNodes_tellsPastThenLiveOnce() {
    seeTen();
    var responses =
        ObserverGrpc.newBlockingStub(channel)
            .getFlows(GetFlowsRequest.newBuilder().setNumber(2).setFollow(true).build());
    assertEquals("n1-8", nextFlow(responses));
    assertEquals("n2-9", nextFlow(responses));
    one.flows.see(flow("n1", 20, Verdict.FORWARDED));
    assertEquals("n1-20", nextFlow(responses));
    two.flows.see(flow("n2", 21, Verdict.FORWARDED));
    assertEquals("n2-21", nextFlow(responses));
  }

  @Test
  void follow_kernelLoss_isTold() {
    var responses =
        ObserverGrpc.newBlockingStub(channel)
            .getFlows(GetFlowsRequest.newBuilder().setFollow(true).build());
    Await.until(() -> two.flows.followers() == 1 && one.flows.followers() == 1);
    two.flows.lose(17);
    var response = responses.next();
    while (!response.hasLostEvents()) {
      response = responses.next();
    }
    assertEquals(17, response.getLostEvents().getNumEventsLost());
    assertEquals("n2", response.getNodeName());
  }

  @Test
  void follow_peerStops_isToldAndStreamGoesOn() {
    var responses =
        ObserverGrpc.newBlockingStub(channel)
            .getFlows(GetFlowsRequest.newBuilder().setFollow(true).build());
    Await.until(() -> two.flows.followers() == 1);
    two.server.close();
    var response = responses.next();
    while (response.getNodeStatus().getStateChange() != NodeState.NODE_UNAVAILABLE) {
      response = responses.next();
    }
    assertEquals(List.of("n2"), response.getNodeStatus().getNodeNamesList());
    one.flows.see(flow("n1", 20, Verdict.FORWARDED));
    assertEquals("n1-20", nextFlow(responses));
  }

  @Test
  void follow_clientGone_isForgotten() {
    var context = io.grpc.Context.current().withCancellation();
    context.run(
        () ->
            ObserverGrpc.newBlockingStub(channel)
                .getFlows(GetFlowsRequest.newBuilder().setFollow(true).build()));
    Await.until(() -> one.flows.followers() == 1 && two.flows.followers() == 1);
    context.cancel(null);
    Await.until(() -> one.flows.followers() == 0 && two.flows.followers() == 0);
  }

  @Test
  void nodesAndStatus_allAnswer() {
    seeTen();
    var stub = ObserverGrpc.newBlockingStub(channel);
    var nodes = stub.getNodes(GetNodesRequest.getDefaultInstance()).getNodesList();
    assertEquals(
        List.of(NodeState.NODE_CONNECTED, NodeState.NODE_CONNECTED),
        nodes.stream().map(io.sekisho.api.observer.Node::getState).toList());
    var status = stub.serverStatus(ServerStatusRequest.getDefaultInstance());
    assertEquals(10, status.getSeenFlows());
    assertEquals(2, status.getNumConnectedNodes().getValue());

    store.put(
        "nodes/n3",
        Node.newBuilder().setName("n3").setGrpcAddress("127.0.0.1:1").build().toByteArray(),
        io.sekisho.agent.cluster.ClusterStore.Lifetime.SESSION);
    Await.until(() -> one.cluster.inventory().nodes().size() == 3);
    status = stub.serverStatus(ServerStatusRequest.getDefaultInstance());
    assertEquals(List.of("n3"), status.getUnavailableNodesList());
  }

  @Test
  void node_asksNode_getsItsOwnOnly() {
    seeTen();
    var asNode = ObserverGrpc.newBlockingStub(one.as("n2"));
    assertEquals(
        List.of("n1-0", "n1-2", "n1-4", "n1-6", "n1-8"),
        flows(asNode.getFlows(GetFlowsRequest.getDefaultInstance())));
  }
}
