package io.sekisho.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.agent.FakeRealization;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.datapath.FakeDatapath;
import io.sekisho.agent.datapath.Routing;
import io.sekisho.agent.endpoint.Endpoints;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.identity.ApiServers;
import io.sekisho.agent.identity.LocalIdentities;
import io.sekisho.agent.ipam.Ipam;
import io.sekisho.agent.ipcache.Site;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.agent.loop.FakeTicker;
import io.sekisho.agent.metrics.Metrics;
import io.sekisho.agent.policy.RuleNames;
import io.sekisho.agent.revision.Intent;
import io.sekisho.policy.Enforcement;
import io.sekisho.policy.ServiceCatalog;
import io.sekisho.policy.compile.FailSafe;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When plans are made. */
class PlannerTest {
  /** What a plan takes here. */
  private static final Duration TOOK = Duration.ofMillis(4);

  @TempDir Path folder;
  private final FakeTicker ticker = new FakeTicker();
  private final Health health = new Health(Clock.systemUTC());
  private final Metrics metrics = new Metrics();
  private final EventLoop loop = new EventLoop("planner-test", ticker, e -> {});
  private final Reconciler reconciler = new Reconciler(new FakeDatapath(), ticker, health, metrics);
  private Planner planner;
  private int plans;
  private long version;

  @BeforeEach
  void start() {
    var endpoints = new Endpoints(new Ipam(List.of()));
    planner =
        new Planner(
            new Site("n1", List.of(InetAddress.ofLiteral("198.18.0.1")), Routing.VXLAN, List.of()),
            Enforcement.USUAL,
            loop,
            reconciler,
            endpoints,
            new NodePolicy(List.of(), FailSafe.USUAL, new ApiServers(List.of()), List.of()),
            new LocalIdentities(folder, Runnable::run, health, Clock.systemUTC()),
            new RuleNames(),
            new Outcome(endpoints, new FakeRealization(), metrics, ticker, id -> {}),
            health);
    loop.call(
        () -> {
          planner.add(
              state -> {
                plans++;
                ticker.advance(TOOK);
                return state;
              });
          return true;
        });
    inventory();
    planner.intended(new Intent(1, List.of(), 0));
    assertEquals(1, plans());
  }

  @AfterEach
  void close() {
    reconciler.close();
    loop.close();
  }

  private void inventory() {
    planner.inventory(new Inventory(++version, true, Map.of(), Map.of(), Map.of(), Map.of()));
  }

  /** So many were made when the loop has done what was posted, and what that posted. */
  private int plans() {
    loop.call(() -> true);
    return loop.call(() -> plans);
  }

  private int after(Duration time) {
    ticker.advance(time);
    return plans();
  }

  @Test
  void inventory_thatChangesOften_isPlannedInATenthOfTheTime() {
    inventory();
    assertEquals(1, plans());
    inventory();
    assertEquals(1, after(TOOK.multipliedBy(8)));
    assertEquals(2, after(TOOK));
    assertEquals(2, after(Duration.ofSeconds(1)), "both in one");
    inventory();
    assertEquals(3, plans(), "at once after a quiet time");
  }

  @Test
  void intended_whileAPlanWaits_isPlannedBeforeIt() {
    inventory();
    assertEquals(1, plans());
    planner.intended(new Intent(2, List.of(), 0));
    assertEquals(1, plans(), "half of the time is left to others");
    assertEquals(2, after(TOOK));
    assertEquals(2, after(Duration.ofSeconds(1)), "with the inventory in it");
  }

  @Test
  void intended_oftenAndWithChurn_isPlannedInHalfOfTheTime() {
    int made = 0;
    for (int i = 0; i < 100; i++) {
      planner.intended(new Intent(2 + i, List.of(), 0));
      inventory();
      made = after(TOOK.dividedBy(2));
    }
    assertEquals(51, made, "in each pause one, of two changes");
  }

  @Test
  void intended_withOtherServicesAlone_waitsAsTheInventoryDoes() {
    planner.intended(new Intent(1, List.of(), ServiceCatalog.EMPTY, 1));
    assertEquals(1, after(TOOK.multipliedBy(8)));
    assertEquals(2, after(TOOK));
  }

  @Test
  void changed_whileAPlanWaits_makesItAndNoOther() {
    inventory();
    assertEquals(1, plans());
    loop.call(
        () -> {
          planner.changed();
          return true;
        });
    assertEquals(2, plans());
    assertEquals(2, after(Duration.ofSeconds(1)));
  }
}
