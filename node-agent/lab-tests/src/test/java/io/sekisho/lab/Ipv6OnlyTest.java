package io.sekisho.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.flow.DropReason;
import io.sekisho.lab.traffic.Exchange;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** A cluster without IPv4: pods have IPv6 addresses alone, and so have tunnels. */
final class Ipv6OnlyTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final int FRAGMENTED = 4_000;
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Well below the time between two of the agent's looks. */
  private static final Duration HEARD = Duration.ofSeconds(4);

  /** What the hop leaves beside IPv6, UDP, VXLAN, and the Ethernet header within. */
  private static final int LEFT = NarrowHop.MTU - 70;

  private static Cluster cluster;

  @BeforeAll
  static void up() throws IOException {
    ClusterNetwork network =
        ClusterNetwork.USUAL.withFamilies(Families.V6).withUnderlay(Families.V6);
    cluster = new Cluster("sk6", new Lab.Wish(2, false, false, 90).on(network).withOutside());
    cluster.awaitReach("near", 0);
    cluster.awaitReach("far", 0);
  }

  @AfterAll
  static void down() throws IOException {
    cluster.close();
  }

  @Test
  void pods_haveOneAddress_andReachEachOther() {
    for (String server : Set.of("near", "far")) {
      assertEquals(1, cluster.pod(server).addresses().size());
      assertTrue(cluster.address(server, 0) instanceof Inet6Address);
      assertTrue(Exchange.ping(cluster.place("client"), cluster.address(server, 0)), server);
      assertTrue(
          Exchange.tcp(cluster.place("client"), cluster.address(server, 0), Cluster.PORT, MEBIBYTE),
          server);
    }
  }

  @Test
  void narrowHopBetweenNodes_podsAreToldOfIt(TestReporter reporter) {
    try (NarrowHop hop = new NarrowHop(cluster.lab(), 1)) {
      InetAddress far = cluster.address("far", 0);
      Instant begin = Instant.now();
      assertTrue(Exchange.tcp(cluster.place("client"), far, Cluster.PORT, MEBIBYTE), "TCP");
      reporter.publishEntry("pod to pod, first MiB", since(begin));
      assertTrue(Exchange.tcp(cluster.node("n1"), far, Cluster.PORT, MEBIBYTE), "from a node");
      Await.until(HEARD, () -> "way: " + wayTo("n1", 2), () -> wayTo("n1", 2).contains("mtu lock"));
      Await.until(HEARD, () -> "way: " + wayTo("n2", 1), () -> wayTo("n2", 1).contains("mtu lock"));
      reporter.publishEntry("both agents' routes", since(begin));
      assertEquals(LEFT, told("client", far));
      // the first long datagram is what the sender is told of, and the echo of its answer
      Await.until(
          SOON,
          () -> "no long datagram",
          () -> Exchange.udp(cluster.place("client"), far, Cluster.PORT, FRAGMENTED));
    }
    assertTrue(Exchange.ping(cluster.place("client"), cluster.address("far", 0)), "afterwards");
  }

  @Test
  void narrowHopBetweenNodes_whoSpeaksToTheNodeItselfIsTold(TestReporter reporter) {
    try (NarrowHop hop = new NarrowHop(cluster.lab(), 1)) {
      InetAddress node = cluster.nodeAddress("n2", 1);
      Instant begin = Instant.now();
      assertTrue(Exchange.tcp(cluster.place("client"), node, Cluster.PORT, MEBIBYTE), "TCP");
      reporter.publishEntry("pod to node, first MiB", since(begin));
      // where the other agent has heard of the hop first, its node asked TCP for short segments:
      // a datagram one byte longer than fits is what tells, behind its headers
      assertTrue(
          Exchange.udpTooLong(cluster.place("client"), node, Cluster.PORT, LEFT - 48 + 1),
          "not told");
      assertEquals(LEFT, told("client", node));
      Await.until(
          SOON,
          () -> "no long datagram",
          () -> Exchange.udp(cluster.place("client"), node, Cluster.PORT, FRAGMENTED));
    }
  }

  /** No pod sends IPv6 packets below 1280 bytes, whatever it is told. */
  @Test
  void hopTooNarrowForIpv6_isSaidByTheNode_andItsLossIsSeen() {
    int mtu = 1_300;
    String said = "carries %d bytes to ".formatted(mtu);
    try (FlowLog flows = new FlowLog(cluster.lab(), "n1");
        NarrowHop hop = new NarrowHop(cluster.lab(), 1, mtu)) {
      InetAddress far = cluster.address("far", 0);
      Await.until(
          SOON,
          () -> "node says " + message("n1"),
          () -> {
            // its length with the tunnel's headers is more than the hop hands on
            assertFalse(Exchange.udp(cluster.place("client"), far, Cluster.PORT, 1_230, 300));
            return message("n1").contains(said);
          });
      assertTrue(message("n1").contains("1350 are needed"), message("n1"));
      flows.awaitDrop(DropReason.IP_FRAGMENTATION_NOT_SUPPORTED, FlowLog.to(far));
      assertTrue(Exchange.udp(cluster.place("client"), far, Cluster.PORT, 1_000), "what fits");
    }
    Await.until(
        SOON, () -> "node still says " + message("n1"), () -> !message("n1").contains(said));
    assertTrue(
        Exchange.udp(cluster.place("client"), cluster.address("far", 0), Cluster.PORT, 1_230));
  }

  private static String message(String node) {
    try (AgentClient agent = cluster.lab().client(node)) {
      return agent.nodes().stream()
          .filter(one -> one.getName().equals(node))
          .findFirst()
          .orElseThrow()
          .getMessage();
    }
  }

  private static String since(Instant begin) {
    return Duration.between(begin, Instant.now()).toMillis() + " ms";
  }

  private static String wayTo(String node, int number) {
    return Command.of("ip", "-6", "route", "show", "fd00:10:244:" + number + "::/64")
        .inside(cluster.lab().names().node(node))
        .run()
        .output();
  }

  /** What a pod's kernel was told of the way to an address, bytes; 0: nothing. */
  private static int told(String pod, InetAddress to) {
    String way =
        Command.of("ip", "-6", "route", "get", to.getHostAddress())
            .inside(cluster.lab().names().pod("test", pod))
            .run()
            .output();
    Matcher mtu = Pattern.compile(" mtu (\\d+)").matcher(way);
    return mtu.find() ? Integer.parseInt(mtu.group(1)) : 0;
  }

  @Test
  void nodeAndOutside_areReached_outsideWithTheNodesAddress() {
    assertTrue(Exchange.ping(cluster.place("client"), cluster.nodeAddress("n2", 1)), "node");
    assertTrue(Exchange.ping(cluster.node("n1"), cluster.address("far", 0)), "pod from a node");
    var echo = cluster.echo(Outside.SERVER.name());
    echo.forget();
    assertTrue(
        Exchange.tcp(
            cluster.place("client"), Cluster.address(Outside.SERVER, 1), Cluster.PORT, MEBIBYTE),
        "outside");
    assertEquals(Set.of(cluster.nodeAddress("n1", 1)), echo.callers());
  }
}
