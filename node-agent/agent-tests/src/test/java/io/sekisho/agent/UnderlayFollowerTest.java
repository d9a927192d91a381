package io.sekisho.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.agent.datapath.DatapathException;
import io.sekisho.agent.datapath.FakeDatapath;
import io.sekisho.agent.datapath.NodeChange.UnderlayChanged;
import io.sekisho.agent.datapath.NodeConfig;
import io.sekisho.agent.datapath.Overlay;
import io.sekisho.agent.datapath.Routing;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.agent.loop.FakeTicker;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the agent does when its underlay is not as it was. */
final class UnderlayFollowerTest {
  private static final InetAddress FIRST = InetAddress.ofLiteral("198.18.0.1");
  private static final InetAddress SECOND = InetAddress.ofLiteral("198.18.0.2");
  private static final InetAddress THIRD = InetAddress.ofLiteral("198.18.0.3");

  private final FakeTicker ticker = new FakeTicker();
  private final EventLoop loop = new EventLoop("follower-test", ticker, e -> {});
  private final Clock clock = Clock.fixed(Instant.parse("2026-05-04T03:02:01Z"), ZoneOffset.UTC);
  private final Health health = new Health(clock);
  private final FakeDatapath datapath = new FakeDatapath();
  private final List<List<InetAddress>> followed = new CopyOnWriteArrayList<>();
  private volatile boolean refuses;

  private final UnderlayFollower follower =
      new UnderlayFollower(
          new UnderlayFollower.Settings("eth7", false, UnderlayFollowerTest::config),
          List.of(FIRST, SECOND),
          loop,
          this::call,
          health,
          clock,
          followed::add);

  private CompletableFuture<Boolean> call(
      java.util.function.Function<io.sekisho.agent.datapath.Datapath, Boolean> work) {
    if (refuses) {
      return CompletableFuture.failedFuture(
          new DatapathException(DatapathException.Code.LOAD_FAILED, "no memory"));
    }
    return CompletableFuture.completedFuture(work.apply(datapath));
  }

  private static NodeConfig config(List<InetAddress> addresses) {
    return new NodeConfig(
        "n1",
        Path.of("/none"),
        "eth7",
        addresses,
        List.of(),
        Routing.VXLAN,
        Overlay.at(8472),
        Optional.empty(),
        16,
        16,
        4096,
        1);
  }

  private void changed(boolean up, InetAddress... addresses) {
    datapath.open(config(List.of()));
    loop.call(
        () -> {
          follower.changed(new UnderlayChanged(List.of(addresses), 1500, up));
          return true;
        });
  }

  private List<String> problems() {
    return health.problems().stream().map(p -> p.component() + ": " + p.message()).toList();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void changed_otherAddresses_thoseThatStayKeepTheirPlace() {
    changed(true, THIRD, SECOND);
    Eventually.holds(() -> followed.equals(List.of(List.of(SECOND, THIRD))));
    assertEquals(List.of(SECOND, THIRD), datapath.config().orElseThrow().underlayAddresses());
    assertEquals(List.of(), problems());
  }

  @Test
  void changed_down_isAProblemWithItsTimeAndNothingElse() {
    changed(false, FIRST);
    assertEquals(List.of("underlay: eth7 is down since 2026-05-04T03:02:01Z"), problems());
    assertEquals(0, datapath.reconfigurations());
    changed(true, FIRST, SECOND);
    Eventually.holds(() -> problems().isEmpty());
  }

  @Test
  void changed_withoutAddress_keepsTheOldOnesAndSaysSo() {
    changed(true);
    assertEquals(List.of("underlay: eth7 has no address"), problems());
    assertEquals(0, datapath.reconfigurations());
  }

  @Test
  void changed_dataplaneRefuses_isTriedAgain() {
    refuses = true;
    changed(true, THIRD);
    Eventually.holds(() -> problems().equals(List.of("underlay: no memory")));
    loop.call(() -> true); // the task that told of it has planned the next try by then
    assertEquals(List.of(), followed);
    refuses = false;
    ticker.advance(java.time.Duration.ofSeconds(6));
    loop.execute(() -> {});
    Eventually.holds(() -> followed.equals(List.of(List.of(THIRD))));
    Eventually.holds(() -> problems().isEmpty());
  }
}
