package io.sekisho.agent.datapath;

import io.sekisho.netlink.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A pod that sends datagrams of both families to the world without end, from ever new sockets, and
 * whom machines outside, wherever they come, see as their senders.
 */
final class Sources implements AutoCloseable {
  private static final int PORT = 7_018;
  private static final long EVERY_NANOS = 200_000;

  /** Datagrams from one socket. */
  private static final int EACH = 20;

  private final List<DatagramSocket> listening = new ArrayList<>();
  private final Set<InetAddress> seen = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger before = new AtomicInteger(Integer.MAX_VALUE);
  private volatile boolean stopped;

  Sources(NetworkNamespace pod, List<NetworkNamespace> outside) {
    for (String address : List.of(UplinkCluster.WORLD_IPV4, UplinkCluster.WORLD_IPV6)) {
      var target = new InetSocketAddress(InetAddress.ofLiteral(address), PORT);
      for (NetworkNamespace machine : outside) {
        DatagramSocket socket = machine.call(() -> new DatagramSocket(target));
        listening.add(socket);
        Thread.ofPlatform().daemon().start(() -> listen(socket));
      }
      Thread.ofPlatform().daemon().start(() -> send(pod, target));
    }
  }

  private void listen(DatagramSocket socket) {
    var packet = new DatagramPacket(new byte[64], 64);
    try {
      while (!stopped) {
        socket.receive(packet);
        seen.add(packet.getAddress());
        count.incrementAndGet();
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void send(NetworkNamespace pod, InetSocketAddress target) {
    var packet = new DatagramPacket(new byte[32], 32, target);
    while (!stopped) {
      try (DatagramSocket socket = pod.call(() -> new DatagramSocket())) {
        for (int i = 0; i < EACH; i++) {
          socket.send(packet);
          LockSupport.parkNanos(EVERY_NANOS);
        }
      } catch (IOException e) {
        // no route at this moment
      }
    }
  }

  /** Whether another one has come since the last call. */
  boolean sawAnother() {
    int now = count.get();
    return now > before.getAndSet(now);
  }

  /** How many have come. */
  int count() {
    return count.get();
  }

  /** Their senders. */
  Set<InetAddress> all() {
    return Set.copyOf(seen);
  }

  @Override
  public void close() {
    stopped = true;
    listening.forEach(DatagramSocket::close);
  }
}
