package io.sekisho.agent.datapath;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.StringJoiner;

/**
 * A process of a cgroup that asks a service, {@code tcp|udp|same ADDRESS PORT TIMES}, and prints
 * each answer, or the error, on a line. Of UDP it also prints who answered; with {@code same} one
 * UDP socket asks all the times.
 */
final class ServiceClient {
  private static final int PATIENCE_MILLIS = 3000;

  private ServiceClient() {}

  public static void main(String[] arguments) {
    var service =
        new InetSocketAddress(InetAddress.ofLiteral(arguments[1]), Integer.parseInt(arguments[2]));
    int times = Integer.parseInt(arguments[3]);
    boolean same = arguments[0].equals("same");
    for (int i = 0; i < (same ? 1 : times); i++) {
      try {
        System.out.println(
            arguments[0].equals("tcp") ? tcp(service) : udp(service, same ? times : 1));
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private static String tcp(InetSocketAddress service) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(service, PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      return new String(socket.getInputStream().readAllBytes());
    }
  }

  /** By a socket that is connected to nobody; a line for each time. */
  private static String udp(InetSocketAddress service, int times) throws IOException {
    var lines = new StringJoiner("\n");
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      for (int i = 0; i < times; i++) {
        socket.send(new DatagramPacket(new byte[] {1}, 1, service));
        var answer = new DatagramPacket(new byte[64], 64);
        socket.receive(answer);
        lines.add(
            new String(answer.getData(), 0, answer.getLength())
                + " from "
                + answer.getAddress().getHostAddress()
                + ":"
                + answer.getPort());
      }
    }
    return lines.toString();
  }
}
