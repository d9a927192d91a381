package io.sekisho.agent.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sekisho.agent.cluster.Await;
import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.agent.cluster.FileStore;
import io.sekisho.agent.cluster.FlakyStore;
import io.sekisho.agent.pki.Authority;
import io.sekisho.agent.pki.Role;
import io.sekisho.api.flow.DropReason;
import io.sekisho.api.flow.Flow;
import io.sekisho.api.flow.ICMPv4;
import io.sekisho.api.flow.IP;
import io.sekisho.api.flow.Layer4;
import io.sekisho.api.flow.Verdict;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.FlowDetail;
import io.sekisho.api.v1.PathHop;
import io.sekisho.api.v1.PathsGrpc;
import io.sekisho.api.v1.Ping;
import io.sekisho.api.v1.RuleRef;
import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may trace paths, which agent does it, and what it finds when nothing comes back. */
final class PathsServiceTest {
  private static final TracePathResponse ANSWERED = response(3, "n2");
  private static final TracePathResponse SILENT = response(0, "n2");

  @TempDir static Path pki;
  @TempDir Path folder;
  private FlakyStore store;
  private TestAgent n1;
  private TestAgent n2;

  @BeforeAll
  static void makeCertificates() {
    var authority = new Authority(pki, Clock.systemUTC());
    authority.init();
    authority.node("n1", List.of("127.0.0.1"));
    authority.node("n2", List.of("127.0.0.1"));
    authority.operator("vera", Role.VIEWER);
    authority.operator("otto", Role.OPERATOR);
  }

  @BeforeEach
  void serve() throws IOException {
    store = new FlakyStore(new FileStore(folder.resolve("store")));
    n1 = new TestAgent("n1", folder, pki, store, Clock.systemUTC());
    n2 = new TestAgent("n2", folder, pki, store, Clock.systemUTC());
    n1.cluster.publish(endpoint("n1", "cart"));
    n2.cluster.publish(endpoint("n2", "pay"));
    Await.until(
        () ->
            n1.cluster.inventory().nodes().size() == 2
                && n1.cluster.inventory().endpoints().size() == 2
                && n2.cluster.inventory().endpoints().size() == 2);
  }

  @AfterEach
  void end() {
    n1.close();
    n2.close();
  }

  private static Endpoint endpoint(String node, String pod) {
    return Endpoint.newBuilder().setNode(node).setId(7).setNamespace("shop").setPod(pod).build();
  }

  private static TracePathResponse response(int answered, String lastNode) {
    return TracePathResponse.newBuilder()
        .addHops(PathHop.newBuilder().setNode("n1").setAddress("10.244.1.7"))
        .addHops(PathHop.newBuilder().setNode(lastNode).setAddress("10.244.2.7"))
        .setPing(Ping.newBuilder().setSent(3).setAnswered(answered))
        .build();
  }

  private static TracePathResponse trace(ManagedChannel channel, String source) {
    return PathsGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .trace(
            TracePathRequest.newBuilder().setSource(source).setDestination("10.244.2.7").build());
  }

  private static Status.Code code(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(StatusRuntimeException.class, call).getStatus().getCode();
  }

  private static Flow drop(String from, String to, Timestamp time) {
    return Flow.newBuilder()
        .setTime(time)
        .setVerdict(Verdict.DROPPED)
        .setDropReasonDesc(DropReason.POLICY_DENIED)
        .setIP(IP.newBuilder().setSource(from).setDestination(to))
        .setL4(Layer4.newBuilder().setICMPv4(ICMPv4.newBuilder().setType(8)))
        .setExtensions(
            Any.pack(
                FlowDetail.newBuilder().setRule(RuleRef.newBuilder().setName("pay-in")).build()))
        .build();
  }

  private static Timestamp later() {
    return Timestamps.fromMillis(System.currentTimeMillis() + 600_000);
  }

  @Test
  void trace_byRole_notForViewers() {
    n1.paths.say(ANSWERED);
    assertEquals(Status.Code.PERMISSION_DENIED, code(() -> trace(n1.as("vera"), "shop/cart")));
    assertEquals(ANSWERED, trace(n1.as("otto"), "shop/cart"));
    assertEquals(ANSWERED, trace(n1.root(), "shop/cart"));
  }

  @Test
  void trace_sourceOnOtherNode_isAskedThere() {
    n2.paths.say(ANSWERED);
    assertEquals(ANSWERED, trace(n1.as("otto"), "shop/pay"));
  }

  @Test
  void trace_unknownSource_isNotFound() {
    assertEquals(Status.Code.NOT_FOUND, code(() -> trace(n1.root(), "shop/none")));
    assertEquals(Status.Code.INVALID_ARGUMENT, code(() -> trace(n1.root(), "none")));
  }

  /** An agent that is asked by another does not ask on. */
  @Test
  void trace_askedByNode_answersForItselfOnly() {
    n2.paths.say(ANSWERED);
    assertEquals(Status.Code.NOT_FOUND, code(() -> trace(n1.as("n2"), "shop/pay")));
  }

  @Test
  void trace_nodeAway_isUnavailable() {
    n2.server.close();
    assertEquals(Status.Code.UNAVAILABLE, code(() -> trace(n1.root(), "shop/pay")));
    store.put("endpoints/n9/1", endpoint("n9", "lost").toByteArray(), Lifetime.SESSION);
    Await.until(() -> n1.cluster.inventory().endpoints().size() == 3);
    assertEquals(Status.Code.UNAVAILABLE, code(() -> trace(n1.root(), "shop/lost")));
  }

  @Test
  void trace_silence_findsTheDropOfTheSourceNode() {
    n1.paths.say(SILENT);
    n1.flows.see(drop("10.244.1.7", "10.244.2.7", later()));
    var drop = trace(n1.root(), "shop/cart").getDrop();
    assertEquals("n1", drop.getNode());
    assertEquals("POLICY_DENIED", drop.getReason());
    assertEquals("pay-in", drop.getRule().getName());
  }

  @Test
  void trace_silence_findsTheDropOfTheDestinationNode() {
    n1.paths.say(SILENT);
    n2.flows.see(drop("10.244.1.7", "10.244.2.7", later()));
    assertEquals("n2", trace(n1.as("otto"), "shop/cart").getDrop().getNode());
  }

  @Test
  void trace_silence_othersDropsAreNotTaken() {
    n1.paths.say(SILENT);
    n1.flows.see(drop("10.244.1.7", "10.244.2.7", Timestamps.fromSeconds(1)));
    n1.flows.see(drop("10.244.1.9", "10.244.2.7", later()));
    n2.flows.see(
        drop("10.244.1.7", "10.244.2.7", later()).toBuilder()
            .setVerdict(Verdict.FORWARDED)
            .build());
    assertFalse(trace(n1.root(), "shop/cart").hasDrop());
  }

  /** Without an agent on the other node nobody knows why; that is no error. */
  @Test
  void trace_silenceAndDestinationAway_isToldWithoutADrop() {
    n1.paths.say(SILENT);
    n2.server.close();
    assertFalse(trace(n1.root(), "shop/cart").hasDrop());
  }

  @Test
  void trace_deadlineOver_endsTheTracer() {
    n2.paths.say(ANSWERED);
    var channel = n1.root();
    assertEquals(ANSWERED, trace(channel, "shop/pay"));
    n2.paths.slow();
    var stub = PathsGrpc.newBlockingStub(channel).withDeadlineAfter(2, TimeUnit.SECONDS);
    var request = TracePathRequest.newBuilder().setSource("shop/pay").setDestination("x").build();
    assertEquals(Status.Code.DEADLINE_EXCEEDED, code(() -> stub.trace(request)));
    Await.until(n2.paths::interrupted);
  }
}
