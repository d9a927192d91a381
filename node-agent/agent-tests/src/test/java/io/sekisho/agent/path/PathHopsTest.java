package io.sekisho.agent.path;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.ConfigReader;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.PathHop;
import io.sekisho.api.v1.PeerProbe;
import io.sekisho.api.v1.Ping;
import io.sekisho.api.v1.Uplink;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PathHopsTest {
  private static final Node N1 = node("n1", "198.18.0.1", "fd18::1");
  private static final Node N2 = node("n2", "198.18.0.2", "fd18::2");
  private static final Endpoint CART = endpoint("n1", 7, "cart", "10.244.1.7", "fd00:1::7");
  private static final Endpoint PAY = endpoint("n1", 8, "pay", "10.244.1.8", "fd00:1::8");
  private static final Endpoint FAR = endpoint("n2", 9, "far", "10.244.2.9", "fd00:2::9");
  private static final Inventory INVENTORY =
      new Inventory(
          1,
          true,
          Map.of("n1", N1, "n2", N2),
          Map.of("n1/7", CART, "n1/8", PAY, "n2/9", FAR),
          Map.of(),
          Map.of());
  private static final PeerProbe PROBE =
      PeerProbe.newBuilder()
          .setNode("n2")
          .setUnderlay(Ping.newBuilder().setSent(1).setAnswered(1).setRttNs(111))
          .setEndpoint(Ping.newBuilder().setSent(1).setAnswered(1).setRttNs(222))
          .build();

  private static Node node(String name, String... addresses) {
    return Node.newBuilder()
        .setName(name)
        .addAllAddresses(List.of(addresses))
        .setUnderlayDevice("eth0")
        .setUnderlayMtu(1500)
        .setPodMtu(1450)
        .addPodCidrs("10.244." + name.substring(1) + ".0/24")
        .build();
  }

  private static Endpoint endpoint(String node, int id, String pod, String... addresses) {
    return Endpoint.newBuilder()
        .setNode(node)
        .setId(id)
        .setNamespace("shop")
        .setPod(pod)
        .setInterface("lxc000" + id)
        .setEgressEnforced(true)
        .addAllAddresses(List.of(addresses))
        .build();
  }

  private static AgentConfig config(String more) {
    String yaml =
        "{node: {name: n1}, underlay: {device: eth0}, pods: {cidrs: [10.244.1.0/24]}, %s}"
            .formatted(more);
    return ConfigReader.parse(yaml, "test", Path.of("/"));
  }

  private static List<PathHop> hops(String config, String to) {
    return hops(config, N1, Optional.of("eth0"), to);
  }

  private static List<PathHop> hops(String config, Node self, Optional<String> exit, String to) {
    PathEnd end = PathEnd.of(to, INVENTORY);
    InetAddress address = end.addresses().getFirst();
    InetAddress from =
        PathEnd.ofFamily(
                PathEnd.addresses(CART.getAddressesList()), address.getAddress().length == 4)
            .orElseThrow();
    return new PathHops(config(config), self, INVENTORY.nodes().values(), List.of(PROBE), exit)
        .between(CART, from, end, address);
  }

  private static String text(List<PathHop> hops) {
    return hops.stream()
        .map(
            hop ->
                "%s %s %s %s%s"
                    .formatted(
                        hop.getKind(),
                        hop.getNode(),
                        hop.getName(),
                        hop.getAddress(),
                        hop.hasRttNs() ? " " + hop.getRttNs() : ""))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void between_sameNode_staysThere() {
    var hops = hops("", "shop/pay");
    assertEquals(
        """
        POD n1 shop/cart 10.244.1.7
        ENDPOINT_PROGRAM n1 lxc0007\s
        ENDPOINT_PROGRAM n1 lxc0008\s
        POD n1 shop/pay 10.244.1.8
        """,
        text(hops));
    assertEquals("its egress policy is enforced", hops.get(1).getDetail());
    assertEquals("its ingress policy is not enforced", hops.get(2).getDetail());
    assertEquals(1450, hops.get(0).getMtu());
  }

  @Test
  void between_overlay_isTimedAtBothWays() {
    var hops = hops("routing: {mode: vxlan}", "shop/far");
    assertEquals(
        """
        POD n1 shop/cart 10.244.1.7
        ENDPOINT_PROGRAM n1 lxc0007\s
        OVERLAY n1 sekisho_vxlan 198.18.0.1
        UNDERLAY n1 eth0 198.18.0.1
        UNDERLAY n2 eth0 198.18.0.2 111
        OVERLAY n2 sekisho_vxlan 198.18.0.2 222
        ENDPOINT_PROGRAM n2 lxc0009\s
        POD n2 shop/far 10.244.2.9
        """,
        text(hops));
    assertEquals("VXLAN 8472 from 198.18.0.1 to 198.18.0.2", hops.get(2).getDetail());
    assertEquals(
        "GENEVE 6081 received", hops("routing: {mode: geneve}", "fd00:2::9").get(5).getDetail());
  }

  @Test
  void between_native_isRouted() {
    assertEquals(
        """
        POD n1 shop/cart fd00:1::7
        ENDPOINT_PROGRAM n1 lxc0007\s
        UNDERLAY n1 eth0 fd18::1
        UNDERLAY n2 eth0 fd18::2 111
        ENDPOINT_PROGRAM n2 lxc0009  222
        POD n2 shop/far fd00:2::9
        """,
        text(hops("routing: {mode: native}", "fd00:2::9")));
  }

  @Test
  void between_outside_isMasqueraded() {
    assertEquals(
        """
        POD n1 shop/cart 10.244.1.7
        ENDPOINT_PROGRAM n1 lxc0007\s
        MASQUERADE n1 eth0 198.18.0.1
        UNDERLAY n1 eth0 198.18.0.1
        OUTSIDE  outside 192.0.2.1
        """,
        text(hops("", "192.0.2.1")));
    String direct =
        """
        POD n1 shop/cart 10.244.1.7
        ENDPOINT_PROGRAM n1 lxc0007\s
        UNDERLAY n1 eth0 198.18.0.1
        OUTSIDE  outside 192.0.2.1
        """;
    assertEquals(direct, text(hops("masquerade: {enabled: false}", "192.0.2.1")));
    assertEquals(direct, text(hops("masquerade: {exclude: [192.0.2.0/24]}", "192.0.2.1")));
  }

  /** With an overlay other nodes lie behind it, as their pods do; else their address is outside. */
  @Test
  void between_nodes_endAtTheirStack() {
    assertEquals(
        """
        POD n1 shop/cart 10.244.1.7
        ENDPOINT_PROGRAM n1 lxc0007\s
        OVERLAY n1 sekisho_vxlan 198.18.0.1
        UNDERLAY n1 eth0 198.18.0.1
        UNDERLAY n2 eth0 198.18.0.2 111
        OVERLAY n2 sekisho_vxlan 198.18.0.2 222
        """,
        text(hops("", "198.18.0.2")));
    assertEquals(
        """
        POD n1 shop/cart 10.244.1.7
        ENDPOINT_PROGRAM n1 lxc0007\s
        MASQUERADE n1 eth0 198.18.0.1
        UNDERLAY n1 eth0 198.18.0.1
        UNDERLAY n2 eth0 198.18.0.2 111
        """,
        text(hops("routing: {mode: native}", "198.18.0.2")));
    assertEquals(
        """
        POD n1 shop/cart 10.244.1.7
        ENDPOINT_PROGRAM n1 lxc0007\s
        UNDERLAY n1 eth0 198.18.0.1
        """,
        text(hops("", "198.18.0.1")));
  }

  /** An address of a pod range that no pod has is not masqueraded. */
  @Test
  void between_emptyPlaceOfAPodRange_isDirect() {
    var hops = hops("", "10.244.2.99");
    assertEquals("not masqueraded", hops.get(2).getDetail());
  }

  private static Node withUplink(Uplink.Builder uplink) {
    return N1.toBuilder().addUplinks(uplink.setDevice("eth1").setMtu(1400)).build();
  }

  @Test
  void between_outsideByAnUplink_bearsThatDevicesAddress() {
    var self = withUplink(Uplink.newBuilder().setIpv4("198.19.0.1").setDefaultIpv4(true));
    var hops = hops("", self, Optional.of("eth1"), "203.0.113.9");
    assertEquals(
        """
        POD n1 shop/cart 10.244.1.7
        ENDPOINT_PROGRAM n1 lxc0007\s
        MASQUERADE n1 eth1 198.19.0.1
        UPLINK n1 eth1 198.19.0.1
        OUTSIDE  outside 203.0.113.9
        """,
        text(hops));
    assertEquals("source address becomes the device's", hops.get(2).getDetail());
    assertEquals(1400, hops.get(3).getMtu());
  }

  @Test
  void between_outsideByAnotherDevice_saysWhyItIsNotMasqueraded() {
    var wrong = withUplink(Uplink.newBuilder().setProblem("is no Ethernet device: it keeps them"));
    var exit = Optional.of("eth1");
    assertEquals("is no Ethernet device: it keeps them", uplinkDetail("", wrong, exit));
    assertEquals(
        "not masqueraded: no default route leaves by it",
        uplinkDetail("", withUplink(Uplink.newBuilder()), Optional.of("eth7")));
    assertEquals(
        "not masqueraded",
        uplinkDetail("masquerade: {exclude: [203.0.113.0/24]}", wrong, exit),
        "by wish");
  }

  private static String uplinkDetail(String config, Node self, Optional<String> exit) {
    var hops = hops(config, self, exit, "203.0.113.9");
    assertEquals(4, hops.size(), hops::toString);
    return hops.get(2).getDetail();
  }
}
