package io.sekisho.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.api.flow.DropReason;
import io.sekisho.lab.traffic.ByteStream;
import io.sekisho.lab.traffic.DatagramStream;
import io.sekisho.lab.traffic.Echo;
import io.sekisho.lab.traffic.Exchange;
import io.sekisho.lab.traffic.Place;
import io.sekisho.lab.traffic.Stream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer.OrderAnnotation;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every way that a packet may take, over VXLAN and then, by another configuration and a restart of
 * the agents, by native routing, and back to VXLAN between the nodes' IPv6 addresses: the same lab,
 * the same pods. Families: 0 is IPv4, 1 is IPv6.
 */
@TestClassOrder(OrderAnnotation.class)
final class ConnectivityTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final int FRAGMENTED = 4_000;
  private static final Duration SOON = Duration.ofSeconds(60);

  /** The fewest ports that a node may have for masqueraded connections. */
  private static final String FEW_PORTS = "50000-50255";

  private static final ClusterNetwork NETWORK =
      ClusterNetwork.USUAL
          .withMasqueradePorts(FEW_PORTS)
          .withExclude(List.of("198.18.0.203/32", "fd18::cb/128"))
          .withProbes(2);

  private static Cluster cluster;
  private static FlowLog flows;

  @BeforeAll
  static void up() throws IOException {
    cluster = new Cluster("skc", new Lab.Wish(2, false, false, 90).on(NETWORK).withOutside());
    flows = new FlowLog(cluster.lab(), "n1", "n2");
    awaitAll();
  }

  private static void awaitAll() {
    for (String server : List.of("near", "far")) {
      cluster.awaitReach(server, 0);
      cluster.awaitReach(server, 1);
    }
  }

  @AfterAll
  static void down() throws IOException {
    flows.close();
    cluster.close();
  }

  private static Place client() {
    return cluster.place("client");
  }

  /** The assertions, for whatever way is configured. */
  abstract static class Ways {
    @ParameterizedTest
    @CsvSource({"near,0", "near,1", "far,0", "far,1"})
    void podToPod_eachProtocolAndSize_comesBackWhole(String server, int family) {
      InetAddress to = cluster.address(server, family);
      cluster.echo(server).forget();
      assertTrue(Exchange.ping(client(), to), "ICMP");
      assertTrue(Exchange.tcp(client(), to, Cluster.PORT, MEBIBYTE), "TCP");
      assertTrue(Exchange.udp(client(), to, Cluster.PORT, 100), "UDP");
      assertTrue(Exchange.udp(client(), to, Cluster.PORT, FRAGMENTED), "UDP in fragments");
      InetAddress from = cluster.address("client", family);
      flows.awaitForwarded(
          "client to " + server,
          FlowLog.to(to).and(FlowLog.toPort(Cluster.PORT)).and(FlowLog.from(from)));
      assertEquals(Set.of(from), cluster.echo(server).callers());
    }

    @ParameterizedTest
    @CsvSource({"n1,0", "n1,1", "n2,0", "n2,1"})
    void podToNode_ownAndRemote_isAnswered(String node, int family) {
      InetAddress to = cluster.nodeAddress(node, family);
      cluster.echo(node).forget();
      assertTrue(Exchange.ping(client(), to), "ICMP");
      assertTrue(Exchange.tcp(client(), to, Cluster.PORT, MEBIBYTE), "TCP");
      assertTrue(Exchange.udp(client(), to, Cluster.PORT, 100), "UDP");
      // nodes are of the cluster: no masquerade
      assertEquals(Set.of(cluster.address("client", family)), cluster.echo(node).callers());
    }

    @ParameterizedTest
    @CsvSource({"n1,0", "n1,1", "n2,0", "n2,1"})
    void nodeToPod_localAndRemote_isAnswered(String node, int family) {
      InetAddress to = cluster.address("near", family);
      assertTrue(Exchange.ping(cluster.node(node), to), "ICMP");
      assertTrue(Exchange.tcp(cluster.node(node), to, Cluster.PORT, MEBIBYTE), "TCP");
      assertTrue(Exchange.udp(cluster.node(node), to, Cluster.PORT, 100), "UDP");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void podToOutside_noWayBackToPods_comesFromTheNode(int family) {
      InetAddress to = Cluster.address(Outside.SERVER, family);
      Echo echo = cluster.echo(Outside.SERVER.name());
      echo.forget();
      assertTrue(Exchange.ping(client(), to), "ICMP");
      assertTrue(Exchange.tcp(client(), to, Cluster.PORT, MEBIBYTE), "TCP");
      assertTrue(Exchange.udp(client(), to, Cluster.PORT, 100), "UDP");
      assertEquals(Set.of(cluster.nodeAddress("n1", family)), echo.callers());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void podToOutside_excluded_keepsThePodsAddress(int family) {
      InetAddress to = Cluster.address(Outside.PEER, family);
      Echo echo = cluster.echo(Outside.PEER.name());
      echo.forget();
      assertTrue(Exchange.tcp(client(), to, Cluster.PORT, MEBIBYTE), "TCP");
      assertTrue(Exchange.udp(client(), to, Cluster.PORT, 100), "UDP");
      assertEquals(Set.of(cluster.address("client", family)), echo.callers());
    }

    @ParameterizedTest
    @CsvSource({"near,0", "near,1", "far,0", "far,1"})
    void outsideToPod_replyKeepsThePodsAddress(String server, int family) {
      InetAddress to = cluster.address(server, family);
      Place peer = cluster.world(Outside.PEER);
      // both sockets are connected: an answer from another address would not come in
      assertTrue(Exchange.tcp(peer, to, Cluster.PORT, MEBIBYTE), "TCP");
      assertTrue(Exchange.udp(peer, to, Cluster.PORT, 100), "UDP");
      assertTrue(Exchange.ping(peer, to), "ICMP");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void hopsEnd_atTheNode_isToldToTheSenderAndInFlows(int family) throws IOException {
      String group = family == 0 ? "Icmp" : "Icmp6";
      String namespace = cluster.lab().names().pod("test", "client");
      InetAddress to = cluster.address("far", family);
      long before = Forge.counter(namespace, group, "InTimeExcds");
      assertFalse(pingWithHops(1, to));
      Await.until(
          SOON,
          () -> "no time exceeded came in",
          () -> {
            try {
              return Forge.counter(namespace, group, "InTimeExcds") > before;
            } catch (IOException e) {
              return false;
            }
          });
      flows.awaitDrop(DropReason.TTL_EXCEEDED, FlowLog.to(to));
    }

    private static boolean pingWithHops(int hops, InetAddress to) {
      NetworkInterface any = null;
      return client().call(() -> to.isReachable(any, hops, 1_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void smallWireOutside_isFoundOutByTheSender(int family) {
      InetAddress to = Cluster.address(Outside.BEYOND, family);
      assertTrue(Exchange.tcp(client(), to, Cluster.PORT, MEBIBYTE), "TCP");
      assertTrue(Exchange.udpTooLong(client(), to, Cluster.PORT + 1, 1_380), "it is told");
      assertTrue(Exchange.udp(client(), to, Cluster.PORT, 1_200), "UDP that fits");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void spoofedSource_isDroppedAndTold(int family) throws Exception {
      Forge forge = new Forge(cluster.lab(), cluster.lab().names().pod("test", "client"));
      String to = cluster.address("far", family).getHostAddress();
      String spoofed = family == 0 ? "10.244.1.250" : "fd00:10:244:1::fa";
      forge.send(forge.packet(spoofed, to, forge.nextHop(to)).payload(10).udp(4711, 4712).build());
      flows.awaitDrop(DropReason.INVALID_SOURCE_IP, FlowLog.from(InetAddress.ofLiteral(spoofed)));
    }

    /** Where a pod of the first and of the second node would be. */
    @ParameterizedTest
    @ValueSource(
        strings = {"10.244.1.249", "10.244.2.249", "fd00:10:244:1::f9", "fd00:10:244:2::f9"})
    void noPodThere_isDroppedAndTold(String text) throws IOException {
      InetAddress there = InetAddress.ofLiteral(text);
      boolean own = there.getAddress()[there instanceof Inet4Address ? 2 : 7] == 1;
      long before = unreachable(there);
      assertFalse(Exchange.udp(client(), there, Cluster.PORT, 10, 500));
      flows.awaitDrop(
          DropReason.NO_MATCHING_LOCAL_CONTAINER_FOUND,
          FlowLog.to(there).and(FlowLog.from(cluster.address("client", family(there)))));
      if (own || hearsFromOtherNodes()) {
        assertTrue(unreachable(there) > before, "the sender hears nothing");
      }
    }

    /** Whether the sender hears that there is no such pod on another node. */
    abstract boolean hearsFromOtherNodes();

    private static int family(InetAddress address) {
      return address instanceof Inet4Address ? 0 : 1;
    }

    /** How often the client has been told that a destination is not there. */
    private static long unreachable(InetAddress there) throws IOException {
      String group = family(there) == 0 ? "Icmp" : "Icmp6";
      return Forge.counter(cluster.lab().names().pod("test", "client"), group, "InDestUnreachs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.244.1.248", "fd00:10:244:1::f8"})
    void noPodThere_askedFromOutside_isDroppedAndTold(String text) {
      InetAddress there = InetAddress.ofLiteral(text);
      assertFalse(Exchange.udp(cluster.world(Outside.PEER), there, Cluster.PORT, 10, 500));
      flows.awaitDrop(DropReason.NO_MATCHING_LOCAL_CONTAINER_FOUND, FlowLog.to(there));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void masqueradePorts_allTaken_isDroppedAndToldAndOthersGoOn(int family) throws IOException {
      InetAddress to = Cluster.address(Outside.SERVER, family);
      // connections stay in the table for a while: later tests use another target port
      int port = Cluster.PORT + 100 + family;
      DatagramPacket packet = new DatagramPacket(new byte[8], 8, to, port);
      for (int i = 0; i < 300; i++) {
        try (DatagramSocket socket = client().call(() -> new DatagramSocket())) {
          socket.send(packet);
        }
      }
      flows.awaitDrop(
          DropReason.NO_MAPPING_FOR_NAT_MASQUERADE, FlowLog.to(to).and(FlowLog.toPort(port)));
      assertTrue(Exchange.tcp(client(), to, Cluster.PORT, 100), "another target");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void smallerUnderlay_isFollowedWhileItRuns(int family) {
      InetAddress to = cluster.address("far", family);
      cluster.lab().faults().mtu("n1", 1_400);
      cluster.lab().faults().mtu("n2", 1_400);
      try {
        Await.until(
            SOON,
            () -> "1 MiB does not get through the smaller wire",
            () -> Exchange.tcp(client(), to, Cluster.PORT, MEBIBYTE));
      } finally {
        cluster.lab().faults().mtu("n1", 1_500);
        cluster.lab().faults().mtu("n2", 1_500);
      }
      assertTrue(Exchange.tcp(client(), to, Cluster.PORT, MEBIBYTE), "after it has grown again");
    }
  }

  @Nested
  @Order(1)
  final class OverVxlan extends Ways {
    @Override
    boolean hearsFromOtherNodes() {
      return false; // what comes out of a tunnel does not go to the stack
    }

    @Test
    void status_saysSo() {
      assertRouting("vxlan");
    }

    @Test
    void narrowHopBetweenNodes_tunnelsGetThrough() throws IOException {
      try (NarrowHop hop = new NarrowHop(cluster.lab(), 0)) {
        long before = hop.cut();
        for (int family = 0; family < 2; family++) {
          InetAddress to = cluster.address("far", family);
          assertTrue(Exchange.tcp(client(), to, Cluster.PORT, MEBIBYTE), to + " TCP");
          assertTrue(Exchange.udp(client(), to, Cluster.PORT, FRAGMENTED), to + " UDP");
        }
        assertTrue(hop.cut() > before, "the router has cut nothing");
      }
    }

    @Test
    void tunnelMadeByAPod_isDroppedAndTold() throws Exception {
      InetAddress to = cluster.nodeAddress("n2", 0);
      assertFalse(Exchange.udp(client(), to, 8472, 40, 300));
      flows.awaitDrop(DropReason.ENCAPSULATION_TRAFFIC_IS_PROHIBITED, FlowLog.to(to));
    }

    @Test
    void tunnelFromWhoIsNoNode_isDroppedAndTold() throws Exception {
      Forge forge = new Forge(cluster.lab(), cluster.lab().names().world(Outside.PEER.name()));
      String from = Outside.PEER.addresses().get(0);
      String node = cluster.nodeAddress("n2", 0).getHostAddress();
      assertTrue(Exchange.ping(cluster.world(Outside.PEER), cluster.nodeAddress("n2", 0)));
      InetAddress pod = cluster.address("far", 0);
      byte[] inner =
          forge
              .packet(cluster.address("client", 0).getHostAddress(), pod.getHostAddress(), node)
              .payload(10)
              .udp(4713, 4714)
              .build();
      forge.send(forge.packet(from, node, node).vxlan(8472, 4711, inner).build());
      flows.awaitDrop(DropReason.UNKNOWN_SENDER, FlowLog.to(pod).and(FlowLog.toPort(4714)));
    }
  }

  @Nested
  @Order(2)
  final class Natively extends Ways {
    @Override
    boolean hearsFromOtherNodes() {
      return true;
    }

    @BeforeAll
    static void switchOver() {
      restartOn(NETWORK.withRouting("native"));
    }

    @Test
    void status_saysSo() {
      assertRouting("native");
    }

    @Test
    void routesOfOthers_areUntouched() {
      String n1 = cluster.lab().names().node("n1");
      String foreign = "203.0.113.0/24";
      assertTrue(Command.of("ip", "route").inside(n1).run().output().contains(foreign));
      String pods = cluster.lab().node("n2").podCidrs().get(0);
      String route = Command.of("ip", "route", "show", pods).inside(n1).run().output();
      assertTrue(route.contains("via " + cluster.nodeAddress("n2", 0).getHostAddress()), route);
    }
  }

  private static void restartOn(ClusterNetwork network) {
    cluster.lab().reconfigure(network);
    for (String node : List.of("n1", "n2")) {
      cluster.lab().faults().stopAgent(node);
      cluster.lab().faults().startAgent(node);
    }
    flows.close();
    flows = new FlowLog(cluster.lab(), "n1", "n2");
    awaitAll();
  }

  /** Tunnels whose outer packets are IPv6. */
  @Nested
  @Order(3)
  final class BackOverVxlanByIpv6 {
    private static final int OVERHEAD = 70;
    private static final int WIRE = 1_500;

    /** A pod of the same node and one of its own; what they say must not be lost meanwhile. */
    @BeforeAll
    static void switchBack() {
      try (DatagramStream near = toNear("UDP");
          ByteStream bytes =
              new ByteStream("TCP", client(), cluster.address("near", 1), Cluster.PORT)) {
        restartOn(NETWORK.withUnderlay(Families.V6));
        for (Stream.Count count : List.of(near.finish(), bytes.finish())) {
          assertEquals(0, count.lost(), count::toString);
          assertEquals("", count.trouble());
        }
      } catch (IOException e) {
        throw new LabException(LabException.Code.IO, "no stream on the same node", e);
      }
    }

    private static DatagramStream toNear(String name) {
      return new DatagramStream(name, client(), cluster.address("near", 0), Cluster.PORT);
    }

    @Test
    void status_saysSo() {
      assertRouting("vxlan");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void podToPod_fullPackets_goInIpv6(int family) throws IOException {
      InetAddress to = cluster.address("far", family);
      String node = cluster.lab().names().node("n1");
      long before = Forge.counter(node, "Ip6", "OutOctets");
      assertTrue(Exchange.ping(client(), to), "ICMP");
      assertTrue(Exchange.tcp(client(), to, Cluster.PORT, MEBIBYTE), "TCP");
      assertTrue(Exchange.udp(client(), to, Cluster.PORT, FRAGMENTED), "UDP in fragments");
      long sent = Forge.counter(node, "Ip6", "OutOctets") - before;
      assertTrue(sent > MEBIBYTE, "only " + sent + " bytes of IPv6 left the node");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void podMtu_isWhatTheTunnelLeaves(int family) {
      InetAddress to = cluster.address("far", family);
      int headers = family == 0 ? 28 : 48;
      int longest = WIRE - OVERHEAD - headers;
      assertTrue(Exchange.udp(client(), to, Cluster.PORT, longest), "longest");
      assertTrue(Exchange.udpTooLong(client(), to, Cluster.PORT, longest + 1), "one byte more");
    }
  }

  /**
   * The client's node has an IPv6 address alone, the other one both: its IPv4 one is met by IPv6.
   */
  @Nested
  @Order(4)
  final class OneNodeByIpv6 {
    private static final int LEFT = NarrowHop.MTU - 70;

    @BeforeAll
    static void switchOne() {
      restart("n1", NETWORK.withUnderlay(Families.V6));
      restart("n2", NETWORK);
      flows.close();
      flows = new FlowLog(cluster.lab(), "n1", "n2");
      awaitAll();
    }

    private static void restart(String node, ClusterNetwork network) {
      cluster.lab().reconfigure(network);
      cluster.lab().faults().stopAgent(node);
      cluster.lab().faults().startAgent(node);
    }

    @Test
    void narrowHop_ipv4ToTheNodeItself_podIsToldOrTheLossIsSeen() {
      InetAddress to = cluster.nodeAddress("n2", 0);
      Await.until(SOON, () -> "no way to " + to, () -> Exchange.ping(client(), to));
      try (NarrowHop hop = new NarrowHop(cluster.lab(), 1)) {
        // pieces made by the pod may be cut, so it is not told; the first ones tell the node's
        // kernel
        for (int i = 0; i < 2; i++) {
          assertFalse(Exchange.udp(client(), to, Cluster.PORT, FRAGMENTED, 300));
        }
        flows.awaitDrop(DropReason.IP_FRAGMENTATION_NOT_SUPPORTED, FlowLog.to(to));
        assertTrue(Exchange.tcp(client(), to, Cluster.PORT, MEBIBYTE), "TCP");
        // where the other agent has heard of the hop first, its node asked TCP for short segments:
        // a datagram one byte longer than fits is what tells, behind its headers
        assertTrue(Exchange.udpTooLong(client(), to, Cluster.PORT, LEFT - 28 + 1), "not told");
        String way =
            Command.of("ip", "route", "get", to.getHostAddress())
                .inside(cluster.lab().names().pod("test", "client"))
                .run()
                .output();
        assertTrue(way.contains(" mtu " + LEFT), way);
        Await.until(
            SOON,
            () -> "no long datagram",
            () -> Exchange.udp(client(), to, Cluster.PORT, FRAGMENTED));
      }
    }
  }

  private static void assertRouting(String word) {
    try (AgentClient agent = cluster.lab().client("n1")) {
      Await.until(
          SOON,
          () -> "nodes say " + agent.nodes(),
          () ->
              agent.nodes().size() == 2
                  && agent.nodes().stream().allMatch(node -> node.getRouting().equals(word)));
      assertThrows(LabException.class, () -> cluster.lab().reconfigure(NETWORK.withRouting("x")));
    }
  }
}
