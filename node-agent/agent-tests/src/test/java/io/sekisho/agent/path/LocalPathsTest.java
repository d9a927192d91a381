package io.sekisho.agent.path;

import static io.sekisho.agent.CoreFixture.add;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.CoreFixture;
import io.sekisho.agent.Eventually;
import io.sekisho.agent.datapath.FakeNodeKernel;
import io.sekisho.agent.path.PathException.Code;
import io.sekisho.api.v1.PathHopKind;
import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths from the pods of an agent on a fake kernel. */
class LocalPathsTest {
  @TempDir Path folder;
  private CoreFixture agent;
  private FakeNodeKernel kernel;

  @BeforeEach
  void start() {
    agent = new CoreFixture(folder).start();
    kernel = agent.node;
    agent.call(add("c1", "cart-1", "app=cart"));
    agent.call(add("c2", "pay-1", "app=pay"));
    // known as endpoints of the cluster, a little after the CNI plugin was answered
    Eventually.holds(
        () -> code(() -> trace(request("shop/cart-1", "shop/pay-1"))) == Code.NOT_POSSIBLE);
  }

  @AfterEach
  void close() {
    agent.close();
  }

  private TracePathResponse trace(TracePathRequest.Builder request) {
    return agent.core().paths().trace(request.build());
  }

  /** The network namespace of cart-1 is there. */
  private void namespace() {
    kernel.keepNamespace("sk-none-c1");
  }

  private static TracePathRequest.Builder request(String from, String to) {
    return TracePathRequest.newBuilder().setSource(from).setDestination(to);
  }

  private static Code code(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(PathException.class, call).code();
  }

  @Test
  void trace_samePod_pingsFiveTimesByIpv4() {
    namespace();
    var traced = trace(request("shop/cart-1", "shop/pay-1"));
    assertEquals(5, traced.getPing().getSent());
    assertEquals(5, traced.getSamplesNsCount());
    assertEquals(FakeNodeKernel.RTT_NANOS, traced.getPing().getRttNs());
    assertEquals("10.244.1.3", traced.getHops(traced.getHopsCount() - 1).getAddress());
    assertTrue(kernel.sent().contains("sk-none-c1 > 10.244.1.3"));
    assertEquals("lxc0001", traced.getHops(1).getName());
  }

  @Test
  void trace_familyAndCount_areFollowed() {
    namespace();
    var traced = trace(request("shop/cart-1", "shop/pay-1").setFamily(6).setCount(2));
    assertEquals(2, traced.getPing().getSent());
    assertEquals("fd00:10:244:1::3", traced.getHops(3).getAddress());
    var outside = trace(request("shop/cart-1", "2001:db8::1").setCount(1));
    assertEquals(PathHopKind.OUTSIDE, outside.getHopsList().getLast().getKind());
  }

  @Test
  void trace_silence_saysEachSample() {
    namespace();
    kernel.silence("10.244.1.3");
    var traced = trace(request("shop/cart-1", "shop/pay-1").setCount(3));
    assertEquals(0, traced.getPing().getAnswered());
    assertFalse(traced.getPing().hasRttNs());
    assertEquals(List.of(0L, 0L, 0L), traced.getSamplesNsList());
  }

  @Test
  void trace_whatCannotBe_isTyped() {
    assertEquals(Code.NOT_POSSIBLE, code(() -> trace(request("shop/cart-1", "shop/pay-1"))));
    namespace();
    assertEquals(Code.UNKNOWN_ENDPOINT, code(() -> trace(request("shop/no", "shop/pay-1"))));
    assertEquals(Code.UNKNOWN_ENDPOINT, code(() -> trace(request("shop/cart-1", "shop/no"))));
    assertEquals(Code.INVALID, code(() -> trace(request("shop/cart-1", "nonsense"))));
    assertEquals(
        Code.INVALID, code(() -> trace(request("shop/cart-1", "shop/pay-1").setCount(21))));
    assertEquals(
        Code.INVALID, code(() -> trace(request("shop/cart-1", "shop/pay-1").setFamily(5))));
    assertEquals(
        Code.NOT_POSSIBLE, code(() -> trace(request("shop/cart-1", "192.0.2.1").setFamily(6))));
  }

  @Test
  void trace_interrupted_isCancelled() {
    namespace();
    Thread.currentThread().interrupt();
    assertEquals(Code.CANCELLED, code(() -> trace(request("shop/cart-1", "shop/pay-1"))));
    assertTrue(Thread.interrupted());
  }
}
