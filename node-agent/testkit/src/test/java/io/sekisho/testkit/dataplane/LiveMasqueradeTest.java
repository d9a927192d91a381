package io.sekisho.testkit.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.libbpf.KernelFeatures.Feature;
import io.sekisho.testkit.Residue;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real pod speaks to a real outside: the mark survives the redirect, checksums that a device is
 * yet to complete and super-packets come out right, and errors find the pod.
 */
class LiveMasqueradeTest {
  private static final String WORLD_IPV4 = "203.0.113.9";
  private static final String WORLD_IPV6 = "2001:db8::9";
  private static final int PATIENCE_MS = 20_000;
  private static final int BULK = 1 << 20;

  private static LiveNode live;

  @BeforeAll
  static void begin() {
    Assumptions.assumeFalse(Feature.TCX.probe().isMissing(), Feature.TCX::explain);
    live = new LiveNode(Pod.of(11, 1001));
  }

  @AfterAll
  static void nothingIsLeft() {
    if (live != null) {
      live.close();
      assertEquals(Set.of(), Residue.of(live.mark()).things());
    }
  }

  @AfterEach
  void nothingWasDropped() {
    assertEquals(List.of(), live.drops());
  }

  private static InetAddress node(String world) {
    return InetAddress.ofLiteral(world.contains(":") ? Dataplane.NODE_IPV6 : Dataplane.NODE_IPV4);
  }

  private static <T> FutureTask<T> meanwhile(Callable<T> work) {
    var task = new FutureTask<T>(work);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }

  private static Socket connect(InetSocketAddress to) throws IOException {
    var socket = new Socket();
    socket.connect(to, PATIENCE_MS);
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  private static byte[] bulk(int seed) {
    byte[] bytes = new byte[BULK];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void tcp_bulkBothWaysOverASmallerPath_arrives(String world) throws Exception {
    try (ServerSocket server =
        live.outside(() -> new ServerSocket(7000, 1, at(world, 0).getAddress()))) {
      server.setSoTimeout(PATIENCE_MS);
      FutureTask<InetAddress> served =
          meanwhile(
              () -> {
                try (Socket socket = server.accept()) {
                  socket.setSoTimeout(PATIENCE_MS);
                  byte[] got = socket.getInputStream().readNBytes(BULK);
                  assertArrayEquals(bulk(1), got);
                  socket.getOutputStream().write(bulk(2));
                  return socket.getInetAddress();
                }
              });
      try (Socket client = live.inPod(() -> connect(at(world, 7000)))) {
        client.getOutputStream().write(bulk(1));
        assertArrayEquals(bulk(2), client.getInputStream().readNBytes(BULK));
        assertEquals(node(world), served.get());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void udp_questionAndAnswer_arrive(String world) throws Exception {
    try (DatagramSocket server = live.outside(() -> new DatagramSocket(at(world, 7001)));
        DatagramSocket client = live.inPod(DatagramSocket::new)) {
      server.setSoTimeout(PATIENCE_MS);
      client.setSoTimeout(PATIENCE_MS);
      for (int length : new int[] {0, 1, 1200}) {
        client.send(new DatagramPacket(new byte[length], length, at(world, 7001)));
        var question = new DatagramPacket(new byte[2000], 2000);
        server.receive(question);
        assertEquals(length, question.getLength());
        assertEquals(node(world), question.getAddress());
        server.send(new DatagramPacket(new byte[7], 7, question.getSocketAddress()));
        var answer = new DatagramPacket(new byte[2000], 2000);
        client.receive(answer);
        assertEquals(7, answer.getLength());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void udp_closedPort_isToldToThePod(String world) throws Exception {
    try (DatagramSocket client = live.inPod(DatagramSocket::new)) {
      client.setSoTimeout(PATIENCE_MS);
      client.connect(at(world, 7002));
      client.send(new DatagramPacket(new byte[9], 9));
      assertThrows(
          PortUnreachableException.class, () -> client.receive(new DatagramPacket(new byte[9], 9)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WORLD_IPV4, WORLD_IPV6})
  void echo_isAnswered(String world) {
    assertTrue(live.inPod(() -> at(world, 0).getAddress().isReachable(PATIENCE_MS)));
  }
}
