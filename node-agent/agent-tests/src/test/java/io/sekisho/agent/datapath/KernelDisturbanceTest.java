package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.agent.datapath.NodeChange.Disturbed;
import io.sekisho.libbpf.BpfLink;
import io.sekisho.libbpf.KernelFeatures.Feature;
import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.Neighbours;
import io.sekisho.netlink.Request;
import io.sekisho.netlink.Route;
import io.sekisho.netlink.Routes;
import io.sekisho.testkit.Await;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others take away of a running datapath is found and put back. */
final class KernelDisturbanceTest {
  private static final String POD_11 = EndpointDevices.name(11);

  private final List<NodeChange> changes = new CopyOnWriteArrayList<>();
  private TestCluster cluster;
  private TestNode node;

  @BeforeEach
  void create() {
    cluster = new TestCluster();
    assertEquals(List.of(), cluster.apply());
    node = cluster.node(1);
    assertEquals(List.of(), node.datapath().repair());
    node.datapath().onChange(changes::add);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void run(Request... requests) {
    node.ask(
        netlink -> {
          netlink.run(requests);
          return node;
        });
  }

  private int index(String name) {
    return node.ask(netlink -> netlink.find(Links.named(name)).orElseThrow().index());
  }

  private void awaitTold() {
    Await.until(changes::toString, () -> changes.contains(new Disturbed()));
  }

  /** What a repair finds is all mended; what one after it finds is nothing. */
  private List<String> repaired() {
    List<Repair> found = node.datapath().repair();
    assertTrue(found.stream().allMatch(r -> r.failure().isEmpty()), found::toString);
    assertEquals(List.of(), node.datapath().repair());
    return found.stream().map(r -> r.object() + " " + r.found()).sorted().toList();
  }

  private void assertReachable() {
    for (boolean ipv4 : new boolean[] {true, false}) {
      assertTrue(Traffic.pings(cluster.pod(11), cluster.address(21, ipv4), 2000));
      assertTrue(Traffic.pings(cluster.pod(22), cluster.address(11, ipv4), 2000));
      assertTrue(Traffic.pings(node.namespace(), cluster.address(11, ipv4), 2000));
      assertTrue(Traffic.pings(node.namespace(), cluster.address(21, ipv4), 2000));
    }
  }

  @Test
  void routesToANode_deletedByHand_areToldAndPutBack() {
    List<Route> before = node.routes();
    before.stream()
        .filter(route -> route.type() == Route.Type.UNICAST)
        .forEach(route -> run(Routes.delete(route)));
    awaitTold();
    assertEquals(
        List.of(
            "route 10.244.2.0/24 was gone or another one",
            "route fd00:10:244:2::/64 was gone or another one"),
        repaired());
    assertEquals(before.size(), node.routes().size());
    assertReachable();
  }

  @Test
  void overlay_setDown_isToldAndUpAgainWithItsRoutes() {
    run(Links.down(index("sekisho_vxlan")));
    awaitTold();
    assertTrue(repaired().contains("device sekisho_vxlan was set down"));
    assertReachable();
  }

  @Test
  void hostEnd_setDown_isToldAndUpAgainWithItsRoutes() {
    run(Links.down(index(POD_11)));
    awaitTold();
    assertEquals(List.of("interface " + POD_11 + " was set down"), repaired());
    assertReachable();
  }

  @Test
  void hostEnd_withoutNeighboursAndGateway_hasThemAgain() {
    int index = index(POD_11);
    InetAddress pod = InetAddress.ofLiteral(cluster.address(11, true));
    run(
        Neighbours.delete(index, pod),
        Addresses.delete(index, InetAddress.ofLiteral("169.254.1.1"), 32));
    assertEquals(
        List.of(
            "interface "
                + POD_11
                + " had lost its pod's neighbour entries, its pod's gateway address"),
        repaired());
    assertReachable();
  }

  @Test
  void forwarding_switchedOff_isOnAgain() {
    node.on(() -> Sysctl.set("ipv4/ip_forward", 0) && Sysctl.set("ipv6/conf/all/forwarding", 0));
    assertEquals(
        List.of("forwarding was off: net.ipv4.ip_forward, net.ipv6.conf.all.forwarding"),
        repaired());
    assertTrue(node.on(() -> Sysctl.get("ipv4/ip_forward").orElseThrow() == 1));
  }

  @Test
  void programs_detachedByHand_areAttachedAgain() {
    Assumptions.assumeFalse(Feature.TCX.probe().isMissing(), "tcx links");
    var pins = new PinFolder(node.config().pinRoot(), node.config().node());
    for (String name :
        List.of(POD_11 + "_from_endpoint", "sekisho_vxlan_from_overlay", "eth0_to_netdev")) {
      node.on(
          () -> {
            try (var link = BpfLink.openPinned(pins.link(name))) {
              link.detach();
            }
            return name;
          });
    }
    assertEquals(
        List.of(
            "program from_overlay on sekisho_vxlan was off",
            "program to_netdev on eth0 was off",
            "programs on " + POD_11 + " were off"),
        repaired());
    assertReachable();
  }
}
