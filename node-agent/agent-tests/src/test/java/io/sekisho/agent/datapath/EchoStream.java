package io.sekisho.agent.datapath;

import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A steady stream of datagrams from one namespace to another, each of which is sent back. */
final class EchoStream implements AutoCloseable {
  static final int PORT = 7007;
  private static final long EVERY_NANOS = 1_000_000;

  private final DatagramSocket server;
  private final DatagramSocket client;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger echoed = new AtomicInteger();
  private final List<Thread> threads;
  private volatile boolean stopped;

  EchoStream(NetworkNamespace from, NetworkNamespace to, String address) {
    var target = new InetSocketAddress(TestNode.ip(address), PORT);
    server = to.call(() -> new DatagramSocket(target));
    client = from.call(() -> new DatagramSocket());
    threads =
        List.of(start(() -> echo(server)), start(() -> count(client)), start(() -> send(target)));
  }

  private interface Work {
    void run() throws IOException;
  }

  private static Thread start(Work work) {
    return Thread.ofPlatform()
        .daemon()
        .name("echo")
        .start(
            () -> {
              try {
                work.run();
              } catch (java.net.SocketException e) {
                // Closed: the stream has ended.
                Thread.currentThread().interrupt();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private static void echo(DatagramSocket server) throws IOException {
    var packet = new DatagramPacket(new byte[64], 64);
    while (true) {
      server.receive(packet);
      server.send(packet);
    }
  }

  private void count(DatagramSocket socket) throws IOException {
    var packet = new DatagramPacket(new byte[64], 64);
    while (true) {
      socket.receive(packet);
      echoed.incrementAndGet();
    }
  }

  private void send(InetSocketAddress target) throws IOException {
    var packet = new DatagramPacket(new byte[32], 32, target);
    while (!stopped) {
      client.send(packet);
      sent.incrementAndGet();
      LockSupport.parkNanos(EVERY_NANOS);
    }
  }

  int sent() {
    return sent.get();
  }

  int echoed() {
    return echoed.get();
  }

  /** Sends no more, and waits until all that was sent is back. */
  void finish() {
    stopped = true;
    Await.until(() -> "sent %d, back are %d".formatted(sent(), echoed()), () -> echoed() == sent());
  }

  /** The port is free after that: a socket ends when the thread that reads from it lets it go. */
  @Override
  public void close() {
    stopped = true;
    client.close();
    server.close();
    Await.until("threads end", () -> threads.stream().noneMatch(Thread::isAlive));
  }
}
