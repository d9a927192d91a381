package io.sekisho.agent.datapath;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tunnels between two nodes whose outer headers the programs make: the overlay device of the sender
 * sees few packets, that of the receiver all, and each arrives as it was sent.
 */
final class KernelOuterTest {
  private static final int PORT = 7117;
  private static final int DATAGRAMS = 400;

  /** Column of /proc/net/dev. */
  private static final int SENT_PACKETS = 9;

  /** One of them asks the routes in 10 ms; the kernel counts neighbour discovery, too. */
  private static final int FEW = DATAGRAMS / 4;

  private TestCluster cluster;

  @BeforeEach
  void create() {
    cluster = new TestCluster();
    assertTrue(cluster.apply().isEmpty());
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  /** Packets that the first node's overlay device has sent, as its namespace counts them. */
  private long sentByDevice() {
    return cluster
        .node(1)
        .on(
            () ->
                Files.readAllLines(Path.of("/proc/thread-self/net/dev")).stream()
                    .map(String::strip)
                    .filter(line -> line.startsWith(NodeDevices.name(Routing.VXLAN) + ":"))
                    .map(line -> line.split(":")[1].strip().split("\\s+"))
                    .mapToLong(numbers -> Long.parseLong(numbers[SENT_PACKETS]))
                    .findFirst()
                    .orElseThrow());
  }

  /** Sends datagrams of all sizes that fit, one by one, and checks each at the other end. */
  private void exchange(boolean ipv4) {
    var target = new InetSocketAddress(TestNode.ip(cluster.address(21, ipv4)), PORT);
    var random = new Random(7);
    try (var server = cluster.pod(21).call(() -> new DatagramSocket(target));
        var client = cluster.pod(11).call(() -> new DatagramSocket())) {
      server.setSoTimeout(20_000);
      for (int i = 0; i < DATAGRAMS; i++) {
        byte[] sent = new byte[1 + random.nextInt(1402)];
        random.nextBytes(sent);
        client.send(new DatagramPacket(sent, sent.length, target));
        var got = new DatagramPacket(new byte[2000], 2000);
        server.receive(got);
        assertArrayEquals(sent, Arrays.copyOf(got.getData(), got.getLength()));
        assertEquals(client.getLocalPort(), got.getPort());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many of the datagrams the device has sent, once programs and neighbours know the way. */
  private long byDevice(boolean ipv4) {
    assertTrue(Traffic.pings(cluster.pod(11), cluster.address(21, ipv4), 2000));
    long before = sentByDevice();
    exchange(ipv4);
    return sentByDevice() - before;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void plainPackets_goPastTheDevice_andArriveWhole(boolean ipv4) {
    Await.until("few packets by the device", () -> byDevice(ipv4) < FEW);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connection_withSuperPackets_carriesEveryByte(boolean ipv4) throws Exception {
    int bytes = 3_000_000;
    String address = cluster.address(21, ipv4);
    try (var server = Traffic.serve(cluster.pod(21), address, PORT, bytes)) {
      for (int i = 0; i < 5; i++) {
        assertEquals(bytes, Traffic.fetch(cluster.pod(11), address, PORT));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void byDevice_ifConfigured(boolean ipv4) {
    TestNode node = cluster.node(1);
    node.config(TestNode.with(node.config(), new Overlay(8472, true)));
    node.reopen();
    assertTrue(byDevice(ipv4) >= DATAGRAMS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void byDevice_asLongAsIpsecMayWantThePackets(boolean ipv4) {
    ipsec("add");
    Await.until("all packets by the device", () -> byDevice(ipv4) >= DATAGRAMS);
    ipsec("del");
    Await.until("few packets by the device", () -> byDevice(ipv4) < FEW);
  }

  /** A policy about another machine: none of these packets is encrypted. */
  private void ipsec(String verb) {
    String command = "ip xfrm policy " + verb + " src 198.18.0.1 dst 198.18.0.77 dir out";
    int status = cluster.node(1).on(() -> new ProcessBuilder(command.split(" ")).start().waitFor());
    assertEquals(0, status);
  }
}
