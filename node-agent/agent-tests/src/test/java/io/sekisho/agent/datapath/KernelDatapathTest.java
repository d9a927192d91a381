package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.MapInfo;
import io.sekisho.libbpf.MapType;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.Netlink;
import io.sekisho.testkit.Residue;
import io.sekisho.testkit.TestNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The datapath on the kernel keeps the contract, in a node's namespace. */
final class KernelDatapathTest extends DatapathContractTest {
  private final TestNamespaces namespaces = new TestNamespaces("dp");
  private final Map<Integer, Wiring> wirings = new HashMap<>();
  private Residue before;
  private TestNode node;

  @BeforeEach
  void open() {
    before = Residue.of(namespaces.prefix());
    node = new TestNode(1, namespaces, TestNode.underlay(namespaces));
    node.open();
  }

  @AfterEach
  void close() throws IOException {
    node.close();
    Files.deleteIfExists(TestNode.pinRoot(namespaces));
    namespaces.close();
    assertEquals(Set.of(), Residue.of(namespaces.prefix()).since(before));
  }

  @Override
  Datapath datapath() {
    return node.datapath();
  }

  @Override
  List<WiredEndpoint> reopen() {
    return node.reopen();
  }

  @Override
  Wiring wiring(int endpointId) {
    return wirings.computeIfAbsent(endpointId, node::wiring);
  }

  @Test
  void open_again_findsPinsAndKeepsThem() {
    assertEquals(List.of(), node.reopen());
    assertTrue(Files.exists(TestNode.pinRoot(namespaces).resolve("n1/maps/ipcache")));
  }

  @Test
  void uninstall_withEndpoints_leavesNoPinAndNoInterface() {
    datapath().wire(wiring(1));
    datapath().uninstall();

    assertTrue(Files.notExists(TestNode.pinRoot(namespaces).resolve("n1")));
    assertEquals(List.of("lo", "eth0"), links());
  }

  @Test
  void open_pinsOfAnotherLayout_isIncompatibleUntilUninstalled() {
    datapath().close();
    var pins = new PinFolder(node.config().pinRoot(), node.config().node());
    PinFolder.unpin(pins.map("ipcache"));
    try (var other = BpfMap.create(new MapInfo(0, "ipcache", MapType.HASH, 4, 4, 16, 0))) {
      other.pin(pins.map("ipcache"));
    }

    var error = assertThrows(DatapathException.class, node::reopen);

    assertEquals(DatapathException.Code.INCOMPATIBLE_PINS, error.code());
    datapath().uninstall();
    assertEquals(List.of(), node.reopen());
  }

  @Test
  void open_pinOfAnotherAgentsLink_isCollected() throws IOException {
    datapath().wire(wiring(1));
    var pins = new PinFolder(node.config().pinRoot(), node.config().node());
    node.on(
        () -> {
          try (var netlink = Netlink.open()) {
            netlink.run(Links.delete("lxc0001"));
          }
          return node;
        });
    assertTrue(pins.linkNames().contains("lxc0001_from_endpoint"));

    assertEquals(List.of(), node.reopen());

    assertTrue(
        pins.linkNames()
            .containsAll(
                List.of(
                    "eth0_from_netdev",
                    "eth0_to_netdev",
                    "sekisho_vxlan_from_overlay",
                    "sekisho_vxlan_to_overlay")));
    assertTrue(pins.linkNames().stream().noneMatch(pin -> pin.startsWith("lxc")));
  }

  @Test
  void wire_podNamespaceMissing_failsAndLeavesNothing() {
    var nowhere = new Wiring(5, Path.of("/run/netns/sk-nothing"), "eth0", wiring(5).addresses(), 0);

    var error = assertThrows(DatapathException.class, () -> datapath().wire(nowhere));

    assertEquals(DatapathException.Code.WIRING_FAILED, error.code());
    assertFalse(links().contains("lxc0005"));
  }

  @Test
  void wire_interfaceNameTaken_failsAndLeavesNothing() {
    var taken = new Wiring(5, wiring(5).networkNamespace(), "lo", wiring(5).addresses(), 0);

    var error = assertThrows(DatapathException.class, () -> datapath().wire(taken));

    assertEquals(DatapathException.Code.WIRING_FAILED, error.code());
    assertFalse(links().contains("lxc0005"));
    assertEquals(5, datapath().wire(wiring(5)).endpointId());
  }

  @Test
  void wire_interfaceDeletedByHand_isMissingUntilWiredAgain() {
    var first = datapath().wire(wiring(1));
    assertEquals(List.of(), datapath().apply(state(first)));
    node.on(
        () -> {
          try (var netlink = Netlink.open()) {
            netlink.run(Links.delete("lxc0001"));
          }
          return node;
        });
    assertEquals(Set.of(1), datapath().missing());

    var second = datapath().wire(wiring(1));

    assertEquals(first.addresses(), second.addresses());
    assertEquals(Set.of(), datapath().missing());
    assertEquals(List.of(), datapath().apply(state(second)));
    assertTrue(Traffic.pings(node.pod(1), "198.18.0.1", 2000));
  }

  @Test
  void inspect_wiredPod_saysWhatItHas() {
    var made = datapath().wire(wiring(1));

    PodState state = datapath().inspect(wiring(1).networkNamespace(), "eth0").orElseThrow();

    assertEquals(made.podMac(), state.mac());
    assertTrue(state.up());
    assertEquals(Set.copyOf(made.addresses()), Set.copyOf(state.addresses()));
    var anywhere = io.sekisho.policy.Cidr.parse("0.0.0.0/0");
    var gateway = java.util.Optional.of(TestNode.ip("169.254.1.1"));
    assertTrue(state.routes().contains(new PodState.Way(anywhere, gateway)), state::toString);
    assertTrue(datapath().inspect(wiring(1).networkNamespace(), "eth9").isEmpty());
    assertThrows(
        DatapathException.class, () -> datapath().inspect(Path.of("/run/netns/sk-no"), "eth0"));
  }

  @Test
  void wire_podRestarted_isWiredAnew() {
    var first = datapath().wire(wiring(1));
    var elsewhere = new Wiring(1, node.pod(77).path(), "eth0", wiring(1).addresses(), 1300);

    var second = datapath().wire(elsewhere);

    assertEquals(first.hostInterface(), second.hostInterface());
    assertNotEquals(first.podMac(), second.podMac());
    assertEquals(1300, second.mtu());
  }

  @Test
  void open_noSuchUnderlay_saysSo() {
    datapath().close();
    var config = node.config();
    var wrong =
        new NodeConfig(
            config.node(),
            config.pinRoot(),
            "eth9",
            config.underlayAddresses(),
            config.podCidrs(),
            config.routing(),
            config.overlay(),
            config.masquerade(),
            config.conntrackEntries(),
            config.natEntries(),
            config.eventRingBytes(),
            config.aggregationSeconds());

    var error = assertThrows(DatapathException.class, () -> datapath().open(wrong));

    assertTrue(error.getMessage().contains("no interface eth9"), error.getMessage());
  }

  @Test
  void open_geneve_worksOrNamesWhatTheKernelLacks() {
    datapath().close();
    node.config(TestNode.with(node.config(), Routing.GENEVE, false));
    try {
      node.reopen();
      assertEquals(List.of("lo", "eth0", "sekisho_geneve"), links());
    } catch (DatapathException e) {
      assertEquals(DatapathException.Code.UNSUPPORTED_FEATURE, e.code());
      assertTrue(e.getMessage().contains("CONFIG_GENEVE"), e.getMessage());
      assertTrue(e.getMessage().contains("vxlan"), e.getMessage());
    }
  }

  @Test
  void open_anotherRouting_takesTheOverlayAndItsPinsAway() {
    node.config(TestNode.with(node.config(), Routing.NATIVE, false));
    node.reopen();
    assertEquals(List.of("lo", "eth0"), links());
    var pins = new PinFolder(node.config().pinRoot(), node.config().node());
    assertEquals(List.of("eth0_from_netdev", "eth0_to_netdev"), pins.linkNames());
    assertEquals(1500, datapath().wire(wiring(3)).mtu());

    node.config(TestNode.with(node.config(), Routing.VXLAN, false));
    node.reopen();
    assertTrue(links().contains("sekisho_vxlan"));
    assertEquals(1450, datapath().wire(wiring(4)).mtu());
  }

  private String reserved() {
    return node.on(() -> Sysctl.text("ipv4/ip_local_reserved_ports").orElseThrow());
  }

  private void reserve(String ports) {
    node.on(() -> Sysctl.setText("ipv4/ip_local_reserved_ports", ports));
  }

  @Test
  void masquerade_itsPorts_areReservedBesideThoseOfOthers() {
    reserve("8080,50000-50010");
    node.config(TestNode.with(node.config(), Routing.VXLAN, true));
    node.reopen();
    assertEquals("8080,49152-65535", reserved());

    node.reopen();
    reserve("8080,9090,49152-65535");
    datapath().uninstall();
    assertEquals("8080,9090,50000-50010", reserved());
  }

  @Test
  void masquerade_switchedOff_givesThePortsBack() {
    node.config(TestNode.with(node.config(), Routing.VXLAN, true));
    node.reopen();
    assertEquals("49152-65535", reserved());
    datapath().reconfigure(TestNode.with(node.config(), Routing.VXLAN, false));
    assertEquals("", reserved());
  }

  @Test
  void fill_ofANode_tellsOfConnectionsAndMasquerade() {
    var names = datapath().fill().stream().map(Datapath.MapFill::name).toList();
    assertTrue(
        names.containsAll(List.of("conntrack_tcp", "conntrack_any", "nat", "fragments")),
        names::toString);
  }

  private List<String> links() {
    return node.on(
        () -> {
          try (var netlink = Netlink.open()) {
            return netlink.list(Links.all()).stream().map(Link::name).toList();
          }
        });
  }
}
