package io.sekisho.agent.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.cluster.FileStore;
import io.sekisho.agent.cluster.FlakyStore;
import io.sekisho.agent.cluster.RangeLeases;
import io.sekisho.agent.pki.Authority;
import io.sekisho.agent.pki.Role;
import io.sekisho.agent.pki.TlsFiles;
import io.sekisho.agent.revision.FakeClock;
import io.sekisho.agent.revision.RevisionsTest;
import io.sekisho.api.observer.GetFlowsRequest;
import io.sekisho.api.observer.ObserverGrpc;
import io.sekisho.api.v1.Change;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EndpointsGrpc;
import io.sekisho.api.v1.IdentitiesGrpc;
import io.sekisho.api.v1.ListIdentitiesRequest;
import io.sekisho.api.v1.ListNodesRequest;
import io.sekisho.api.v1.NodesGrpc;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.api.v1.RemoveNodeRequest;
import io.sekisho.api.v1.RevisionsGrpc;
import io.sekisho.api.v1.Rollout;
import io.sekisho.api.v1.RolloutState;
import io.sekisho.api.v1.ValidateRequest;
import io.sekisho.api.v1.ValidateResponse;
import io.sekisho.api.v1.WatchRequest;
import io.sekisho.api.v1.WatchRolloutRequest;
import io.sekisho.policy.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, what each role may do, and what the services answer. */
final class AgentServerTest {
  @TempDir static Path pki;
  @TempDir Path folder;
  private final FakeClock clock = new FakeClock();
  private FlakyStore store;
  private TestAgent agent;

  @BeforeAll
  static void makeCertificates() {
    var authority = new Authority(pki, Clock.systemUTC());
    authority.init();
    authority.node("n1", List.of("127.0.0.1"));
    authority.operator("vera", Role.VIEWER);
    authority.operator("otto", Role.OPERATOR);
    authority.operator("anna", Role.ADMIN);
  }

  @BeforeEach
  void serve() throws IOException {
    store = new FlakyStore(new FileStore(folder.resolve("store")));
    agent = new TestAgent("n1", folder, pki, store, clock);
    Await.until(() -> agent.cluster.inventory().nodes().containsKey("n1"));
  }

  @AfterEach
  void end() {
    agent.close();
  }

  private static Status.Code code(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(StatusRuntimeException.class, call).getStatus().getCode();
  }

  private static List<String> nodes(ManagedChannel channel) {
    return NodesGrpc.newBlockingStub(channel)
        .list(ListNodesRequest.getDefaultInstance())
        .getNodesList()
        .stream()
        .map(io.sekisho.api.v1.Node::getName)
        .toList();
  }

  static PushRequest push(String name) {
    return PushRequest.newBuilder().addUpsert(RevisionsTest.policy(name, 80)).build();
  }

  @Test
  void roleTable_everyMethod_isListed() {
    for (String method : agent.server.methods()) {
      assertFalse(RoleTable.allowed(method).isEmpty(), method);
    }
    assertEquals(27, agent.server.methods().stream().filter(m -> !m.startsWith("grpc")).count());
  }

  @Test
  void start_addressAndLoopback_bothAreServedAtOnePort() throws IOException {
    var own = new FileStore(folder.resolve("store2"));
    Path other = Files.createDirectory(folder.resolve("other"));
    try (var there = new TestAgent("n1", other, pki, own, clock, "127.0.0.2")) {
      assertEquals("127.0.0.2", there.server.address().orElseThrow().getHostString());
      Await.until(() -> nodes(there.as("vera")).equals(List.of("n1")));
    }
  }

  @Test
  void removeNode_gone_freesItsRangesForOthers() {
    var pool = new RangeLeases.Pool(Cidr.parse("10.244.0.0/23"), 24);
    Cidr range = new RangeLeases(store, "n9").lease(pool).orElseThrow();
    var request = RemoveNodeRequest.newBuilder().setName("n9").build();
    var response = NodesGrpc.newBlockingStub(agent.as("anna")).remove(request);
    assertEquals(List.of(range.toString()), response.getFreedCidrsList());
    assertTrue(new RangeLeases(store, "n2").claim(range));
    var nodes = NodesGrpc.newBlockingStub(agent.root());
    assertEquals(Status.Code.NOT_FOUND, code(() -> nodes.remove(request)));
  }

  @Test
  void removeNode_itsAgentLives_isRefusedAndNothingFreed() {
    var pool = new RangeLeases.Pool(Cidr.parse("10.244.0.0/23"), 24);
    Cidr range = new RangeLeases(store, "n1").lease(pool).orElseThrow();
    var request = RemoveNodeRequest.newBuilder().setName("n1").build();
    var nodes = NodesGrpc.newBlockingStub(agent.root());
    assertEquals(Status.Code.FAILED_PRECONDITION, code(() -> nodes.remove(request)));
    assertFalse(new RangeLeases(store, "n2").claim(range));
  }

  @Test
  void removeNode_notAnAdmin_isRefused() {
    var request = RemoveNodeRequest.newBuilder().setName("n9").build();
    var nodes = NodesGrpc.newBlockingStub(agent.as("otto"));
    assertEquals(Status.Code.PERMISSION_DENIED, code(() -> nodes.remove(request)));
  }

  @Test
  void socket_isForRootOnlyAndServes() throws Exception {
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(agent.socket())));
    assertEquals(List.of("n1"), nodes(agent.root()));
  }

  @Test
  void start_socketServed_isRefused() {
    var error =
        assertThrows(
            IOException.class,
            () -> new TestAgent("n1", folder, pki, new FileStore(folder.resolve("store2")), clock));
    assertTrue(error.getMessage().contains("another agent"), error.getMessage());
  }

  @Test
  void call_withCertificate_isServed() {
    assertEquals(List.of("n1"), nodes(agent.as("vera")));
  }

  @Test
  void call_foreignCertificate_isRefused(@TempDir Path other) {
    var foreign = new Authority(other, Clock.systemUTC());
    foreign.init();
    foreign.operator("eve", Role.ADMIN);
    var eve =
        new TlsFiles(pki.resolve("ca.crt"), other.resolve("eve.crt"), other.resolve("eve.key"));
    assertEquals(Status.Code.UNAVAILABLE, code(() -> nodes(agent.as(eve))));
  }

  @Test
  void call_foreignServer_isRefused(@TempDir Path other) {
    var foreign = new Authority(other, Clock.systemUTC());
    foreign.init();
    foreign.operator("eve", Role.ADMIN);
    var trusting =
        new TlsFiles(other.resolve("ca.crt"), other.resolve("eve.crt"), other.resolve("eve.key"));
    assertEquals(Status.Code.UNAVAILABLE, code(() -> nodes(agent.as(trusting))));
  }

  @Test
  void call_withoutCertificate_isRefused() throws Exception {
    var tls =
        io.grpc.netty.GrpcSslContexts.configure(
                io.netty.handler.ssl.SslContextBuilder.forClient(),
                io.netty.handler.ssl.SslProvider.JDK)
            .trustManager(pki.resolve("ca.crt").toFile())
            .build();
    var channel =
        io.grpc.netty.NettyChannelBuilder.forAddress("127.0.0.1", agent.server.port())
            .sslContext(tls)
            .build();
    try {
      assertEquals(Status.Code.UNAVAILABLE, code(() -> nodes(channel)));
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void push_byRole_onlyOperatorsAndAdmins() {
    assertEquals(
        Status.Code.PERMISSION_DENIED,
        code(() -> RevisionsGrpc.newBlockingStub(agent.as("vera")).push(push("a"))));
    assertEquals(
        Status.Code.PERMISSION_DENIED,
        code(() -> RevisionsGrpc.newBlockingStub(agent.as("n1")).push(push("a"))));
    var told = RevisionsGrpc.newBlockingStub(agent.as("otto")).push(push("a")).getRevision();
    assertEquals("otto", told.getAuthor());
    var next = push("b").toBuilder().setBase(1).build();
    told = RevisionsGrpc.newBlockingStub(agent.as("anna")).push(next).getRevision();
    assertEquals("anna", told.getAuthor());
    next = push("c").toBuilder().setBase(2).build();
    told = RevisionsGrpc.newBlockingStub(agent.root()).push(next).getRevision();
    assertEquals("root", told.getAuthor());
  }

  @Test
  void node_mayAskForFlowsOnly() {
    var channel = agent.as("n1");
    assertEquals(Status.Code.PERMISSION_DENIED, code(() -> nodes(channel)));
    assertFalse(
        ObserverGrpc.newBlockingStub(channel)
            .getFlows(GetFlowsRequest.getDefaultInstance())
            .hasNext());
  }

  @Test
  void health_isServing() {
    var answer =
        HealthGrpc.newBlockingStub(agent.as("vera")).check(HealthCheckRequest.getDefaultInstance());
    assertEquals(HealthCheckResponse.ServingStatus.SERVING, answer.getStatus());
  }

  @Test
  void push_badDocuments_carriesEveryProblem() throws Exception {
    var stub = RevisionsGrpc.newBlockingStub(agent.root());
    var bad = PushRequest.newBuilder().addUpsert("kind: [").addUpsert("a: b").build();
    var error = assertThrows(StatusRuntimeException.class, () -> stub.push(bad));
    assertEquals(Status.Code.INVALID_ARGUMENT, error.getStatus().getCode());
    var details = StatusProto.fromThrowable(error).getDetails(0).unpack(ValidateResponse.class);
    var validated =
        stub.validate(ValidateRequest.newBuilder().addAllTexts(bad.getUpsertList()).build());
    assertEquals(validated.getProblemsList(), details.getProblemsList());
    assertTrue(details.getProblemsCount() >= 2);
  }

  @Test
  void push_wrongBase_isAborted() {
    var request = push("a").toBuilder().setBase(5).build();
    assertEquals(
        Status.Code.ABORTED, code(() -> RevisionsGrpc.newBlockingStub(agent.root()).push(request)));
  }

  @Test
  void push_storeAway_isUnavailable() {
    store.away(true);
    assertEquals(
        Status.Code.UNAVAILABLE,
        code(() -> RevisionsGrpc.newBlockingStub(agent.root()).push(push("a"))));
  }

  @Test
  void watchRollout_confirmed_endsSettled() {
    var stub = RevisionsGrpc.newBlockingStub(agent.root());
    stub.push(push("a"));
    Rollout last = Rollout.getDefaultInstance();
    var rollouts = stub.watchRollout(WatchRolloutRequest.newBuilder().setRevision(1).build());
    while (rollouts.hasNext()) {
      last = rollouts.next();
    }
    assertTrue(last.getSettled());
    assertEquals(RolloutState.REALIZED, last.getNodes(0).getState());
    assertEquals(3, last.getNodes(0).getEndpoints());
  }

  @Test
  void watchRollout_notConfirmed_tellsTheWayBack() {
    var stub = RevisionsGrpc.newBlockingStub(agent.root());
    var pending = push("a").toBuilder().setConfirmWithin(Duration.newBuilder().setSeconds(60));
    stub.push(pending.build());
    var rollouts = stub.watchRollout(WatchRolloutRequest.newBuilder().setRevision(1).build());
    Rollout rollout = rollouts.next();
    while (rollout.getNodes(0).getState() != RolloutState.REALIZED) {
      rollout = rollouts.next();
    }
    assertFalse(rollout.getSettled());
    clock.advance(java.time.Duration.ofSeconds(61));
    while (rollouts.hasNext()) {
      rollout = rollouts.next();
    }
    assertEquals(io.sekisho.api.v1.RevisionState.REVERTED, rollout.getState());
    assertEquals(RolloutState.REVERTED_ON_NODE, rollout.getNodes(0).getState());
  }

  @Test
  void watchRollout_unknown_isNotFound() {
    var stub = RevisionsGrpc.newBlockingStub(agent.root());
    var request = WatchRolloutRequest.newBuilder().setRevision(9).build();
    assertEquals(Status.Code.NOT_FOUND, code(() -> stub.watchRollout(request).hasNext()));
  }

  @Test
  void watch_endpoints_tellsStateSyncedAndChanges() {
    agent.cluster.publish(Endpoint.newBuilder().setId(1).setNode("n1").setPod("a").build());
    Await.until(() -> agent.cluster.inventory().endpoints().size() == 1);
    var stub = EndpointsGrpc.newBlockingStub(agent.as("vera"));
    var events = stub.watch(WatchRequest.getDefaultInstance());
    assertEquals(Change.UPSERTED, events.next().getChange());
    var synced = events.next();
    assertEquals(Change.SYNCED, synced.getChange());

    agent.cluster.publish(Endpoint.newBuilder().setId(2).setNode("n1").setPod("b").build());
    var added = events.next();
    assertEquals("b", added.getEndpoint().getPod());
    agent.cluster.withdraw(1);
    var removed = events.next();
    assertEquals(Change.REMOVED, removed.getChange());
    assertEquals(1, removed.getEndpoint().getId());
    assertEquals("", removed.getEndpoint().getPod());

    var from = WatchRequest.newBuilder().setResourceVersion(added.getResourceVersion());
    var resumed = stub.watch(from.build());
    assertEquals(Change.REMOVED, resumed.next().getChange());
    var restated = stub.watch(WatchRequest.newBuilder().setResourceVersion(7).build());
    assertEquals(Change.UPSERTED, restated.next().getChange());
    assertEquals(Change.SYNCED, restated.next().getChange());
  }

  @Test
  void nodes_leaseEnded_isShownAsGone() {
    store.put(
        "nodes/n2",
        io.sekisho.api.v1.Node.newBuilder().setName("n2").build().toByteArray(),
        io.sekisho.agent.cluster.ClusterStore.Lifetime.SESSION);
    Await.until(() -> nodes(agent.root()).size() == 2);
    store.delete("nodes/n2");
    Await.until(
        () ->
            NodesGrpc.newBlockingStub(agent.root())
                    .list(ListNodesRequest.getDefaultInstance())
                    .getNodesList()
                    .get(1)
                    .getState()
                == io.sekisho.api.v1.NodeState.GONE);
  }

  @Test
  void nodes_storeAway_thisNodeTellsOfItself() {
    store.away(true);
    agent.cluster.publish(
        agent.node().toBuilder().setStore("flaky: taken away").clearGrpcAddress().build());
    var told = NodesGrpc.newBlockingStub(agent.root()).list(ListNodesRequest.getDefaultInstance());
    assertEquals("flaky: taken away", told.getNodes(0).getStore());
    assertEquals(1, told.getNodesCount());
  }

  @Test
  void identities_list_holdsReserved() {
    var answer =
        IdentitiesGrpc.newBlockingStub(agent.root())
            .list(ListIdentitiesRequest.getDefaultInstance());
    assertEquals(2, answer.getIdentities(1).getNumber());
    assertEquals("reserved:world", answer.getIdentities(1).getLabels(0));
  }
}
