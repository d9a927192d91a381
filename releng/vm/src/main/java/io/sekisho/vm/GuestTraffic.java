package io.sekisho.vm;

import io.sekisho.lab.LabNames;
import io.sekisho.netlink.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.Callable;

/** Packets of real sockets between namespaces. */
final class GuestTraffic {
  private static final int PORT = 8080;
  private static final int MILLIS = 4_000;

  private GuestTraffic() {}

  /** Work in a namespace by name. */
  static <T> T in(String namespace, Callable<T> work) {
    try (NetworkNamespace inside = NetworkNamespace.open(LabNames.file(namespace))) {
      return inside.call(work);
    }
  }

  /** Whether an ICMP echo comes back; as root Java sends a real one. */
  static boolean ping(String from, InetAddress to, int millis) {
    return in(from, () -> to.isReachable(millis));
  }

  /** Whether so many bytes come whole over one connection. */
  static boolean tcp(String from, String to, InetAddress address, int bytes) throws IOException {
    byte[] sent = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      sent[i] = (byte) (i * 31 >> 3);
    }
    try (ServerSocket server = in(to, () -> new ServerSocket(PORT, 8, address))) {
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try (Socket socket = server.accept()) {
                  socket.getOutputStream().write(sent);
                } catch (IOException e) {
                  // the reader notices
                }
              });
      return in(
          from,
          () -> {
            try (Socket socket = new Socket()) {
              socket.connect(new InetSocketAddress(address, PORT), MILLIS);
              socket.setSoTimeout(MILLIS);
              return Arrays.equals(sent, socket.getInputStream().readAllBytes());
            } catch (IOException e) {
              return false;
            }
          });
    }
  }

  /** Whether a datagram of so many bytes comes back from an echo; large ones go in fragments. */
  static boolean udp(String from, String to, InetAddress address, int bytes) {
    try (DatagramSocket echo = in(to, () -> new DatagramSocket(PORT, address));
        DatagramSocket client = in(from, () -> new DatagramSocket())) {
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try {
                  DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
                  echo.receive(packet);
                  echo.send(packet);
                } catch (IOException e) {
                  // the sender notices
                }
              });
      client.setSoTimeout(MILLIS);
      client.send(new DatagramPacket(new byte[bytes], bytes, address, PORT));
      DatagramPacket answer = new DatagramPacket(new byte[65_536], 65_536);
      client.receive(answer);
      return answer.getLength() == bytes;
    } catch (IOException e) {
      return false;
    }
  }
}
