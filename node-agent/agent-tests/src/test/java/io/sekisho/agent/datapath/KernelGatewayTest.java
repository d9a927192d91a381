package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Neighbours;
import java.net.Inet6Address;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pod's gateway is there: it answers who asks for it, and pings. */
final class KernelGatewayTest {
  private static TestCluster cluster;

  @BeforeAll
  static void create() {
    cluster = new TestCluster();
    assertEquals(List.of(), cluster.apply());
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  /** Deletes all neighbours of the pod, the permanent ones too; how many there were. */
  private static int flush(int pod) {
    return TestNode.in(
        cluster.pod(pod),
        netlink -> {
          var known = netlink.list(Neighbours.all());
          var gateways =
              known.stream().filter(n -> PodInterface.GATEWAYS.contains(n.address())).toList();
          gateways.forEach(n -> netlink.run(Neighbours.delete(n.index(), n.address())));
          return gateways.size();
        });
  }

  @Test
  void neighboursFlushed_podAsksAndGoesOn() {
    assertEquals(2, flush(11));
    for (boolean ipv4 : new boolean[] {true, false}) {
      assertTrue(Traffic.pings(cluster.pod(11), cluster.address(21, ipv4), 3000));
      assertTrue(Traffic.pings(cluster.pod(11), cluster.address(12, ipv4), 3000));
    }
    assertEquals(2, flush(11), "learnt anew");
    assertTrue(Traffic.pings(cluster.pod(21), cluster.address(11, true), 3000));
  }

  @ParameterizedTest
  @ValueSource(ints = {11, 12})
  void gateway_pinged_answers(int pod) {
    assertTrue(Traffic.pings(cluster.pod(pod), "169.254.1.1", 2000));
    assertTrue(pingsGateway(pod));
  }

  /** From the pod's own address on the link, as anybody's ping does. */
  private static boolean pingsGateway(int pod) {
    int index = PodInterface.find(cluster.pod(pod), "eth0").orElseThrow().index();
    byte[] gateway = TestNode.ip("fe80::1").getAddress();
    return cluster
        .pod(pod)
        .call(() -> Inet6Address.getByAddress("gateway", gateway, index).isReachable(2000));
  }

  @Test
  void gateway_isOnHostEndsForTheLinkAlone() {
    var node = cluster.node(1);
    var assigned = node.ask(netlink -> netlink.list(Addresses.all()));
    var gateways =
        assigned.stream().filter(a -> PodInterface.GATEWAYS.contains(a.address())).toList();
    assertEquals(4, gateways.size(), gateways::toString);
    gateways.forEach(a -> assertFalse(a.isGlobal(), a::toString));
  }

  @Test
  void endpointWired_restarted_hasItStill() {
    cluster.node(2).reopen();
    assertEquals(List.of(), cluster.apply());
    assertTrue(Traffic.pings(cluster.pod(21), "169.254.1.1", 2000));
    assertTrue(pingsGateway(21));
  }
}
