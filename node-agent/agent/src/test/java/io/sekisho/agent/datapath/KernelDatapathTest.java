package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.Residue;
import io.sekisho.testkit.TestNamespaces;
import java.io.IOException;
import java.nio.file.Files;
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
    var links =
        node.on(
            () -> {
              try (var netlink = io.sekisho.netlink.Netlink.open()) {
                return netlink.list(io.sekisho.netlink.Links.all());
              }
            });
    assertEquals(List.of("lo", "eth0"), links.stream().map(io.sekisho.netlink.Link::name).toList());
  }
}
