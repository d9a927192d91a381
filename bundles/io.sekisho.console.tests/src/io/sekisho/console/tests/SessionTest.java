package io.sekisho.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.grpc.ManagedChannel;
import io.sekisho.api.relay.NodeState;
import io.sekisho.api.v1.PushRequest;
import io.sekisho.console.core.AgentCredentials;
import io.sekisho.console.core.AgentRoutes;
import io.sekisho.console.core.ConnectionProfile;
import io.sekisho.console.core.ConnectionTest;
import io.sekisho.console.core.ConsoleException;
import io.sekisho.console.core.ConsoleException.Code;
import io.sekisho.console.core.GrpcClusterSession;
import io.sekisho.console.core.Link;
import io.sekisho.flow.FlowVerdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions against an agent that speaks the real protocols with mutual TLS. */
class SessionTest {
  private ShopServer server;

  @BeforeEach
  void start() throws Exception {
    server = ShopServer.start(ShopFixture.pki(), 0, 200);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("not within 60 s: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static ConsoleException failure(CompletableFuture<?> call) {
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> call.get(30, TimeUnit.SECONDS));
    return assertInstanceOf(ConsoleException.class, e.getCause());
  }

  @Test
  void open_liveCluster_tellsAllSnapshots() {
    try (var session = GrpcClusterSession.open(server.profile("a"))) {
      await("inventory", () -> session.inventory().synced());
      assertEquals(3, session.inventory().nodes().size());
      assertEquals(23, session.inventory().endpoints().size());
      await("flows", () -> session.flows().seen() > 500);
      await("graph", () -> session.traffic().edge("shop/cart", "shop/database").isPresent());
      await(
          "a drop with its rule",
          () ->
              session.flows().newestFirst().stream()
                  .anyMatch(
                      f ->
                          f.verdict() == FlowVerdict.DROPPED
                              && f.rule().equals("shop/deny-world:1")));
      await("head", () -> session.revisions().head() == 42);
      var payment = session.traffic().node("shop/payment").orElseThrow();
      assertEquals(2, payment.ready());
      assertEquals(3, payment.pods());
    }
  }

  @Test
  void flows_beyondCapacity_keepsTheNewest() {
    server.services().rate(20_000);
    try (var session = GrpcClusterSession.open(server.profile("b"))) {
      await(
          "more flows than fit",
          () -> session.flows().seen() > GrpcClusterSession.FLOW_CAPACITY + 1_000);
      assertEquals(GrpcClusterSession.FLOW_CAPACITY, session.flows().newestFirst().size());
    }
  }

  @Test
  void lostEvents_told_areCounted() {
    try (var session = GrpcClusterSession.open(server.profile("c"))) {
      await("flows", () -> session.flows().seen() > 0);
      server.services().lose(17);
      await("lost events", () -> session.flows().lost() == 17);
    }
  }

  @Test
  void node_unavailable_isSilentUntilItAnswers() {
    try (var session = GrpcClusterSession.open(server.profile("d"))) {
      await("flows", () -> session.flows().seen() > 0);
      server.services().node("n2", NodeState.NODE_UNAVAILABLE);
      await("n2 silent", () -> session.silent().containsKey("n2"));
      server.services().node("n2", NodeState.NODE_CONNECTED);
      await("n2 back", () -> session.silent().isEmpty());
    }
  }

  @Test
  void serverGone_thenBack_goesOnWhereItEnded() throws Exception {
    int port = server.port();
    try (var session = GrpcClusterSession.open(server.profile("e"))) {
      await("flows", () -> session.flows().seen() > 100);
      server.close();
      await("disconnected", () -> session.link() instanceof Link.Disconnected);
      assertTrue(!session.flows().newestFirst().isEmpty(), "last data stays");
      server = ShopServer.start(ShopFixture.pki(), port, 200);
      await("connected again", () -> session.link() instanceof Link.Connected);
      await("asked again", () -> !server.services().asked().isEmpty());
      assertTrue(server.services().asked().getFirst().hasSince(), "asks since the newest flow");
    }
  }

  @Test
  void retry_whileWaiting_connectsBeforeTheWaitIsOver() throws Exception {
    int port = server.port();
    ConnectionProfile profile = server.profile("k");
    server.close();
    try (var session = GrpcClusterSession.open(profile)) {
      await(
          "a wait of 8 s",
          () ->
              session.link() instanceof Link.Disconnected d
                  && d.retryAtMillis() - System.currentTimeMillis() > 7_000);
      long retryAt = ((Link.Disconnected) session.link()).retryAtMillis();
      server = ShopServer.start(ShopFixture.pki(), port, 200);
      session.retry();
      await("connected", () -> session.link() instanceof Link.Connected);
      assertTrue(System.currentTimeMillis() < retryAt, "before the wait was over");
    }
  }

  @Test
  void addresses_firstDead_triesTheNext() {
    ConnectionProfile live = server.profile("f");
    ConnectionProfile both =
        new ConnectionProfile(
            "f",
            List.of("127.0.0.1:1", live.addresses().getFirst()),
            live.authority(),
            live.certificate(),
            live.key(),
            false);
    try (var session = GrpcClusterSession.open(both)) {
      await("connected", () -> session.link() instanceof Link.Connected);
      assertEquals(live.addresses().getFirst(), ((Link.Connected) session.link()).agent());
    }
  }

  @Test
  void route_breaksInAnUnknownWay_isToldAndTheNextIsTried() {
    ConnectionProfile profile = server.profile("m");
    var second = new CompletableFuture<Void>();
    var routes = new BrokenThenGood(profile, second);
    try (var session =
        GrpcClusterSession.open(profile, routes, Optional.empty(), Clock.systemUTC())) {
      await("told", () -> session.link() instanceof Link.Disconnected);
      assertEquals("the tunnel broke", ((Link.Disconnected) session.link()).message());
      second.complete(null);
      await("connected", () -> session.link() instanceof Link.Connected);
    }
    await("routes closed", () -> routes.closed);
  }

  /** The way breaks in a way that no contract names until a future is done. */
  private static final class BrokenThenGood implements AgentRoutes {
    private final ConnectionProfile profile;
    private final CompletableFuture<Void> good;
    private volatile boolean closed;

    BrokenThenGood(ConnectionProfile profile, CompletableFuture<Void> good) {
      this.profile = profile;
      this.good = good;
    }

    @Override
    public Found find() {
      AgentCredentials credentials = AgentCredentials.read(profile);
      return new Found(List.of(route(credentials)), credentials.role());
    }

    private Route route(AgentCredentials credentials) {
      return new Route() {
        @Override
        public String agent() {
          return "n1";
        }

        @Override
        public ManagedChannel open() {
          if (!good.isDone()) {
            throw new IllegalStateException("the tunnel broke");
          }
          return credentials.open(profile.addresses().getFirst(), "");
        }
      };
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void connectionTest_keyOrAuthorityIsNoPem_saysSo() throws Exception {
    ConnectionProfile good = server.profile("n");
    Path none = Files.writeString(Files.createTempFile("sekisho", ".pem"), "no PEM");
    for (ConnectionProfile each :
        List.of(
            new ConnectionProfile(
                "n", good.addresses(), good.authority(), good.certificate(), none, false),
            new ConnectionProfile(
                "n", good.addresses(), none, good.certificate(), good.key(), false))) {
      ConsoleException e = failure(ConnectionTest.run(each));
      assertTrue(e.getMessage().contains("The certificates of n can't be read"), e.getMessage());
    }
    Files.delete(none);
  }

  @Test
  void push_wrongDocument_failsWithItsProblems() throws Exception {
    try (var session = GrpcClusterSession.open(server.profile("g"))) {
      await("connected", () -> session.link() instanceof Link.Connected);
      ConsoleException e =
          failure(
              session
                  .revisions()
                  .push(PushRequest.newBuilder().setBase(42).addUpsert("wrong: 1").build()));
      assertEquals(Code.INVALID, e.code());
      assertEquals(3, e.problems().getFirst().getLine());
    }
  }

  @Test
  void push_headHasMoved_isAConflict() {
    try (var session = GrpcClusterSession.open(server.profile("h"))) {
      await("connected", () -> session.link() instanceof Link.Connected);
      ConsoleException e =
          failure(session.revisions().push(PushRequest.newBuilder().setBase(7).build()));
      assertEquals(Code.CONFLICT, e.code());
      assertTrue(e.getMessage().contains("Nothing was changed"), e.getMessage());
    }
  }

  @Test
  void push_good_movesTheHead() throws Exception {
    try (var session = GrpcClusterSession.open(server.profile("i"))) {
      await("connected", () -> session.link() instanceof Link.Connected);
      PushRequest request = PushRequest.newBuilder().setBase(42).setMessage("m").build();
      session.revisions().push(request).get(30, TimeUnit.SECONDS);
      await("new head", () -> session.revisions().head() == 43);
    }
  }

  @Test
  void revisions_notConnected_sayNothingWasSent() {
    ConnectionProfile dead = with(List.of("127.0.0.1:1"), ShopFixtureFiles.AUTHORITY);
    try (var session = GrpcClusterSession.open(dead)) {
      ConsoleException e = failure(session.revisions().history());
      assertEquals(Code.DISCONNECTED, e.code());
    }
  }

  /** Which file stands for the authority. */
  private enum ShopFixtureFiles {
    AUTHORITY,
    MISSING
  }

  private ConnectionProfile with(List<String> addresses, ShopFixtureFiles authority) {
    ConnectionProfile p = server.profile("x");
    Path ca = authority == ShopFixtureFiles.MISSING ? Path.of("/nowhere/ca.crt") : p.authority();
    return new ConnectionProfile("x", addresses, ca, p.certificate(), p.key(), false);
  }

  @Test
  void connectionTest_liveAgent_namesIt() throws Exception {
    String agent = ConnectionTest.run(server.profile("j")).get(30, TimeUnit.SECONDS);
    assertEquals("127.0.0.1:" + server.port(), agent);
  }

  @Test
  void connectionTest_nothingListens_saysSo() {
    ConsoleException e =
        failure(ConnectionTest.run(with(List.of("127.0.0.1:1"), ShopFixtureFiles.AUTHORITY)));
    assertTrue(e.getMessage().contains("nothing listens on 127.0.0.1:1"), e.getMessage());
  }

  @Test
  void connectionTest_missingFile_namesIt() {
    ConsoleException e =
        failure(
            ConnectionTest.run(with(server.profile("x").addresses(), ShopFixtureFiles.MISSING)));
    assertTrue(e.getMessage().contains("/nowhere/ca.crt"), e.getMessage());
  }
}
