package io.sekisho.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.lab.traffic.Exchange;
import java.io.IOException;
import java.net.Inet6Address;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A cluster without IPv4: pods have IPv6 addresses alone, and so have tunnels. */
final class Ipv6OnlyTest {
  private static final int MEBIBYTE = 1 << 20;

  private static Cluster cluster;

  @BeforeAll
  static void up() throws IOException {
    ClusterNetwork network =
        ClusterNetwork.USUAL.withFamilies(Families.V6).withUnderlay(Families.V6);
    cluster = new Cluster("sk6", new Lab.Wish(2, false, false, 90).on(network).withOutside());
    cluster.awaitReach("near", 0);
    cluster.awaitReach("far", 0);
  }

  @AfterAll
  static void down() throws IOException {
    cluster.close();
  }

  @Test
  void pods_haveOneAddress_andReachEachOther() {
    for (String server : Set.of("near", "far")) {
      assertEquals(1, cluster.pod(server).addresses().size());
      assertTrue(cluster.address(server, 0) instanceof Inet6Address);
      assertTrue(Exchange.ping(cluster.place("client"), cluster.address(server, 0)), server);
      assertTrue(
          Exchange.tcp(cluster.place("client"), cluster.address(server, 0), Cluster.PORT, MEBIBYTE),
          server);
    }
  }

  @Test
  void nodeAndOutside_areReached_outsideWithTheNodesAddress() {
    assertTrue(Exchange.ping(cluster.place("client"), cluster.nodeAddress("n2", 1)), "node");
    assertTrue(Exchange.ping(cluster.node("n1"), cluster.address("far", 0)), "pod from a node");
    var echo = cluster.echo(Outside.SERVER.name());
    echo.forget();
    assertTrue(
        Exchange.tcp(
            cluster.place("client"), Cluster.address(Outside.SERVER, 1), Cluster.PORT, MEBIBYTE),
        "outside");
    assertEquals(Set.of(cluster.nodeAddress("n1", 1)), echo.callers());
  }
}
