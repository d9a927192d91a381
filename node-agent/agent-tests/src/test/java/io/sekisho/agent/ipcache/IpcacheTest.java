package io.sekisho.agent.ipcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.datapath.DesiredState.Location;
import io.sekisho.agent.datapath.Routing;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.CidrLabels;
import io.sekisho.policy.Identity;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IpcacheTest {
  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, Endpoint> endpoints = new HashMap<>();

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }

  private void node(String name, String... addresses) {
    nodes.put(name, Node.newBuilder().setName(name).addAllAddresses(List.of(addresses)).build());
  }

  private void endpoint(String node, int id, int identity, String... addresses) {
    endpoints.put(
        node + "/" + id,
        Endpoint.newBuilder()
            .setNode(node)
            .setId(id)
            .setIdentity(identity)
            .addAllAddresses(List.of(addresses))
            .build());
  }

  private Map<Cidr, Location> cache(List<InetAddress> underlay, List<Ipcache.Local> locals) {
    var inventory = new Inventory(1, true, nodes, endpoints, Map.of(), Map.of());
    return Ipcache.of(site(underlay, Routing.VXLAN), inventory, locals, Map.of(), Map.of());
  }

  private static Site site(List<InetAddress> underlay, Routing routing) {
    return new Site("n1", underlay, routing, List.of());
  }

  private static Location here(int identity) {
    return new Location(identity, Optional.empty(), true);
  }

  private static Location own(int identity) {
    return new Location(identity, Optional.empty(), true, true);
  }

  private static Location outside(int identity) {
    return new Location(identity, Optional.empty(), false);
  }

  private static Location behind(int identity, String node) {
    return new Location(identity, Optional.of(address(node)), true);
  }

  @Test
  void of_nothing_everythingIsTheWorld() {
    var cache = cache(List.of(address("198.18.0.1")), List.of());
    assertEquals(outside(2), cache.get(Cidr.parse("0.0.0.0/0")));
    assertEquals(outside(2), cache.get(Cidr.parse("::/0")));
    assertEquals(here(1), cache.get(Cidr.parse("198.18.0.1")));
    for (String link : List.of("169.254.0.0/16", "fe80::/10", "224.0.0.0/4", "ff00::/8")) {
      assertEquals(here(2), cache.get(Cidr.parse(link)));
    }
    assertEquals(7, cache.size());
  }

  @Test
  void of_nodes_areHostAndRemoteNode() {
    node("n1", "198.18.0.1", "fd18::1");
    node("n2", "198.18.0.2", "fd18::2");
    var cache = cache(List.of(address("198.18.0.1")), List.of());
    assertEquals(here(1), cache.get(Cidr.parse("fd18::1")));
    assertEquals(behind(6, "198.18.0.2"), cache.get(Cidr.parse("198.18.0.2")));
    assertEquals(behind(6, "198.18.0.2"), cache.get(Cidr.parse("fd18::2")));
  }

  @Test
  void of_nodeWithoutCommonFamily_isARemoteNodeWithoutTunnel() {
    node("n2", "fd18::2");
    assertEquals(
        here(6), cache(List.of(address("198.18.0.1")), List.of()).get(Cidr.parse("fd18::2")));
  }

  @Test
  void of_nativeRouting_nothingLiesBehindANode() {
    node("n2", "198.18.0.2");
    endpoint("n2", 5, 1234, "10.244.2.5");
    var inventory = new Inventory(1, true, nodes, endpoints, Map.of(), Map.of());
    var site = site(List.of(address("198.18.0.1")), Routing.NATIVE);
    var cache = Ipcache.of(site, inventory, List.of(), Map.of(), Map.of());
    assertEquals(here(1234), cache.get(Cidr.parse("10.244.2.5")));
    assertEquals(here(6), cache.get(Cidr.parse("198.18.0.2")));
  }

  @Test
  void of_healthAddresses_areHealthBehindTheirNode() {
    nodes.put(
        "n2",
        Node.newBuilder()
            .setName("n2")
            .addAddresses("198.18.0.2")
            .addHealthAddresses("10.244.2.1")
            .build());
    nodes.put(
        "n1",
        Node.newBuilder()
            .setName("n1")
            .addAddresses("198.18.0.1")
            .addHealthAddresses("10.244.1.1")
            .build());
    var cache = cache(List.of(address("198.18.0.1")), List.of());
    assertEquals(behind(4, "198.18.0.2"), cache.get(Cidr.parse("10.244.2.1")));
    assertEquals(own(4), cache.get(Cidr.parse("10.244.1.1")));
  }

  @Test
  void of_podRanges_areDirectWithTheWorldsIdentity() {
    nodes.put(
        "n2",
        Node.newBuilder()
            .setName("n2")
            .addAddresses("198.18.0.2")
            .addPodCidrs("10.244.2.0/24")
            .addPodCidrs("no range")
            .build());
    var cache = cache(List.of(address("198.18.0.1")), List.of());
    assertEquals(here(2), cache.get(Cidr.parse("10.244.2.0/24")));
  }

  @Test
  void of_ownPodRange_isOwnWithEveryPrefixInside() {
    nodes.put(
        "n1",
        Node.newBuilder()
            .setName("n1")
            .addAddresses("198.18.0.1")
            .addPodCidrs("10.244.1.0/24")
            .build());
    node("n2", "198.18.0.2");
    endpoint("n2", 5, 1234, "10.244.1.5");
    Cidr half = Cidr.parse("10.244.1.128/25");
    var identity = new Identity(Identity.FIRST_LOCAL, CidrLabels.of(half));
    var inventory = new Inventory(1, true, nodes, endpoints, Map.of(), Map.of());
    var site = site(List.of(address("198.18.0.1")), Routing.VXLAN);
    var cache = Ipcache.of(site, inventory, List.of(), Map.of(half, identity), Map.of());
    assertEquals(own(2), cache.get(Cidr.parse("10.244.1.0/24")));
    assertEquals(own(Identity.FIRST_LOCAL), cache.get(half));
    assertEquals(behind(1234, "198.18.0.2"), cache.get(Cidr.parse("10.244.1.5")));
  }

  @Test
  void of_remotePod_liesBehindItsNodesIpv4() {
    node("n2", "fd18::2", "198.18.0.2");
    endpoint("n2", 5, 1234, "10.244.2.5", "fd00:10:244:2::5");
    var cache = cache(List.of(address("198.18.0.1"), address("fd18::1")), List.of());
    assertEquals(behind(1234, "198.18.0.2"), cache.get(Cidr.parse("10.244.2.5")));
    assertEquals(behind(1234, "198.18.0.2"), cache.get(Cidr.parse("fd00:10:244:2::5")));
  }

  @Test
  void of_ipv6OnlyUnderlay_usesIpv6() {
    node("n2", "198.18.0.2", "fd18::2");
    endpoint("n2", 5, 1234, "10.244.2.5");
    var cache = cache(List.of(address("fd18::1")), List.of());
    assertEquals(behind(1234, "fd18::2"), cache.get(Cidr.parse("10.244.2.5")));
  }

  @Test
  void of_noCommonFamily_podHasNoPlace() {
    node("n2", "fd18::2");
    endpoint("n2", 5, 1234, "10.244.2.5");
    assertNull(cache(List.of(address("198.18.0.1")), List.of()).get(Cidr.parse("10.244.2.5")));
  }

  @Test
  void of_nodeGone_itsPodsLeave() {
    endpoint("n2", 5, 1234, "10.244.2.5");
    assertNull(cache(List.of(address("198.18.0.1")), List.of()).get(Cidr.parse("10.244.2.5")));
  }

  @Test
  void of_nodeGoneWhoseRangesAreKnown_itsRangeIsTheClustersAndUnmanaged() {
    nodes.put(
        "n3",
        Node.newBuilder()
            .setName("n3")
            .addAddresses("198.18.0.3")
            .addPodCidrs("10.244.3.0/24")
            .build());
    endpoint("n2", 5, 1234, "10.244.2.5");
    endpoint("n3", 5, 1234, "10.244.3.5");
    Cidr all = Cidr.parse("10.244.0.0/16");
    Cidr gone = Cidr.parse("10.244.2.0/24");
    var ranges =
        Map.of(gone, "n2", Cidr.parse("10.244.3.0/24"), "n3", Cidr.parse("10.244.1.0/24"), "n1");
    var identity = new Identity(Identity.FIRST_LOCAL, CidrLabels.of(all));
    var inventory = new Inventory(1, true, nodes, endpoints, Map.of(), Map.of(), ranges);
    var site = site(List.of(address("198.18.0.1")), Routing.VXLAN);
    var cache = Ipcache.of(site, inventory, List.of(), Map.of(all, identity), Map.of());
    assertEquals(here(Identity.UNMANAGED.number()), cache.get(gone));
    assertNull(cache.get(Cidr.parse("10.244.2.5")));
    assertEquals(here(Identity.FIRST_LOCAL), cache.get(Cidr.parse("10.244.3.0/24")));
    assertEquals(behind(1234, "198.18.0.3"), cache.get(Cidr.parse("10.244.3.5")));
    assertEquals(Map.of(gone, "n2"), Ipcache.lostRanges(inventory, "n1"));
  }

  @Test
  void of_ownPodsInTheInventory_onlyLocalOnesCount() {
    node("n1", "198.18.0.1");
    endpoint("n1", 5, 1234, "10.244.1.5");
    var local = new Ipcache.Local(77, List.of(address("10.244.1.6")));
    var cache = cache(List.of(address("198.18.0.1")), List.of(local));
    assertNull(cache.get(Cidr.parse("10.244.1.5")));
    assertEquals(own(77), cache.get(Cidr.parse("10.244.1.6")));
  }

  @Test
  void of_twoClaimAnAddress_firstNodeWinsAndLocalBeforeAll() {
    node("n2", "198.18.0.2");
    node("n3", "198.18.0.3");
    endpoint("n3", 1, 3000, "10.244.9.9");
    endpoint("n2", 1, 2000, "10.244.9.9");
    var underlay = List.of(address("198.18.0.1"));
    assertEquals(
        behind(2000, "198.18.0.2"), cache(underlay, List.of()).get(Cidr.parse("10.244.9.9")));
    var local = new Ipcache.Local(1000, List.of(address("10.244.9.9")));
    assertEquals(own(1000), cache(underlay, List.of(local)).get(Cidr.parse("10.244.9.9")));
  }

  @Test
  void of_brokenAddressFromAnotherNode_isLeftOut() {
    node("n2", "198.18.0.2", "nonsense");
    endpoint("n2", 5, 1234, "also nonsense", "10.244.2.5");
    var cache = cache(List.of(address("198.18.0.1")), List.of());
    assertEquals(behind(1234, "198.18.0.2"), cache.get(Cidr.parse("10.244.2.5")));
  }

  @Test
  void of_cidrOfAll_replacesTheWorld() {
    Cidr all = Cidr.parse("0.0.0.0/0");
    var identity = new Identity(Identity.FIRST_LOCAL, CidrLabels.of(all));
    var inventory = new Inventory(1, true, nodes, endpoints, Map.of(), Map.of());
    var site = site(List.of(), Routing.VXLAN);
    var cache = Ipcache.of(site, inventory, List.of(), Map.of(all, identity), Map.of());
    assertEquals(outside(Identity.FIRST_LOCAL), cache.get(all));
    assertEquals(outside(2), cache.get(Cidr.parse("::/0")));
  }
}
