package io.sekisho.agent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.FakeNodeKernel;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.agent.loop.FakeTicker;
import io.sekisho.api.v1.PeerProbe;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProberTest {
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final FakeTicker ticker = new FakeTicker();
  private final Health health = new Health(Clock.systemUTC());
  private final FakeNodeKernel kernel = new FakeNodeKernel();
  private final EventLoop loop = new EventLoop("test", ticker, e -> health.report("loop", "" + e));
  private volatile List<ProbePeer> peers = peers("n2", "n3");
  private final Prober prober =
      new Prober(
          loop,
          health,
          Clock.systemUTC(),
          INTERVAL,
          "overlay port 8472",
          () -> peers,
          address -> CompletableFuture.completedFuture(kernel.unresolved(address)));

  @BeforeEach
  void start() {
    kernel.keepNamespace("health");
    prober.underlay(kernel.pinger());
    prober.endpoint(kernel.pinger(Path.of("/run/netns/health")));
    prober.start();
    settle();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private static List<ProbePeer> peers(String... names) {
    return Stream.of(names)
        .map(
            name ->
                new ProbePeer(
                    name,
                    Optional.of(InetAddress.ofLiteral("198.18.0." + name.substring(1))),
                    Optional.of(InetAddress.ofLiteral("10.244." + name.substring(1) + ".2"))))
        .toList();
  }

  /** Lets timers run, and what they post. */
  private void settle() {
    for (int i = 0; i < 3; i++) {
      loop.call(() -> true);
    }
  }

  private void pass(Duration time) {
    for (long second = 0; second < time.toSeconds(); second++) {
      ticker.advance(Duration.ofSeconds(1));
      settle();
    }
  }

  private PeerProbe probe(String node) {
    return prober.probes().stream()
        .filter(p -> p.getNode().equals(node))
        .findFirst()
        .orElse(PeerProbe.getDefaultInstance());
  }

  private List<String> problems() {
    return health.problems().stream().map(Health.Problem::message).toList();
  }

  @Test
  void interval_eachNodeOnceBothWays() {
    pass(Duration.ofSeconds(99));
    long toN2 = kernel.sent().stream().filter("node > 198.18.0.2"::equals).count();
    long endpoint = kernel.sent().stream().filter("health > 10.244.3.2"::equals).count();
    assertEquals(10, toN2);
    assertEquals(10, endpoint);
    assertEquals(40, kernel.sent().size());
    assertEquals(10, probe("n3").getEndpoint().getAnswered());
    assertEquals(FakeNodeKernel.RTT_NANOS, probe("n2").getUnderlay().getRttNs());
  }

  @Test
  void turns_areSpreadOverTheInterval() {
    int before = kernel.sent().size();
    pass(Duration.ofSeconds(4));
    assertEquals(before, kernel.sent().size());
    pass(Duration.ofSeconds(1));
    assertEquals(before + 2, kernel.sent().size());
  }

  @Test
  void endpointSilent_nodeAnswers_isAProblemThatNamesTheNode() {
    kernel.silence("10.244.2.2");
    pass(Duration.ofSeconds(19));
    assertEquals(List.of(), problems());
    pass(Duration.ofSeconds(20));
    assertEquals(
        List.of(
            "n2's endpoints do not answer for 30 s while the node does:"
                + " overlay port 8472 blocked?"),
        problems());
    kernel.heal("10.244.2.2");
    pass(INTERVAL);
    assertEquals(List.of(), problems());
    assertTrue(probe("n2").getEndpoint().getAnswered() < probe("n2").getEndpoint().getSent());
  }

  @Test
  void bothSilent_isAnotherProblem() {
    kernel.silence("10.244.2.2");
    kernel.silence("198.18.0.2");
    pass(Duration.ofSeconds(40));
    assertEquals(
        List.of("n2 and its endpoints do not answer for 30 s: underlay broken?"), problems());
  }

  private static ProbePeer dual() {
    return new ProbePeer(
        "n2",
        Optional.of(InetAddress.ofLiteral("198.18.0.2")),
        Optional.of(InetAddress.ofLiteral("10.244.2.2")),
        Optional.of(InetAddress.ofLiteral("fd18::2")),
        Optional.of(InetAddress.ofLiteral("fd00:10:244:2::2")));
  }

  @Test
  void twoFamilies_oneSilent_isAProblemThatNamesIt() {
    peers = List.of(dual());
    kernel.silence("fd00:10:244:2::2");
    pass(Duration.ofSeconds(60));
    assertEquals(
        List.of("n2's endpoints do not answer by IPv6 for 30 s while they do by IPv4"), problems());
    assertTrue(probe("n2").getUnderlayIpv6().getAnswered() > 3);
    assertEquals(0, probe("n2").getEndpointIpv6().getAnswered());
    assertTrue(probe("n2").getEndpoint().getAnswered() > 3);
    kernel.heal("fd00:10:244:2::2");
    pass(INTERVAL.multipliedBy(2));
    assertEquals(List.of(), problems());
  }

  @Test
  void twoFamilies_bothSilent_isOneProblem() {
    peers = List.of(dual());
    kernel.silence("fd00:10:244:2::2");
    kernel.silence("10.244.2.2");
    pass(Duration.ofSeconds(60));
    assertEquals(
        List.of(
            "n2's endpoints do not answer for 30 s while the node does:"
                + " overlay port 8472 blocked?"),
        problems());
  }

  @Test
  void bothSilent_addressDoesNotResolve_isNamedUntilItDoes() {
    kernel.silence("10.244.2.2");
    kernel.takeAway("198.18.0.2");
    pass(Duration.ofSeconds(40));
    assertEquals(
        List.of(
            "n2 and its endpoints do not answer for 30 s: 198.18.0.2 does not resolve on eth0,"
                + " so the kernel drops what goes there and no flow tells of it"),
        problems());
    kernel.heal("198.18.0.2");
    kernel.silence("198.18.0.2");
    pass(INTERVAL);
    assertEquals(
        List.of("n2 and its endpoints do not answer for 30 s: underlay broken?"), problems());
  }

  /** Many firewalls drop pings to nodes; what counts is that pods get through. */
  @Test
  void onlyNodeSilent_isNoProblem() {
    kernel.silence("198.18.0.2");
    pass(Duration.ofSeconds(60));
    assertEquals(List.of(), problems());
  }

  @Test
  void nodeLeaves_isForgottenWithItsProblem() {
    kernel.silence("10.244.2.2");
    pass(Duration.ofSeconds(40));
    assertEquals(1, problems().size());
    peers = peers("n3");
    pass(INTERVAL);
    assertEquals(List.of(), problems());
    assertEquals(1, prober.probes().size());
  }

  @Test
  void nodeChangesAddress_beginsAnew() {
    pass(Duration.ofSeconds(60));
    assertTrue(probe("n2").getUnderlay().getSent() > 3);
    var moved =
        new ProbePeer("n2", Optional.of(InetAddress.ofLiteral("198.18.0.9")), Optional.empty());
    peers = List.of(moved);
    pass(INTERVAL);
    assertEquals(1, probe("n2").getUnderlay().getSent());
    assertEquals(0, probe("n2").getEndpoint().getSent());
    assertTrue(kernel.sent().contains("node > 198.18.0.9"));
  }

  @Test
  void noNodes_thenOne_isFound() {
    peers = List.of();
    pass(Duration.ofSeconds(20));
    int before = kernel.sent().size();
    assertEquals(List.of(), prober.probes());
    peers = peers("n4");
    pass(INTERVAL);
    assertEquals(before + 2, kernel.sent().size());
  }
}
