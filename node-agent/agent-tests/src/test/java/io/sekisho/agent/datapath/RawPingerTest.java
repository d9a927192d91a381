package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.Pinger.Echo;
import io.sekisho.netlink.EchoMessage;
import io.sekisho.netlink.IcmpSocket;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.testkit.TestNamespaces;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pings between namespaces of a real kernel. */
final class RawPingerTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final TestNamespaces namespaces = new TestNamespaces("ping");
  private final NodeKernel kernel = new LinuxKernel();
  private NetworkNamespace here;

  @BeforeEach
  void connect() {
    NetworkNamespace underlay = TestNode.underlay(namespaces);
    here = namespaces.create("a");
    TestNode.connect(underlay, here, "a", 1);
    TestNode.connect(underlay, namespaces.create("b"), "b", 2);
  }

  @AfterEach
  void delete() {
    namespaces.close();
  }

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"198.18.0.2", "fd18::2", "198.18.0.1", "127.0.0.1", "::1"})
  void ping_present_isAnswered(String address) {
    try (var pinger = kernel.pinger(here.path())) {
      long before = System.nanoTime();
      Echo echo = pinger.ping(ip(address), LONG).join();
      long rtt = echo.rttNanos().orElseThrow();
      assertTrue(rtt > 0 && rtt <= System.nanoTime() - before, "rtt " + rtt);
    }
  }

  @ParameterizedTest
  @CsvSource({"198.18.0.99, 198.18.0.2", "fd18::99, fd18::2"})
  void unresolved_nobodyOnTheLink_isSaidOnceSomebodyHasAsked(String nobody, String present) {
    assertEquals(Optional.empty(), here.call(() -> kernel.unresolved(ip(nobody))));
    try (var pinger = kernel.pinger(here.path())) {
      pinger.ping(ip(nobody), SHORT).join();
      pinger.ping(ip(present), LONG).join();
    }
    assertEquals(Optional.of("eth0"), here.call(() -> kernel.unresolved(ip(nobody))));
    assertEquals(Optional.empty(), here.call(() -> kernel.unresolved(ip(present))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"198.18.0.99", "fd18::99"})
  void ping_nobody_isSilence(String address) {
    try (var pinger = kernel.pinger(here.path())) {
      assertEquals(Echo.SILENCE, pinger.ping(ip(address), SHORT).join());
    }
  }

  @Test
  void ping_unreachable_isRefusedAtOnce() {
    try (var pinger = kernel.pinger(here.path())) {
      Echo echo = pinger.ping(ip("203.0.113.1"), LONG).join();
      assertTrue(echo.refused().orElseThrow().contains("ENETUNREACH"), echo.toString());
    }
  }

  @Test
  void ping_manyAtOnce_eachGetsItsOwn() {
    try (var pinger = kernel.pinger(here.path());
        var other = kernel.pinger(here.path())) {
      var all = new ArrayList<CompletableFuture<Echo>>();
      for (int i = 0; i < 200; i++) {
        all.add(
            (i % 2 == 0 ? pinger : other).ping(ip(i % 3 == 0 ? "fd18::2" : "198.18.0.2"), LONG));
      }
      assertTrue(all.stream().allMatch(ping -> ping.join().rttNanos().isPresent()));
    }
  }

  /** Replies with our numbers that somebody made up do not count. */
  @Test
  void ping_foreignReplies_doNotCount() {
    try (var pinger = kernel.pinger(here.path());
        var forger = here.call(() -> IcmpSocket.open(true))) {
      var answer = pinger.ping(ip("198.18.0.99"), Duration.ofMillis(300));
      for (int id = 1; id < 49_152; id += 97) {
        forger.send(ip("198.18.0.2"), new EchoMessage(id, 0, 1));
      }
      assertEquals(Echo.SILENCE, answer.join());
    }
  }

  @Test
  void close_pingsThatWait_getNoAnswer() {
    var pinger = kernel.pinger(here.path());
    var answer = pinger.ping(ip("198.18.0.99"), LONG);
    pinger.close();
    assertEquals(Echo.SILENCE, answer.join());
    assertTrue(pinger.ping(ip("198.18.0.2"), LONG).join().refused().isPresent());
  }

  @Test
  void pinger_noNamespace_isAnError() {
    var error =
        assertThrows(
            DatapathException.class, () -> kernel.pinger(Path.of("/run/netns/sk-no-such")));
    assertEquals(DatapathException.Code.WIRING_FAILED, error.code());
  }

  @Test
  void keepNamespace_againAndAfterLoss_isThere() throws Exception {
    String name = namespaces.prefix() + "-kept";
    Path file = kernel.keepNamespace(name);
    try {
      Object inode = Files.getAttribute(file, "unix:ino");
      assertEquals(file, kernel.keepNamespace(name));
      assertEquals(inode, Files.getAttribute(file, "unix:ino"));
      // What is left of a namespace's name after a reboot: a plain file.
      kernel.deleteNamespace(name);
      Files.createFile(file);
      kernel.keepNamespace(name);
      try (var pinger = kernel.pinger(file)) {
        assertTrue(pinger.ping(ip("127.0.0.1"), LONG).join().rttNanos().isPresent());
      }
    } finally {
      kernel.deleteNamespace(name);
    }
    assertFalse(Files.exists(file));
    kernel.deleteNamespace(name);
  }

  @Test
  void features_thisKernel_areKnownAndExplained() {
    List<NodeFeature> features = kernel.features();
    for (NodeFeature feature : features) {
      assertTrue(feature.presence() != NodeFeature.Presence.UNKNOWN, feature.name());
      assertFalse(feature.purpose().isBlank() || feature.since().isBlank(), feature.name());
    }
    // The tests of the datapath run here, so what they need is here.
    assertEquals(Optional.empty(), NodeFeature.lack(features, Routing.VXLAN));
  }

  @Test
  void lack_namesWhatIsNeeded() {
    var needed =
        new NodeFeature("A", NodeFeature.Presence.MISSING, "holds all", "9.9", Optional.empty());
    var geneve =
        new NodeFeature(
            "GENEVE", NodeFeature.Presence.MISSING, "carries", "4.3", Optional.of("vxlan"));
    assertEquals(
        Optional.of("no A, which holds all (Linux has it since 9.9)"),
        NodeFeature.lack(List.of(needed, geneve), Routing.VXLAN));
    assertEquals(
        Optional.of("no GENEVE, which carries (Linux has it since 4.3); instead: vxlan"),
        NodeFeature.lack(List.of(geneve), Routing.GENEVE));
  }
}
