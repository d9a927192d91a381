package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.datapath.Datapath.RealizeError;
import io.sekisho.agent.datapath.DesiredState.RemoteNode;
import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Route;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which routes a node needs, and which nodes it has no way to. */
final class NodeWaysTest {
  private static final int UNDERLAY = 2;
  private static final int OVERLAY = 7;
  private static final int MTU = 1450;
  private static final InetAddress OWN = InetAddress.ofLiteral("fd18::1");

  private final List<RealizeError> errors = new ArrayList<>();
  private final SortedMap<String, RemoteNode> nodes = new TreeMap<>();

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  private static NodeWays ways(Routing routing, String... own) {
    var addresses =
        List.of(own).stream()
            .map(
                text -> new Addresses.Assigned(UNDERLAY, ip(text), text.contains(":") ? 64 : 24, 0))
            .toList();
    var config =
        new NodeConfig(
            "n1",
            Path.of("/sys/fs/bpf/none"),
            "eth0",
            addresses.stream().map(Addresses.Assigned::address).toList(),
            List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:10:244:1::/64")),
            routing,
            Overlay.at(routing.usualPort()),
            Optional.empty(),
            16,
            16,
            4096,
            1);
    return new NodeWays(config, UNDERLAY, routing.isOverlay() ? OVERLAY : 0, addresses, MTU);
  }

  private void node(String name, List<String> addresses, String... ranges) {
    nodes.put(
        name,
        new RemoteNode(
            addresses.stream().map(NodeWaysTest::ip).toList(),
            List.of(ranges).stream().map(Cidr::parse).toList()));
  }

  private Map<Cidr, NodeRoutes.Planned> planned(NodeWays ways, Route... foreign) {
    return ways.toNodes(nodes, List.of(foreign), errors);
  }

  private Route only(Map<Cidr, NodeRoutes.Planned> planned) {
    assertEquals(1, planned.size(), planned::toString);
    return planned.values().iterator().next().route();
  }

  @Test
  void overlay_range_goesThroughTheDeviceFromTheNodesAddress() {
    node("n2", List.of("198.18.0.2"), "10.244.2.0/24");
    Route route = only(planned(ways(Routing.VXLAN, "198.18.0.1", "fd18::1")));
    assertEquals(
        Route.direct(ip("10.244.2.0"), 24, OVERLAY)
            .by(OVERLAY, Optional.of(ip("198.18.0.1")), MTU)
            .by(NodeRoutes.PROTOCOL, NodeWays.METRIC),
        route);
    assertEquals(List.of(), errors);
  }

  @Test
  void overlay_ipv6RangeOverIpv4_hasNoSource() {
    node("n2", List.of("198.18.0.2"), "fd00:10:244:2::/64");
    assertEquals(Optional.empty(), only(planned(ways(Routing.VXLAN, "198.18.0.1"))).source());
  }

  @Test
  void overlay_narrowWayToANodeMetOverIpv6_itsRangesHaveWhatIsLeftLocked() {
    node("n2", List.of("fd18::2"), "10.244.2.0/24", "fd00:10:244:2::/64");
    node("n3", List.of("fd18::3"), "10.244.3.0/24", "fd00:10:244:3::/64");
    node("n4", List.of("fd18::4"), "10.244.4.0/24");
    node("n5", List.of("198.18.0.5", "fd18::5"), "10.244.5.0/24");
    NodeWays wide = ways(Routing.VXLAN, "198.18.0.1", "fd18::1");
    assertEquals(
        List.of(ip("fd18::2"), ip("fd18::3"), ip("fd18::4")), wide.ipv6Ends(nodes.values()));
    var planned =
        planned(
            wide.with(
                Map.of(ip("fd18::2"), 1400, ip("fd18::3"), 1300, ip("fd18::5"), 1400, OWN, 1400)));
    assertLeft(1330, true, planned, "10.244.2.0/24", "fd00:10:244:2::/64");
    assertLeft(1230, true, planned, "10.244.3.0/24");
    assertLeft(1280, true, planned, "fd00:10:244:3::/64"); // less does not exist
    assertLeft(MTU, false, planned, "10.244.4.0/24", "10.244.5.0/24");
    assertEquals(List.of(), errors);
  }

  private static void assertLeft(
      int mtu, boolean locked, Map<Cidr, NodeRoutes.Planned> planned, String... ranges) {
    for (String range : ranges) {
      Route route = planned.get(Cidr.parse(range)).route();
      assertEquals(mtu, route.mtu(), range);
      assertEquals(locked, route.mtuLocked(), range);
    }
  }

  @Test
  void overlay_noCommonFamily_isAnErrorOfTheNode() {
    node("n2", List.of("fd18::2"), "10.244.2.0/24");
    assertEquals(Map.of(), planned(ways(Routing.VXLAN, "198.18.0.1")));
    assertEquals("node n2", errors.getFirst().object());
  }

  @Test
  void nodeGone_itsRange_comesBackUnreachableUnlessAnotherHasIt() {
    nodes.put(
        "a (gone)",
        RemoteNode.gone(
            List.of(
                Cidr.parse("10.244.2.0/24"),
                Cidr.parse("10.244.3.0/24"), // n3's by now
                Cidr.parse("10.244.1.0/25"), // part of ours
                Cidr.parse("198.18.0.0/16")))); // holds nodes
    node("n3", List.of("198.18.0.3"), "10.244.3.0/24");
    var planned = planned(ways(Routing.VXLAN, "198.18.0.1"));
    assertEquals(2, planned.size(), planned::toString);
    Route lost = planned.get(Cidr.parse("10.244.2.0/24")).route();
    assertEquals(
        Route.unreachable(ip("10.244.2.0"), 24).by(NodeRoutes.PROTOCOL, NodeWays.LAST_METRIC),
        lost);
    assertEquals(OVERLAY, planned.get(Cidr.parse("10.244.3.0/24")).route().index());
    assertEquals(List.of(), errors);
  }

  @Test
  void native_nodeOnTheLink_isTheGateway() {
    node("n2", List.of("198.18.0.2", "fd18::2"), "10.244.2.0/24", "fd00:10:244:2::/64");
    var planned = planned(ways(Routing.NATIVE, "198.18.0.1", "fd18::1"));
    assertEquals(
        Optional.of(ip("198.18.0.2")), planned.get(Cidr.parse("10.244.2.0/24")).route().gateway());
    assertEquals(
        Optional.of(ip("fd18::2")),
        planned.get(Cidr.parse("fd00:10:244:2::/64")).route().gateway());
    assertEquals(List.of(), errors);
  }

  @Test
  void native_nodeBehindARouter_needsADaemon() {
    node("n2", List.of("198.19.0.2"), "10.244.2.0/24");
    var ways = ways(Routing.NATIVE, "198.18.0.1");
    assertEquals(Map.of(), planned(ways, Route.via(ip("0.0.0.0"), 0, ip("198.18.0.254"))));
    assertEquals("node n2", errors.getFirst().object());
    assertTrue(errors.getFirst().message().contains("routing daemon"), errors::toString);

    errors.clear();
    assertEquals(Map.of(), planned(ways, Route.via(ip("10.244.0.0"), 16, ip("198.18.0.254"))));
    assertEquals(List.of(), errors);
  }

  @Test
  void native_ipv6RangeOverIpv4Underlay_isAnErrorOfTheNode() {
    node("n2", List.of("198.18.0.2"), "10.244.2.0/24", "fd00:10:244:2::/64");
    assertEquals(1, planned(ways(Routing.NATIVE, "198.18.0.1")).size());
    assertTrue(errors.getFirst().message().contains("needs an IPv6"), errors::toString);
  }

  @Test
  void range_overOursOrANodesAddress_isRefused() {
    node("n2", List.of("198.18.0.2"), "10.244.0.0/16");
    node("n3", List.of("198.18.0.3"), "198.18.0.0/16");
    node("n4", List.of("198.18.0.4"), "0.0.0.0/0");
    assertEquals(Map.of(), planned(ways(Routing.VXLAN, "198.18.0.1")));
    assertEquals(
        List.of("node n2", "node n3", "node n4"),
        errors.stream().map(RealizeError::object).toList());
  }

  @Test
  void range_ofTwoNodes_belongsToTheFirst() {
    node("n2", List.of("198.18.0.2"), "10.244.2.0/24");
    node("n3", List.of("198.18.0.3"), "10.244.2.0/24");
    Route route = only(planned(ways(Routing.NATIVE, "198.18.0.1")));
    assertEquals(Optional.of(ip("198.18.0.2")), route.gateway());
    assertEquals("node n3", errors.getFirst().object());
  }

  @Test
  void ownRanges_areUnreachableBehindAllElse() {
    var own = ways(Routing.NATIVE, "198.18.0.1").ownRanges();
    assertEquals(2, own.size());
    assertTrue(
        own.stream()
            .allMatch(
                r -> r.type() == Route.Type.UNREACHABLE && r.metric() == NodeWays.LAST_METRIC));
  }
}
