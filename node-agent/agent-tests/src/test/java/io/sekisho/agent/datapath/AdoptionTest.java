package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.MacAddress;
import io.sekisho.netlink.Neighbours;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.netlink.Route;
import io.sekisho.netlink.Routes;
import io.sekisho.testkit.Await;
import io.sekisho.testkit.Residue;
import io.sekisho.testkit.TestNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Endpoints on interface pairs that another plugin made, as ptp does. */
final class AdoptionTest {
  private static final String POD = "10.9.0.7";
  private static final String GATEWAY = "10.9.0.1";

  private final TestNamespaces namespaces = new TestNamespaces("adopt");
  private Residue before;
  private TestNode node;
  private List<String> pinsOfTheNode = List.of();

  @BeforeEach
  void open() {
    before = Residue.of(namespaces.prefix());
    node = new TestNode(1, namespaces, TestNode.underlay(namespaces));
    node.open();
    pinsOfTheNode = pins();
    pair();
  }

  @AfterEach
  void close() throws IOException {
    node.close();
    Files.deleteIfExists(TestNode.pinRoot(namespaces));
    namespaces.close();
    assertEquals(Set.of(), Residue.of(namespaces.prefix()).since(before));
  }

  private interface Work<T> {
    T on(Netlink netlink);
  }

  private static <T> T in(NetworkNamespace namespace, Work<T> work) {
    return namespace.call(
        () -> {
          try (var netlink = Netlink.open()) {
            return work.on(netlink);
          }
        });
  }

  /** What ptp leaves: a gateway on the host's end, a route to the pod, and a way back. */
  private void pair() {
    NetworkNamespace pod = node.pod(7);
    in(
        node.namespace(),
        netlink -> {
          netlink.run(
              Links.addVeth(
                  new Links.End("veth7", MacAddress.parse("02:00:00:00:00:01"), 1500),
                  new Links.End("eth0", MacAddress.parse("02:00:00:00:00:02"), 1500),
                  pod.fd()));
          int index = netlink.find(Links.named("veth7")).orElseThrow().index();
          netlink.run(
              Addresses.add(index, TestNode.ip(GATEWAY), 32),
              Routes.add(Route.direct(TestNode.ip(POD), 32, index)));
          return index;
        });
    in(
        pod,
        netlink -> {
          int index = netlink.find(Links.named("eth0")).orElseThrow().index();
          netlink.run(
              Links.up(index),
              Addresses.add(index, TestNode.ip(POD), 32),
              Routes.add(Route.direct(TestNode.ip(GATEWAY), 32, index)),
              Routes.add(Route.via(TestNode.ip("0.0.0.0"), 0, TestNode.ip(GATEWAY))));
          return index;
        });
  }

  private Wiring wiring(String host) {
    return new Wiring(
        7,
        node.pod(7).path(),
        "eth0",
        List.of(TestNode.ip(POD)),
        0,
        Optional.of(new Wiring.Adopted(host)));
  }

  private List<String> pins() {
    return new PinFolder(node.config().pinRoot(), node.config().node()).linkNames();
  }

  @Test
  void wire_pairOfAnotherPlugin_carriesTrafficUnderPolicy() {
    WiredEndpoint adopted = node.datapath().wire(wiring("veth7"));
    assertEquals("veth7", adopted.hostInterface());
    assertTrue(adopted.adopted());
    assertEquals("02:00:00:00:00:02", adopted.podMac());
    assertEquals(1450, adopted.mtu());
    assertFalse(Traffic.pings(node.pod(7), "198.18.0.1", 300), "closed until it is named");
    var own = node.datapath().wire(node.wiring(1));
    assertEquals(List.of(), node.datapath().apply(DatapathContractTest.state(adopted, own)));
    assertTrue(Traffic.pings(node.pod(7), "198.18.0.1", 2000), "to the node");
    assertTrue(Traffic.pings(node.pod(7), "10.244.1.1", 2000), "to a pod of ours");
    assertTrue(Traffic.pings(node.pod(1), POD, 2000), "from a pod of ours");
    assertTrue(Traffic.pings(node.namespace(), POD, 2000), "from the node");
    Optional<PodState> state = node.datapath().inspect(node.pod(7).path(), "eth0");
    assertEquals(List.of(TestNode.ip(POD)), state.orElseThrow().addresses());
  }

  @Test
  void reopen_adoptedEndpoint_isFoundByItsPinsAndPasses() {
    WiredEndpoint adopted = node.datapath().wire(wiring(""));
    node.datapath().apply(DatapathContractTest.state(adopted));
    assertEquals(List.of(adopted), node.reopen());
    assertEquals(adopted, node.datapath().wire(wiring("veth7")));
    assertEquals(List.of(), node.datapath().apply(DatapathContractTest.state(adopted)));
    assertTrue(Traffic.pings(node.pod(7), "198.18.0.1", 2000));
  }

  @Test
  void underlayMtu_shrinks_adoptedPairFollowsOnBothEnds() {
    node.datapath().wire(wiring("veth7"));
    in(
        node.namespace(),
        netlink -> {
          int index = netlink.find(Links.named("eth0")).orElseThrow().index();
          netlink.run(Links.mtu(index, 1400));
          return index;
        });
    Await.until("the host's end", () -> mtu(node.namespace(), "veth7") == 1350);
    Await.until("the pod's end", () -> mtu(node.pod(7), "eth0") == 1350);
  }

  private static int mtu(NetworkNamespace namespace, String name) {
    return in(namespace, netlink -> netlink.find(Links.named(name)).orElseThrow().mtu());
  }

  @Test
  void unwire_adoptedEndpoint_leavesThePairWithoutOurs() {
    WiredEndpoint adopted = node.datapath().wire(wiring("veth7"));
    node.datapath().apply(DatapathContractTest.state(adopted));
    node.datapath().unwire(7);
    assertEquals(List.of(), node.reopen());
    assertEquals(pinsOfTheNode, pins());
    assertTrue(Traffic.pings(node.pod(7), GATEWAY, 2000), "the other plugin's again");
    var neighbours = in(node.namespace(), netlink -> netlink.list(Neighbours.all()));
    assertTrue(
        neighbours.stream().noneMatch(n -> n.index() == adopted.hostIndex() && n.permanent()));
  }

  @Test
  void wire_hostEndBelowABridge_isRefusedAndUntouched() {
    in(
        node.namespace(),
        netlink -> {
          netlink.run(Links.addBridge("cni0"));
          int bridge = netlink.find(Links.named("cni0")).orElseThrow().index();
          Link host = netlink.find(Links.named("veth7")).orElseThrow();
          netlink.run(Links.master(host.index(), bridge));
          return bridge;
        });
    refused("veth7", "below a bridge");
    in(
        node.namespace(),
        netlink -> {
          int bridge = netlink.find(Links.named("cni0")).orElseThrow().index();
          netlink.run(Links.delete(bridge));
          return bridge;
        });
  }

  @Test
  void wire_otherHostInterfaceNamed_isRefused() {
    refused("veth8", "is veth7, not veth8");
  }

  @Test
  void wire_interfaceThatIsNoPair_isRefused() {
    in(
        node.pod(7),
        netlink -> {
          netlink.run(Links.delete("eth0"));
          netlink.run(Links.addBridge("eth0"));
          return netlink;
        });
    refused("", "no veth");
  }

  private void refused(String host, String why) {
    var error = assertThrows(DatapathException.class, () -> node.datapath().wire(wiring(host)));
    assertEquals(DatapathException.Code.NOT_ADOPTABLE, error.code());
    assertTrue(error.getMessage().contains(why), error.getMessage());
    assertEquals(pinsOfTheNode, pins());
  }

  @Test
  void missing_pairDeletedByItsPlugin_isNamed() {
    node.datapath().wire(wiring("veth7"));
    assertEquals(Set.of(), node.datapath().missing());
    in(
        node.namespace(),
        netlink -> {
          netlink.run(Links.delete("veth7"));
          return netlink;
        });
    assertEquals(Set.of(7), node.datapath().missing());
    node.datapath().unwire(7);
    assertEquals(Set.of(), node.datapath().missing());
  }
}
