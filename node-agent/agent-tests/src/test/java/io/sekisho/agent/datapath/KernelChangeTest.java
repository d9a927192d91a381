package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.NodeChange.InterfaceGone;
import io.sekisho.agent.datapath.NodeChange.UnderlayChanged;
import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.netlink.Request;
import io.sekisho.netlink.Route;
import io.sekisho.policy.Cidr;
import io.sekisho.testkit.Await;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Devices that change under a running datapath: MTU, addresses, links that go and come. */
final class KernelChangeTest {
  private static final int PORT = 8083;
  private static final int BYTES = 40_000_000;

  private final List<NodeChange> changes = new CopyOnWriteArrayList<>();
  private TestCluster cluster;
  private TestNode node;

  @BeforeEach
  void create() {
    cluster = new TestCluster();
    assertEquals(List.of(), cluster.apply());
    node = cluster.node(1);
    node.datapath().onChange(changes::add);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  private static Link link(TestNode node, String name) {
    return node.ask(netlink -> netlink.find(Links.named(name)).orElseThrow());
  }

  private static int podMtu(NetworkNamespace pod) {
    return TestNode.in(pod, netlink -> netlink.find(Links.named("eth0")).orElseThrow().mtu());
  }

  private static void run(TestNode node, Request... requests) {
    node.ask(
        netlink -> {
          netlink.run(requests);
          return node;
        });
  }

  private static void underlayMtu(TestNode node, int mtu) {
    run(node, Links.mtu(link(node, "eth0").index(), mtu));
  }

  private <T extends NodeChange> void await(Class<T> type, Predicate<T> wanted) {
    Await.until(
        changes::toString,
        () -> changes.stream().filter(type::isInstance).map(type::cast).anyMatch(wanted));
  }

  @Test
  void underlayMtu_changed_allEndsFollowButFixedOnes() {
    Wiring usual = node.wiring(15);
    var fixed = new Wiring(15, usual.networkNamespace(), "eth0", usual.addresses(), 1280);
    node.datapath().wire(fixed);

    underlayMtu(node, 1400);

    await(UnderlayChanged.class, c -> c.mtu() == 1400 && c.up());
    assertEquals(1350, link(node, "sekisho_vxlan").mtu());
    for (int pod : List.of(11, 12)) {
      assertEquals(1350, link(node, EndpointDevices.name(pod)).mtu());
      assertEquals(1350, podMtu(cluster.pod(pod)));
    }
    assertEquals(1280, podMtu(node.pod(15)));
    assertEquals(1350, node.datapath().wire(node.wiring(16)).mtu());
    assertTrue(Traffic.pings(cluster.pod(11), cluster.address(21, true), 2000));
  }

  @Test
  void underlayMtu_changedWhileNoAgentRuns_isFollowedByTheNext() {
    node.datapath().close();
    underlayMtu(node, 1400);

    var found = node.reopen();

    assertEquals(List.of(1350, 1350), found.stream().map(WiredEndpoint::mtu).toList());
    assertEquals(1350, podMtu(cluster.pod(11)));
    underlayMtu(node, 1500);
    Await.until("the larger MTU", () -> podMtu(cluster.pod(11)) == 1450);
  }

  @Test
  void nodeMetByIpv6_comesAndGoes_podsMtuFollows() {
    DesiredState usual = cluster.desired(1);
    var nodes = new HashMap<>(usual.nodes());
    Cidr range = Cidr.parse("10.244.9.0/24");
    nodes.put("n9", new DesiredState.RemoteNode(List.of(ip("fd18::9")), List.of(range)));
    var more = new DesiredState(usual.endpoints(), usual.ipcache(), nodes);
    assertEquals(List.of(), node.datapath().apply(more));
    assertEquals(1430, link(node, "sekisho_vxlan").mtu());
    assertEquals(1430, link(node, EndpointDevices.name(11)).mtu());
    assertEquals(1430, podMtu(cluster.pod(12)));
    assertTrue(
        node.routes().stream()
            .filter(r -> r.type() == Route.Type.UNICAST)
            .allMatch(r -> r.mtu() == 1430));
    assertEquals(List.of(1430, 1430), node.reopen().stream().map(WiredEndpoint::mtu).toList());
    assertEquals(1430, node.datapath().wire(node.wiring(15)).mtu());
    assertEquals(List.of(), node.datapath().apply(usual));
    assertEquals(1450, podMtu(cluster.pod(11)));
    assertTrue(Traffic.pings(cluster.pod(11), cluster.address(21, true), 2000));
  }

  @Test
  void underlayMtu_shrinksUnderATransfer_everyByteArrives() throws Exception {
    String address = cluster.address(21, true);
    try (var server = Traffic.serve(cluster.pod(21), address, PORT, BYTES)) {
      var fetched =
          CompletableFuture.supplyAsync(() -> Traffic.fetch(cluster.pod(11), address, PORT));
      for (int mtu : List.of(1400, 1300, 1500)) {
        for (int number : List.of(1, 2)) {
          underlayMtu(cluster.node(number), mtu);
        }
        Await.until(
            "the pods follow",
            () -> podMtu(cluster.pod(11)) == mtu - 50 && podMtu(cluster.pod(21)) == mtu - 50);
      }
      assertEquals(BYTES, fetched.join());
    }
  }

  @Test
  void reconfigure_moreAddressesUnderTraffic_losesNoPacket() {
    try (var sameNode =
            new EchoStream(cluster.pod(11), cluster.pod(12), cluster.address(12, true));
        var crossNode =
            new EchoStream(cluster.pod(11), cluster.pod(21), cluster.address(21, false))) {
      int index = link(node, "eth0").index();
      run(node, Addresses.add(index, ip("198.18.0.51"), 24));
      await(UnderlayChanged.class, c -> c.addresses().contains(ip("198.18.0.51")));
      NodeConfig next =
          TestNode.at(node.config(), ip("198.18.0.1"), ip("198.18.0.51"), ip("fd18::1"));
      node.config(next);

      node.datapath().reconfigure(next);
      assertEquals(List.of(), cluster.apply());

      sameNode.finish();
      crossNode.finish();
      assertTrue(sameNode.sent() > 100 && crossNode.sent() > 100);
    }
    assertTrue(Traffic.pings(cluster.pod(11), "198.18.0.51", 2000));
  }

  @Test
  void reconfigure_anotherAddress_trafficGoesOn() {
    int index = link(node, "eth0").index();
    run(node, Addresses.add(index, ip("198.18.0.51"), 16));
    run(node, Addresses.delete(index, ip("198.18.0.1"), 24));
    await(
        UnderlayChanged.class,
        c -> c.addresses().equals(List.of(ip("198.18.0.51"), ip("fd18::1"))));
    NodeConfig next = TestNode.at(node.config(), ip("198.18.0.51"), ip("fd18::1"));
    node.config(next);

    node.datapath().reconfigure(next);
    assertEquals(List.of(), cluster.apply());

    assertTrue(Traffic.pings(cluster.pod(11), cluster.address(21, true), 2000));
    assertTrue(Traffic.pings(cluster.pod(22), cluster.address(12, false), 2000));
    for (boolean ipv4 : new boolean[] {true, false}) {
      assertTrue(Traffic.pings(node.namespace(), cluster.address(11, ipv4), 2000));
      assertTrue(Traffic.pings(node.namespace(), cluster.address(21, ipv4), 2000));
    }
    assertTrue(Traffic.pings(cluster.pod(21), "198.18.0.51", 2000));
  }

  @Test
  void address_lostAndBack_ownPodsAreReachedAgain() {
    int index = link(node, "eth0").index();
    run(node, Addresses.delete(index, ip("198.18.0.1"), 24));
    run(node, Addresses.add(index, ip("198.18.0.1"), 24));
    await(UnderlayChanged.class, c -> c.addresses().contains(ip("198.18.0.1")));

    node.datapath().reconfigure(node.config());
    assertEquals(List.of(), cluster.apply());

    assertTrue(Traffic.pings(node.namespace(), cluster.address(11, true), 2000));
    assertTrue(Traffic.pings(node.namespace(), cluster.address(21, true), 2000));
  }

  @Test
  void overlay_deletedByHand_isToldAndMadeAgain() {
    run(node, Links.delete("sekisho_vxlan"));
    await(UnderlayChanged.class, UnderlayChanged::up);

    node.datapath().reconfigure(node.config());
    assertEquals(List.of(), cluster.apply());

    assertTrue(Traffic.pings(cluster.pod(11), cluster.address(21, true), 2000));
    assertTrue(Traffic.pings(node.namespace(), cluster.address(21, false), 2000));
  }

  @Test
  void interface_deletedByHand_isToldAndCanBeWiredAgain() {
    run(node, Links.delete(EndpointDevices.name(11)));
    await(InterfaceGone.class, c -> c.endpointId() == 11);

    var again = node.datapath().wire(node.wiring(11));
    assertEquals(again.hostIndex(), link(node, EndpointDevices.name(11)).index());
  }

  @Test
  void interface_unwired_isNotTold() {
    node.datapath().unwire(12);
    Await.until(
        "the interface goes",
        () -> node.ask(n -> n.find(Links.named(EndpointDevices.name(12)))).isEmpty());
    run(node, Links.delete(EndpointDevices.name(11)));
    await(InterfaceGone.class, c -> c.endpointId() == 11);
    assertTrue(changes.stream().noneMatch(c -> c.equals(new InterfaceGone(12))));
  }

  @Test
  void underlay_downAndUp_isToldAndRoutesAreMadeAgain() {
    int index = link(node, "eth0").index();
    run(node, Links.down(index));
    await(UnderlayChanged.class, c -> !c.up());
    changes.clear();
    run(node, Links.up(index), Addresses.add(index, ip("fd18::1"), 64));
    await(UnderlayChanged.class, c -> c.up() && c.addresses().contains(ip("fd18::1")));

    node.datapath().reconfigure(node.config());
    assertEquals(List.of(), cluster.apply());

    assertTrue(Traffic.pings(cluster.pod(11), cluster.address(21, true), 2000));
  }

  @Test
  void underlay_replacedByAnotherDevice_isServedAgain() {
    run(node, Links.delete("eth0"));
    await(UnderlayChanged.class, c -> !c.up() && c.mtu() == 0);
    changes.clear();
    TestNode.connect(cluster.underlay(), node.namespace(), "n1", 1);
    await(UnderlayChanged.class, c -> c.up() && c.addresses().size() == 2);

    node.datapath().reconfigure(node.config());
    assertEquals(List.of(), cluster.apply());

    assertTrue(Traffic.pings(cluster.pod(11), cluster.address(21, true), 2000));
    assertTrue(Traffic.pings(cluster.pod(11), "198.18.0.200", 2000));
  }
}
