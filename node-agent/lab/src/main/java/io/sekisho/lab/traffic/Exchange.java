package io.sekisho.lab.traffic;

import io.sekisho.lab.Await;
import io.sekisho.lab.LabException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import jdk.net.ExtendedSocketOptions;

/** Single exchanges with an {@link Echo}: something goes there and must come back whole. */
public final class Exchange {
  private static final int MILLIS = 4_000;
  private static final int MOST = 65_536;

  private Exchange() {}

  /** Whether an ICMP echo comes back in time; as root Java sends a real one. */
  public static boolean ping(Place from, InetAddress to) {
    return ping(from, to, MILLIS);
  }

  /** The same with a patience. */
  public static boolean ping(Place from, InetAddress to, int millis) {
    return from.call(() -> to.isReachable(millis));
  }

  /** Whether so many bytes come back over one connection. */
  public static boolean tcp(Place from, InetAddress to, int port, int bytes) {
    byte[] sent = new byte[bytes];
    new Random(bytes).nextBytes(sent);
    try (Socket socket = connect(from, to, port)) {
      Thread writer = Thread.ofPlatform().daemon().start(() -> write(socket, sent));
      byte[] got = socket.getInputStream().readNBytes(bytes);
      writer.join();
      return Arrays.equals(sent, got);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * A connection from a place, with a timeout for answers.
   *
   * @throws IOException if there is none in time
   */
  public static Socket connect(Place from, InetAddress to, int port) throws IOException {
    Socket socket = new Socket();
    IOException[] trouble = new IOException[1];
    from.call(
        () -> {
          try {
            socket.connect(new InetSocketAddress(to, port), MILLIS);
          } catch (IOException e) {
            trouble[0] = e;
          }
          return socket;
        });
    if (trouble[0] != null) {
      socket.close();
      throw trouble[0];
    }
    socket.setSoTimeout(MILLIS);
    return socket;
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      socket.shutdownOutput();
    } catch (IOException e) {
      // the reader notices
    }
  }

  /** Whether a datagram of so many bytes comes back; large ones go in fragments. */
  public static boolean udp(Place from, InetAddress to, int port, int bytes) {
    return udp(from, to, port, bytes, MILLIS);
  }

  /** The same with a patience. */
  public static boolean udp(Place from, InetAddress to, int port, int bytes, int millis) {
    byte[] sent = new byte[bytes];
    new Random(bytes).nextBytes(sent);
    try (DatagramSocket socket = from.call(() -> new DatagramSocket())) {
      socket.connect(to, port);
      socket.setSoTimeout(millis);
      socket.send(new DatagramPacket(sent, bytes));
      DatagramPacket answer = new DatagramPacket(new byte[MOST], MOST);
      socket.receive(answer);
      return Arrays.equals(sent, Arrays.copyOf(answer.getData(), answer.getLength()));
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the sender of a datagram hears in time that nobody listens on the port. */
  public static boolean udpRefused(Place from, InetAddress to, int port) {
    try (DatagramSocket socket = from.call(() -> new DatagramSocket())) {
      socket.connect(to, port);
      socket.setSoTimeout(MILLIS);
      socket.send(new DatagramPacket(new byte[8], 8));
      socket.receive(new DatagramPacket(new byte[8], 8));
      return false;
    } catch (PortUnreachableException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the sender of datagrams that may not be cut hears in time that they are too long. */
  public static boolean udpTooLong(Place from, InetAddress to, int port, int bytes) {
    try (DatagramSocket socket = from.call(() -> new DatagramSocket())) {
      socket.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, true);
      socket.connect(to, port);
      DatagramPacket large = new DatagramPacket(new byte[bytes], bytes);
      Await.until(
          Duration.ofMillis(MILLIS),
          () -> "datagrams of " + bytes + " bytes are not refused",
          () -> refusesLength(socket, large));
      return true;
    } catch (IOException | LabException e) {
      return false;
    }
  }

  private static boolean refusesLength(DatagramSocket socket, DatagramPacket packet) {
    try {
      socket.send(packet);
      return false;
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).contains("too long");
    }
  }
}
