package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.Route;
import io.sekisho.netlink.Routes;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two nodes with native routing: their routes, and packets that travel as they are. */
final class KernelRoutingTest {
  private static final int BIRD = 12;
  private static final int PORT = 8081;
  private static final int BYTES = 300_000;
  private static final Cidr REMOTE = Cidr.parse("10.244.2.0/24");

  private static TestCluster cluster;

  @BeforeAll
  static void create() {
    cluster = new TestCluster(Routing.NATIVE, false);
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @BeforeEach
  void apply() {
    assertEquals(List.of(), cluster.apply());
  }

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  private static List<Route> to(Cidr prefix) {
    return cluster.node(1).ask(netlink -> netlink.list(Routes.all())).stream()
        .filter(r -> r.table() == Route.MAIN && NodeRoutes.prefix(r).equals(prefix))
        .toList();
  }

  private static void change(java.util.function.Consumer<Netlink> work) {
    cluster
        .node(1)
        .ask(
            netlink -> {
              work.accept(netlink);
              return netlink;
            });
  }

  private static List<Datapath.RealizeError> applyTo(Map<String, DesiredState.RemoteNode> nodes) {
    DesiredState all = cluster.desired(1);
    return cluster
        .node(1)
        .datapath()
        .apply(new DesiredState(all.endpoints(), all.ipcache(), nodes));
  }

  @ParameterizedTest
  @CsvSource({"11,21,true", "11,21,false", "22,12,true"})
  void ping_betweenNodes_isAnswered(int from, int to, boolean ipv4) {
    assertTrue(Traffic.pings(cluster.pod(from), cluster.address(to, ipv4), 2000));
  }

  @ParameterizedTest
  @CsvSource({"11,21,true", "11,21,false"})
  void tcp_betweenNodes_carriesEveryByte(int from, int to, boolean ipv4) throws Exception {
    String address = cluster.address(to, ipv4);
    try (var server = Traffic.serve(cluster.pod(to), address, PORT, BYTES)) {
      assertEquals(BYTES, Traffic.fetch(cluster.pod(from), address, PORT));
    }
  }

  @ParameterizedTest
  @CsvSource({"198.18.0.2,true", "fd18::2,false"})
  void ping_podAndTheOtherNode_worksBothWays(String node, boolean ipv4) {
    assertTrue(Traffic.pings(cluster.pod(11), node, 2000));
    assertTrue(Traffic.pings(cluster.node(2).namespace(), cluster.address(11, ipv4), 2000));
  }

  @Test
  void podMtu_isTheUnderlays() {
    assertEquals(1500, cluster.wired(11).mtu());
  }

  @Test
  void routes_ofNodesAndOwnRanges_areOurs() {
    var ours = cluster.node(1).routes();
    assertEquals(4, ours.size(), ours::toString);
    Route remote = to(REMOTE).getFirst();
    assertEquals(ip("198.18.0.2"), remote.gateway().orElseThrow());
    assertEquals(
        2, ours.stream().filter(r -> r.type() == Route.Type.UNREACHABLE).count(), ours::toString);
  }

  @Test
  void ping_podThatIsNotThere_comesBackUnreachable() {
    assertFalse(Traffic.pings(cluster.pod(11), "10.244.1.99", 300));
    assertFalse(Traffic.pings(cluster.pod(21), "10.244.1.99", 300));
  }

  @Test
  void nodeGone_itsRoutesGo() {
    assertEquals(List.of(), applyTo(Map.of()));
    assertEquals(List.of(), to(REMOTE));
    assertEquals(2, cluster.node(1).routes().size());
  }

  @Test
  void nodeGone_whoseRangeIsKnown_packetsToItComeBack() {
    var gone = Map.of("n2 (gone)", DesiredState.RemoteNode.gone(List.of(REMOTE)));
    assertEquals(List.of(), applyTo(gone));
    assertEquals(List.of(Route.Type.UNREACHABLE), to(REMOTE).stream().map(Route::type).toList());
    assertEquals(List.of(), cluster.apply());
    assertEquals(List.of(Route.Type.UNICAST), to(REMOTE).stream().map(Route::type).toList());
    assertTrue(Traffic.pings(cluster.pod(11), cluster.address(21, true), 2000));
  }

  @Test
  void foreignRoute_ofTheSamePrefix_staysAndOursIsNotMade() {
    Route foreign = Route.via(ip("10.244.2.0"), 24, ip("198.18.0.2")).by(BIRD, 32);
    assertEquals(List.of(), applyTo(Map.of()));
    change(netlink -> netlink.run(Routes.addNew(foreign)));
    try {
      assertEquals(List.of(), cluster.apply());
      var there = to(REMOTE);
      assertEquals(List.of(BIRD), there.stream().map(Route::protocol).toList());
      assertTrue(Traffic.pings(cluster.pod(11), cluster.address(21, true), 2000));

      assertEquals(List.of(), applyTo(Map.of()));
      assertEquals(List.of(BIRD), to(REMOTE).stream().map(Route::protocol).toList());
    } finally {
      change(netlink -> netlink.run(Routes.delete(foreign)));
    }
  }

  @Test
  void reopen_presentRoutes_stayAndOthersAreMade() {
    TestNode node = cluster.node(1);
    var before = node.routes();
    Route lost = to(REMOTE).getFirst();
    node.reopen();
    assertEquals(before, node.routes());
    change(netlink -> netlink.run(Routes.delete(lost)));

    assertEquals(List.of(), cluster.apply());

    assertEquals(List.of(lost), to(REMOTE));
  }

  @Test
  void anotherGateway_ofANode_replacesTheRoute() {
    var moved =
        new DesiredState.RemoteNode(List.of(ip("198.18.0.77"), ip("fd18::2")), List.of(REMOTE));
    assertEquals(List.of(), applyTo(Map.of("n2", moved)));
    assertEquals(
        List.of(ip("198.18.0.77")),
        to(REMOTE).stream().map(r -> r.gateway().orElseThrow()).toList());
  }

  @Test
  void nodeBehindARouter_isAnErrorUntilADaemonBringsTheRoute() {
    var far = new DesiredState.RemoteNode(List.of(ip("203.0.113.2")), List.of(REMOTE));
    assertEquals(
        List.of("node n2"),
        applyTo(Map.of("n2", far)).stream().map(Datapath.RealizeError::object).toList());
    Route foreign = Route.via(ip("10.244.0.0"), 16, ip("198.18.0.2")).by(BIRD, 32);
    change(netlink -> netlink.run(Routes.addNew(foreign)));
    try {
      assertEquals(List.of(), applyTo(Map.of("n2", far)));
    } finally {
      change(netlink -> netlink.run(Routes.delete(foreign)));
    }
  }
}
