package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.libbpf.BpfLink;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.testkit.Await;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pods leave by another device than the underlay, and the outside sees that device's address. One
 * cluster serves all: its node is put back after each test.
 */
final class KernelUplinkTest {
  private static final int PORT = 8090;
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int METRIC = 50;
  private static final long FLAPPING_NANOS = 3_000_000_000L;
  private static final List<String> PROGRAMS = List.of("eth1_from_netdev", "eth1_to_netdev");

  private static UplinkCluster net;

  @BeforeAll
  static void create() {
    net = new UplinkCluster();
  }

  @AfterEach
  void putBack() {
    net.restore();
  }

  @AfterAll
  static void close() {
    net.close();
  }

  private static String world(boolean ipv4) {
    return ipv4 ? UplinkCluster.WORLD_IPV4 : UplinkCluster.WORLD_IPV6;
  }

  private static InetAddress uplink(boolean ipv4) {
    return InetAddress.ofLiteral(ipv4 ? "198.19.0.1" : "fd19::1");
  }

  private static InetAddress underlay(boolean ipv4) {
    return InetAddress.ofLiteral(ipv4 ? "198.18.0.1" : "fd18::1");
  }

  private NetworkNamespace pod() {
    return net.cluster().pod(11);
  }

  private void followed() {
    Await.until("programs on eth1", () -> net.pins("eth1").equals(PROGRAMS));
  }

  private void left() {
    Await.until(
        "nothing on eth1",
        () -> {
          // the monitor may hear of the route only now
          net.cluster().node(1).clock().advance(Uplinks.LINGER.plusSeconds(1));
          return repairs().isEmpty() && net.pins("eth1").isEmpty();
        });
  }

  private List<Repair> repairs() {
    return net.cluster().node(1).datapath().repair();
  }

  /** Whom a server outside sees when the pod connects. */
  private InetAddress seen(NetworkNamespace outside, boolean ipv4) throws Exception {
    var address = new InetSocketAddress(InetAddress.ofLiteral(world(ipv4)), PORT);
    try (var server =
            outside.call(
                () -> {
                  var listening = new ServerSocket();
                  listening.setReuseAddress(true);
                  listening.bind(address);
                  listening.setSoTimeout(PATIENCE_MILLIS);
                  return listening;
                });
        var client =
            pod()
                .call(
                    () -> {
                      var socket = new Socket();
                      socket.connect(address, PATIENCE_MILLIS);
                      return socket;
                    });
        Socket accepted = server.accept()) {
      assertTrue(client.isConnected());
      return accepted.getInetAddress();
    }
  }

  private boolean seesNow(NetworkNamespace outside, InetAddress address) {
    try {
      return seen(outside, PodInterface.isIpv4(address)).equals(address);
    } catch (Exception e) {
      return false; // the way before is remembered for 10 ms, and nobody listens there
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void defaultRouteThere_tcpUdpPingAndErrors_haveThatDevicesAddress(boolean ipv4) throws Exception {
    net.defaultByUplink(METRIC);
    followed();
    assertEquals(uplink(ipv4), seen(net.far(), ipv4));
    assertTrue(Traffic.pings(pod(), world(ipv4), PATIENCE_MILLIS));
    try (var stream = new EchoStream(pod(), net.far(), world(ipv4))) {
      Await.until("echoes", () -> stream.echoed() > 20);
      stream.finish();
    }
    try (var client = pod().call(() -> new DatagramSocket())) {
      client.setSoTimeout(PATIENCE_MILLIS);
      client.connect(new InetSocketAddress(InetAddress.ofLiteral(world(ipv4)), PORT + 1));
      client.send(new DatagramPacket(new byte[9], 9));
      assertThrows(
          PortUnreachableException.class, () -> client.receive(new DatagramPacket(new byte[9], 9)));
    }
    assertEquals(List.of(), repairs());
  }

  private List<UplinkState> states() {
    return net.cluster().node(1).datapath().uplinks();
  }

  @Test
  void defaultRouteThere_statesAndThePath_nameTheDevice() {
    assertEquals(List.of(), states());
    net.defaultByUplink(METRIC);
    followed();
    var eth1 =
        new UplinkState(
            "eth1", Optional.of(uplink(true)), Optional.of(uplink(false)), true, true, 1500, "");
    Await.until("states " + states(), () -> states().equals(List.of(eth1)));
    for (boolean ipv4 : new boolean[] {true, false}) {
      Optional<String> exit =
          TestNode.in(
              net.cluster().node(1).namespace(),
              netlink ->
                  new LinuxKernel()
                      .exit(
                          EndpointDevices.name(11),
                          InetAddress.ofLiteral(net.cluster().address(11, ipv4)),
                          InetAddress.ofLiteral(world(ipv4))));
      assertEquals(Optional.of("eth1"), exit);
    }
    net.noDefaultByUplink(METRIC);
    left();
    Await.until("states " + states(), () -> states().isEmpty());
  }

  @Test
  void defaultRoute_flapsManyTimesASecond_noPacketBearsAPodsAddress() throws Exception {
    List<String> before = net.pins();
    net.defaultByUnderlay(METRIC * 2);
    net.defaultByUplink(METRIC);
    followed();
    int flaps = 0;
    try (var seen = new Sources(pod(), List.of(net.far(), net.cluster().outside()))) {
      long end = System.nanoTime() + FLAPPING_NANOS;
      while (System.nanoTime() < end) {
        net.noDefaultByUplink(METRIC);
        net.defaultByUplink(METRIC);
        flaps++;
      }
      net.noDefaultByUplink(METRIC);
      Await.until("a last one by the underlay", seen::sawAnother);
      assertTrue(seen.count() > 1_000, "datagrams: " + seen.count());
      assertEquals(
          Set.of(underlay(true), underlay(false), uplink(true), uplink(false)), seen.all());
    }
    assertTrue(flaps > 20, "flaps: " + flaps);
    for (boolean ipv4 : new boolean[] {true, false}) {
      Await.until("underlay", () -> seesNow(net.cluster().outside(), underlay(ipv4)));
    }
    net.defaultByUplink(METRIC);
    for (boolean ipv4 : new boolean[] {true, false}) {
      Await.until("uplink", () -> seesNow(net.far(), uplink(ipv4)));
    }
    assertEquals(List.of(), repairs());
    net.noDefaultByUplink(METRIC);
    left();
    assertEquals(before, net.pins());
  }

  @Test
  void moreAddressesThanFit_areRefusedAndTold_otherUplinksServe() throws Exception {
    var commands = new StringBuilder("link add br1 type bridge\nlink set br1 up\n");
    for (int i = 0; i < UplinkPlan.MOST_ADDRESSES; i++) {
      commands.append("address add 10.99.%d.%d/32 dev br1\n".formatted(i / 250, 1 + i % 250));
    }
    net.node(commands.toString());
    net.defaultByUplink(METRIC * 2);
    followed();
    net.node("route add default dev br1 metric " + METRIC);
    var expected =
        new Repair(
            "device br1",
            "has 512 addresses, and other uplinks 2, of at most 512 together,"
                + " though the IPv4 default route leaves by it",
            Optional.of(UplinkPlan.KEPT));
    Await.until("the refusal, not " + repairs(), () -> repairs().equals(List.of(expected)));
    assertEquals(List.of(), net.pins("br1"));
    assertEquals(PROGRAMS, net.pins("eth1"));
    net.node("route add 203.0.113.0/24 via 198.19.0.254 dev eth1");
    assertEquals(uplink(true), seen(net.far(), true));
    net.node("address del 10.99.0.1/32 dev br1\naddress del 10.99.0.2/32 dev br1");
    Await.until("room for both", () -> repairs().isEmpty() && net.pins("br1").size() == 2);
    assertEquals(PROGRAMS, net.pins("eth1"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void defaultRoute_movesAndMovesBack_othersLoseNothing(boolean ipv4) throws Exception {
    net.defaultByUnderlay(METRIC * 2);
    String onUnderlay = ipv4 ? "198.18.0.200" : "fd18::200";
    try (var stream = new EchoStream(pod(), net.cluster().outside(), onUnderlay)) {
      Await.until("an echo", () -> stream.echoed() > 0);
      assertEquals(underlay(ipv4), seen(net.cluster().outside(), ipv4));
      net.defaultByUplink(METRIC);
      followed();
      assertEquals(uplink(ipv4), seen(net.far(), ipv4));
      net.noDefaultByUplink(METRIC);
      left();
      assertEquals(underlay(ipv4), seen(net.cluster().outside(), ipv4));
      stream.finish();
      assertTrue(stream.sent() > 20);
    }
    assertEquals(List.of(), repairs());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reopen_underTrafficThere_losesNoPacket(boolean ipv4) {
    net.defaultByUplink(METRIC);
    followed();
    try (var stream = new EchoStream(pod(), net.far(), world(ipv4))) {
      Await.until("an echo", () -> stream.echoed() > 0);
      net.cluster().node(1).reopen();
      assertEquals(List.of(), net.cluster().apply());
      stream.finish();
      assertTrue(stream.sent() > 100);
    }
    assertEquals(PROGRAMS, net.pins("eth1"));
  }

  @Test
  void agentAway_trafficGoesOn_andWhatChangedIsFollowedByTheNext() throws Exception {
    net.defaultByUplink(METRIC);
    followed();
    net.cluster().node(1).datapath().close();
    assertEquals(uplink(true), seen(net.far(), true));
    net.noDefaultByUplink(METRIC);
    net.cluster().node(1).reopen();
    assertEquals(List.of(), net.pins("eth1"));
    assertEquals(List.of(), net.cluster().apply());
  }

  @Test
  void address_changes_isFollowed() throws Exception {
    net.defaultByUplink(METRIC);
    followed();
    assertEquals(uplink(true), seen(net.far(), true));
    net.node("address add 198.19.0.7/24 dev eth1");
    assertEquals(uplink(true), seen(net.far(), true));
    net.cluster()
        .node(1)
        .namespace()
        .run(() -> Sysctl.setInterface("ipv4", "eth1", "promote_secondaries", 1));
    net.node("address del 198.19.0.1/24 dev eth1");
    var next = InetAddress.ofLiteral("198.19.0.7");
    Await.until("the other address", () -> seesNow(net.far(), next));
  }

  @Test
  void device_deletedAndThereAgain_isFollowed() throws Exception {
    net.defaultByUplink(METRIC);
    followed();
    net.node("link del eth1");
    left();
    net.connect();
    net.defaultByUplink(METRIC);
    followed();
    assertEquals(uplink(true), seen(net.far(), true));
    assertEquals(uplink(false), seen(net.far(), false));
  }

  @Test
  void program_takenOff_isPutBack() throws Exception {
    net.defaultByUplink(METRIC);
    followed();
    Path pins = net.cluster().node(1).config().pinRoot().resolve("n1/links");
    try (var link = BpfLink.openPinned(pins.resolve(PROGRAMS.getLast()))) {
      link.detach();
    }
    assertEquals(List.of(Repair.done("program to_netdev on eth1", "was off")), repairs());
    assertEquals(List.of(), repairs());
    assertEquals(uplink(true), seen(net.far(), true));
  }

  @Test
  void deviceWithADotInItsName_asVlansHave_isAnUplink() throws Exception {
    net.node("link set eth1 down\nlink set eth1 name eth1.7");
    net.node("link set eth1.7 up");
    net.node("route add default via 198.19.0.254 dev eth1.7");
    Await.until("programs on eth1.7", () -> net.pins("eth1:7").size() == 2);
    assertEquals(uplink(true), seen(net.far(), true));
    assertEquals(List.of(), repairs());
    net.node("link set eth1.7 down\nlink set eth1.7 name eth1\nlink set eth1 up");
    net.node("route add default via 198.19.0.254 dev eth1");
    followed();
    assertEquals(List.of(), net.pins("eth1:7"));
    assertEquals(uplink(true), seen(net.far(), true));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bridge_isAnUplink(boolean ipv4) throws Exception {
    net.node(
        """
        link add br1 type bridge
        address flush dev eth1
        link set eth1 master br1
        link set br1 up
        address add 198.19.0.1/24 dev br1
        address add fd19::1/64 dev br1 nodad
        route add default via 198.19.0.254 dev br1
        route add default via fd19::fe dev br1
        """);
    Await.until("programs on br1", () -> net.pins("br1").size() == 2);
    assertEquals(uplink(ipv4), seen(net.far(), ipv4));
    assertEquals(List.of(), net.pins("eth1"));
  }

  @Test
  void deviceWithoutEthernet_isRefusedAndToldAsLongAsItIsThere() {
    net.node("tuntap add mode tun name tun7\nlink set tun7 up");
    net.node("route add default dev tun7");
    var expected =
        new Repair(
            "device tun7",
            "is no Ethernet device, though the IPv4 default route leaves by it",
            Optional.of(UplinkPlan.KEPT));
    Await.until("the refusal", () -> repairs().equals(List.of(expected)));
    net.node("route del default dev tun7");
    Await.until("nothing more", () -> repairs().isEmpty());
  }

  @Test
  void namedDevices_areUplinksWithoutDefaultRoute_andNoOthersAre() throws Exception {
    TestNode node = net.cluster().node(1);
    NodeConfig config = node.config();
    node.config(TestNode.with(config, Masquerade.USUAL.on(List.of("eth1"))));
    node.reopen();
    assertEquals(List.of(), net.cluster().apply());
    assertEquals(PROGRAMS, net.pins("eth1"));
    net.node("route add 203.0.113.0/24 via 198.19.0.254 dev eth1");
    assertEquals(uplink(true), seen(net.far(), true));

    node.config(TestNode.with(config, Masquerade.USUAL.on(List.of())));
    node.reopen();
    assertEquals(List.of(), net.cluster().apply());
    net.defaultByUplink(METRIC);
    Await.until(
        "the warning",
        () ->
            repairs().stream()
                .anyMatch(r -> r.found().startsWith("is not named in masquerade.devices")));
    assertEquals(List.of(), net.pins("eth1"));
  }
}
