package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods speak with an outside that has no way to them: it sees their node. */
final class KernelMasqueradeTest {
  private static final int PORT = 8082;
  private static final int BYTES = 300_000;

  private static TestCluster cluster;

  @BeforeAll
  static void create() {
    cluster = new TestCluster(Routing.VXLAN, true);
    assertEquals(List.of(), cluster.apply());
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  private static String world(boolean ipv4) {
    return ipv4 ? "198.18.0.200" : "fd18::200";
  }

  private static String node(boolean ipv4) {
    return ipv4 ? "198.18.0.1" : "fd18::1";
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ping_outside_isAnswered(boolean ipv4) {
    assertTrue(Traffic.pings(cluster.pod(11), world(ipv4), 2000));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tcp_outside_carriesEveryByteFromTheNodesAddress(boolean ipv4) throws Exception {
    try (ServerSocket server = Traffic.serve(cluster.outside(), world(ipv4), PORT, BYTES)) {
      assertEquals(BYTES, Traffic.fetch(cluster.pod(11), world(ipv4), PORT));
    }
    try (var listening = cluster.outside().call(() -> listen(world(ipv4)));
        var client =
            cluster.pod(11).call(() -> new Socket(InetAddress.ofLiteral(world(ipv4)), PORT + 1));
        Socket seen = listening.accept()) {
      assertTrue(client.isConnected());
      assertEquals(InetAddress.ofLiteral(node(ipv4)), seen.getInetAddress());
      assertTrue(
          seen.getPort() >= Masquerade.USUAL.firstPort()
              && seen.getPort() <= Masquerade.USUAL.lastPort());
    }
  }

  private static ServerSocket listen(String address) throws java.io.IOException {
    var server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.ofLiteral(address), PORT + 1));
    return server;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void udp_outside_comesBack(boolean ipv4) {
    try (var stream = new EchoStream(cluster.pod(11), cluster.outside(), world(ipv4))) {
      io.sekisho.testkit.Await.until("echoes", () -> stream.echoed() > 20);
      stream.finish();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reopen_underMasqueradedTraffic_losesNoPacket(boolean ipv4) {
    try (var stream = new EchoStream(cluster.pod(11), cluster.outside(), world(ipv4))) {
      io.sekisho.testkit.Await.until("an echo", () -> stream.echoed() > 0);
      cluster.node(1).reopen();
      assertEquals(List.of(), cluster.apply());
      stream.finish();
      assertTrue(stream.sent() > 100);
    }
  }

  @Test
  void pods_ofOtherNodes_keepTheirAddresses() throws Exception {
    String address = cluster.address(21, true);
    try (var listening =
            cluster
                .pod(21)
                .call(
                    () -> {
                      var server = new ServerSocket();
                      server.bind(new InetSocketAddress(InetAddress.ofLiteral(address), PORT + 2));
                      return server;
                    });
        var client =
            cluster.pod(11).call(() -> new Socket(InetAddress.ofLiteral(address), PORT + 2));
        Socket seen = listening.accept()) {
      assertTrue(client.isConnected());
      assertEquals(InetAddress.ofLiteral(cluster.address(11, true)), seen.getInetAddress());
    }
  }
}
