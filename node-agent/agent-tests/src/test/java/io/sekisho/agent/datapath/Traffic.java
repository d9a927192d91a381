package io.sekisho.agent.datapath;

import io.sekisho.netlink.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Real packets between namespaces. */
final class Traffic {
  /** A first packet that is lost is sent again after a second. */
  private static final int CONNECT_MILLIS = 1500;

  private static final int READ_MILLIS = 20_000;

  private Traffic() {}

  /** Whether an ICMP echo is answered in time; as root Java sends a real one. */
  static boolean pings(NetworkNamespace from, String to, int millis) {
    return from.call(() -> TestNode.ip(to).isReachable(millis));
  }

  /** A server in a namespace that answers every connection with so many bytes. */
  static ServerSocket serve(NetworkNamespace in, String address, int port, int bytes) {
    return in.call(
        () -> {
          var server = new ServerSocket();
          server.setReuseAddress(true);
          server.bind(new InetSocketAddress(TestNode.ip(address), port));
          Thread.ofPlatform().daemon().name("server").start(() -> answer(server, bytes));
          return server;
        });
  }

  private static void answer(ServerSocket server, int bytes) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.getOutputStream().write(new byte[bytes]);
      } catch (IOException e) {
        // The test has closed the server, or a client has gone: the next one counts.
        continue;
      }
    }
  }

  /** Connects and reads to the end: the number of bytes, or -1 if no connection came about. */
  static int fetch(NetworkNamespace from, String address, int port) {
    return from.call(
        () -> {
          try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(TestNode.ip(address), port), CONNECT_MILLIS);
            socket.setSoTimeout(READ_MILLIS);
            return socket.getInputStream().readAllBytes().length;
          } catch (SocketTimeoutException e) {
            return -1;
          }
        });
  }
}
