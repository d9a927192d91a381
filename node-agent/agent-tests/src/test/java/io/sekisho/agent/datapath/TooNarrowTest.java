package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.agent.datapath.DesiredState.RemoteNode;
import io.sekisho.netlink.Addresses;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which ways carry too little for IPv6 pods, and what is said of them. */
final class TooNarrowTest {
  private static final InetAddress FAR = InetAddress.ofLiteral("fd18::2");
  private static final InetAddress THIRD = InetAddress.ofLiteral("fd18::3");
  private static final List<String> BOTH = List.of("10.244.1.0/24", "fd00:10:244:1::/64");
  private static final Map<String, RemoteNode> NODES =
      Map.of("n2", node(FAR, false), "n3", node(THIRD, false));

  private static RemoteNode node(InetAddress address, boolean gone) {
    return new RemoteNode(List.of(address), List.of(Cidr.parse("10.244.2.0/24")), gone);
  }

  private static NodeWays ways(
      Routing routing, List<String> pods, int podMtu, Map<InetAddress, Integer> narrow) {
    var own = Stream.of("198.18.0.1", "fd18::1").map(InetAddress::ofLiteral).toList();
    var config =
        new NodeConfig(
            "n1",
            Path.of("/sys/fs/bpf/none"),
            "eth0",
            own,
            pods.stream().map(Cidr::parse).toList(),
            routing,
            Overlay.at(routing.usualPort()),
            Optional.empty(),
            16,
            16,
            4096,
            1);
    return new NodeWays(config, 2, 7, List.<Addresses.Assigned>of(), podMtu, narrow);
  }

  private static List<String> said(NodeWays ways, Map<String, RemoteNode> nodes) {
    return TooNarrow.of(ways, nodes).stream().map(TooNarrowTest::sentence).toList();
  }

  private static String sentence(Repair repair) {
    return repair.object() + " " + repair.message();
  }

  @Test
  void way_carriesLessThanIpv6Needs_saysWhichAndHowMuch() {
    assertEquals(
        List.of(
            "way to node n3 carries 1300 bytes to fd18:0:0:0:0:0:0:3, and 1350 are needed,"
                + " and that cannot be mended yet:"
                + " pods' IPv6 packets of 1231 to 1280 bytes are dropped (157)"),
        said(ways(Routing.VXLAN, BOTH, 1430, Map.of(FAR, 1350, THIRD, 1300)), NODES));
  }

  @Test
  void way_nobodyLoses_saysNothing() {
    var narrow = Map.of(FAR, 1300);
    var ipv4 = List.of("10.244.1.0/24");
    assertEquals(List.of(), said(ways(Routing.VXLAN, ipv4, 1430, narrow), NODES), "IPv4 pods");
    assertEquals(List.of(), said(ways(Routing.NATIVE, BOTH, 1500, narrow), NODES), "native");
    assertEquals(
        List.of(),
        said(ways(Routing.VXLAN, BOTH, 1430, narrow), Map.of("n2", node(FAR, true))),
        "gone");
    var byIpv4 = new RemoteNode(List.of(InetAddress.ofLiteral("198.18.0.2"), FAR), List.of());
    assertEquals(
        List.of(), said(ways(Routing.VXLAN, BOTH, 1430, narrow), Map.of("n2", byIpv4)), "IPv4 way");
  }

  @Test
  void underlayItself_leavesPodsTooLittle_saysHowMuchIsLacking() {
    assertEquals(
        List.of(
            "device eth0 carries 50 bytes less than the overlay needs for IPv6,"
                + " and that cannot be mended yet:"
                + " it leaves pods 1230, and IPv6 works on no interface below 1280"),
        said(ways(Routing.VXLAN, BOTH, 1230, Map.of()), NODES));
    assertEquals(List.of(), said(ways(Routing.VXLAN, BOTH, 1280, Map.of()), NODES));
  }
}
