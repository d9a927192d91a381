package io.sekisho.lab.traffic;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sends back what it gets over TCP and UDP, at all addresses of a place; knows who called. */
public final class Echo implements AutoCloseable {
  private static final int MOST = 65_536;

  private final ServerSocket tcp;
  private final DatagramSocket udp;
  private final Set<InetAddress> callers = ConcurrentHashMap.newKeySet();

  /** Listens on a port of both. */
  public Echo(Place place, int port) {
    tcp = place.call(() -> new ServerSocket(port, 1024));
    udp = place.call(() -> roomy(new DatagramSocket(port)));
    Thread.ofPlatform().daemon().name("echo-tcp").start(this::accept);
    Thread.ofPlatform().daemon().name("echo-udp").start(this::answer);
  }

  /** Room for what comes while this program does not get a processor. */
  static DatagramSocket roomy(DatagramSocket socket) throws IOException {
    socket.setReceiveBufferSize(1 << 20);
    return socket;
  }

  /** Addresses from which something came, since the last {@link #forget}. */
  public Set<InetAddress> callers() {
    return Set.copyOf(callers);
  }

  /** Forgets who called. */
  public void forget() {
    callers.clear();
  }

  private void accept() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        callers.add(socket.getInetAddress());
        // the matrix opens some 100,000 connections: a thread of the kernel for each costs more
        Thread.ofVirtual().name("echo").start(() -> serve(socket));
      } catch (IOException e) {
        // closed, or a caller that went away: the next one counts
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // the caller notices
    }
  }

  private void answer() {
    DatagramPacket packet = new DatagramPacket(new byte[MOST], MOST);
    while (!udp.isClosed()) {
      try {
        packet.setLength(MOST);
        udp.receive(packet);
        callers.add(packet.getAddress());
        udp.send(packet);
      } catch (IOException e) {
        // closed, or an error about an earlier answer: the next one counts
      }
    }
  }

  @Override
  public void close() throws IOException {
    tcp.close();
    udp.close();
  }
}
