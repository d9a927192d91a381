package io.sekisho.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.Eventually;
import io.sekisho.agent.datapath.DesiredState;
import io.sekisho.agent.datapath.FakeDatapath;
import io.sekisho.agent.datapath.NodeConfig;
import io.sekisho.agent.datapath.Overlay;
import io.sekisho.agent.datapath.Routing;
import io.sekisho.agent.datapath.WiredEndpoint;
import io.sekisho.agent.datapath.Wiring;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.loop.FakeTicker;
import io.sekisho.agent.metrics.Metrics;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.compile.PolicyTable;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
  private final FakeDatapath datapath = new FakeDatapath();
  private final FakeTicker ticker = new FakeTicker();
  private final Health health = new Health(Clock.systemUTC());
  private final Reconciler reconciler = new Reconciler(datapath, ticker, health, new Metrics());
  private final List<String> applied = new CopyOnWriteArrayList<>();
  private WiredEndpoint wired;

  @BeforeEach
  void open() {
    reconciler.listen((plan, errors) -> applied.add(plan.revision() + " " + errors.size()));
    var config =
        new NodeConfig(
            "n1",
            Path.of("/x"),
            "lo",
            List.of(),
            List.of(),
            Routing.VXLAN,
            Overlay.at(8472),
            Optional.empty(),
            1024,
            2048,
            65536,
            5);
    reconciler.submit(d -> d.open(config)).join();
    var wiring =
        new Wiring(1, Path.of("/x"), "eth0", List.of(InetAddress.ofLiteral("10.0.0.2")), 0);
    wired = reconciler.submit(d -> d.wire(wiring)).join();
  }

  @AfterEach
  void close() {
    reconciler.close();
  }

  private Plan plan(long revision) {
    var endpoint = new DesiredState.Endpoint(wired, 1000, PolicyTable.OPEN, false);
    var cache =
        Map.of(
            Cidr.parse("10.0.0." + revision),
            new DesiredState.Location(1000, Optional.empty(), false));
    return new Plan(revision, 0, new DesiredState(Map.of(1, endpoint), cache, Map.of()));
  }

  private void awaitApplied(String... want) {
    Eventually.holds(() -> applied + " is " + List.of(want), () -> applied.equals(List.of(want)));
  }

  @Test
  void desire_plan_isApplied() {
    reconciler.desire(plan(1));
    awaitApplied("1 0");
    assertEquals(plan(1).state(), datapath.realized());
  }

  @Test
  void desire_severalWhileBusy_onlyTheNewestIsApplied() throws Exception {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var busy =
        reconciler.submit(
            d -> {
              begun.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return true;
            });
    begun.await();
    for (int revision = 1; revision <= 5; revision++) {
      reconciler.desire(plan(revision));
    }
    go.countDown();
    assertTrue(busy.join());
    awaitApplied("5 0");
  }

  @Test
  void apply_fails_isTriedAgainWithGrowingWaits() {
    datapath.fail("endpoint 1", "full");
    reconciler.desire(plan(1));
    awaitApplied("1 1");
    assertEquals("full", health.problems().getFirst().message());
    advance(Duration.ofMillis(99));
    assertEquals(1, applied.size());
    advance(Duration.ofMillis(1));
    awaitApplied("1 1", "1 1");
    advance(Duration.ofMillis(199));
    assertEquals(2, applied.size());
    datapath.heal("endpoint 1");
    advance(Duration.ofMillis(1));
    awaitApplied("1 1", "1 1", "1 0");
    assertTrue(health.problems().isEmpty());
  }

  private void advance(Duration by) {
    ticker.advance(by);
    reconciler.wake();
    assertTrue(reconciler.submit(d -> true).join());
  }

  @Test
  void desire_afterFailure_isTriedAtOnce() {
    datapath.fail("endpoint 1", "full");
    reconciler.desire(plan(1));
    awaitApplied("1 1");
    datapath.heal("endpoint 1");
    reconciler.desire(plan(2));
    awaitApplied("1 1", "2 0");
  }

  @Test
  void apply_throws_isAnErrorOfTheWholeDataplane() {
    assertTrue(
        reconciler
            .submit(
                d -> {
                  d.close();
                  return true;
                })
            .join());
    reconciler.desire(plan(1));
    awaitApplied("1 1");
    assertEquals("dataplane", health.problems().getFirst().component());
    assertEquals(Optional.of(plan(1)), reconciler.newest());
  }

  @Test
  void submit_throws_exceptionGoesToTheCallerOnly() {
    var failing =
        reconciler.submit(
            d -> {
              throw new IllegalArgumentException("no");
            });
    var e = assertThrows(CompletionException.class, failing::join);
    assertEquals("no", e.getCause().getMessage());
    assertTrue(reconciler.submit(d -> true).join());
  }

  @Test
  void close_thenSubmit_fails() {
    reconciler.close();
    assertTrue(reconciler.submit(d -> true).isCompletedExceptionally());
  }

  @Test
  void backoff_manyFailures_staysAtTenSeconds() {
    var backoff = new Backoff();
    for (int i = 0; i < 100; i++) {
      assertTrue(backoff.failed() <= 10_000_000_000L);
    }
    assertEquals(10_000_000_000L, backoff.failed());
    backoff.succeeded();
    assertEquals(100_000_000L, backoff.failed());
  }
}
