package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.Rules;
import io.sekisho.testkit.Residue;
import io.sekisho.testkit.TestNamespaces;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pod with two interfaces: both are reached, and either works without the other. */
final class SecondInterfaceTest {
  private final TestNamespaces namespaces = new TestNamespaces("two");
  private Residue before;
  private TestNode node;
  private WiredEndpoint eth0;
  private WiredEndpoint eth1;
  private WiredEndpoint other;

  @BeforeEach
  void open() {
    before = Residue.of(namespaces.prefix());
    node = new TestNode(1, namespaces, TestNode.underlay(namespaces));
    node.open();
    eth0 = node.datapath().wire(node.wiring(1));
    eth1 = node.datapath().wire(second());
    other = node.datapath().wire(node.wiring(3));
    assertEquals(List.of(), node.datapath().apply(DatapathContractTest.state(eth0, eth1, other)));
  }

  @AfterEach
  void close() throws IOException {
    node.close();
    Files.deleteIfExists(TestNode.pinRoot(namespaces));
    namespaces.close();
    assertEquals(Set.of(), Residue.of(namespaces.prefix()).since(before));
  }

  private Wiring second() {
    return new Wiring(
        2,
        node.pod(1).path(),
        "eth1",
        List.of(TestNode.ip("10.244.1.2"), TestNode.ip("fd00:10:244:1::2")),
        0);
  }

  private void assertReached(WiredEndpoint endpoint) {
    for (InetAddress address : endpoint.addresses()) {
      String text = address.getHostAddress();
      assertTrue(Traffic.pings(node.pod(3), text, 2000), () -> "a pod reaches " + text);
      assertTrue(Traffic.pings(node.namespace(), text, 2000), () -> "the node reaches " + text);
    }
  }

  @Test
  void wire_twoInterfaces_bothAreReached() {
    assertReached(eth0);
    assertReached(eth1);
    for (InetAddress address : other.addresses()) {
      assertTrue(Traffic.pings(node.pod(1), address.getHostAddress(), 2000));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void unwire_oneOfThem_theOtherWorks(int gone) {
    node.datapath().unwire(gone);
    WiredEndpoint stays = gone == 1 ? eth1 : eth0;
    assertEquals(List.of(), node.datapath().apply(DatapathContractTest.state(stays, other)));
    assertReached(stays);
    for (InetAddress address : other.addresses()) {
      assertTrue(
          Traffic.pings(node.pod(1), address.getHostAddress(), 2000), "its default route is left");
    }
  }

  @Test
  void wire_secondAgain_leavesNoRuleOfTheFirstTime() {
    node.datapath().unwire(2);
    WiredEndpoint again = node.datapath().wire(second());
    node.datapath().apply(DatapathContractTest.state(eth0, again, other));
    assertReached(again);
    for (Rules.Family family : Rules.Family.values()) {
      assertEquals(1, rules(family), family.toString());
    }
  }

  private long rules(Rules.Family family) {
    return node.pod(1)
        .call(
            () -> {
              try (var netlink = Netlink.open()) {
                return netlink.list(Rules.all(family)).stream()
                    .filter(rule -> rule.source().isPresent())
                    .count();
              }
            });
  }
}
