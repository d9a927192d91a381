package io.sekisho.bench;

import io.sekisho.lab.Await;
import io.sekisho.lab.Command;
import io.sekisho.lab.LabNames;
import io.sekisho.netlink.EchoMessage;
import io.sekisho.netlink.IcmpSocket;
import io.sekisho.netlink.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The traffic program, client and server on one CPU: what is left is the cost of the path, without
 * the wake-up of another CPU, which on virtual machines is larger than the path.
 */
final class Exchange {
  /** Where the server answers single bytes. */
  static final int PORT = 7;

  private static final int PING_MILLIS = 1000;

  private static final String CPU = String.valueOf(Runtime.getRuntime().availableProcessors() - 1);

  /** What is measured. */
  enum Kind {
    /** A byte each way on an open connection: median time, ns. */
    RR("us", 1e-3, false),
    /** A connection, a byte each way, the connection's end: median time, ns. */
    CRR("us", 1e-3, false),
    /** As much as goes through one connection: bytes in a second. */
    STREAM("Gbit/s", 8e-9, true),
    /** Datagrams of 32 bytes in one direction: datagrams in a second. */
    UDP("k/s", 1e-3, true);

    /** Unit for people, and what the program's number is multiplied with for it. */
    final String unit;

    final double scale;
    final boolean higherIsBetter;

    Kind(String unit, double scale, boolean higherIsBetter) {
      this.unit = unit;
      this.scale = scale;
      this.higherIsBetter = higherIsBetter;
    }
  }

  /**
   * Client and server share a processor, and neither may push the other off it: under the usual
   * scheduler that happens once or twice in a connection, by chance, and takes longer than what is
   * compared.
   */
  private static final List<String> ON_ONE_CPU =
      List.of("taskset", "-c", CPU, "chrt", "--fifo", "1");

  private Exchange() {}

  private static String program() {
    return System.getProperty("sekisho.rr", "sekisho-rr");
  }

  /** Starts a server in a network namespace; the caller destroys it. */
  static Process serve(String namespace) {
    List<String> words = new ArrayList<>(Command.entering(namespace));
    words.addAll(ON_ONE_CPU);
    words.addAll(List.of(program(), "serve", String.valueOf(PORT)));
    try {
      return new ProcessBuilder(words).inheritIO().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets a client reuse its ports soon: rounds of CRR would run out of them. */
  static void prepareClient(String namespace) {
    Command.of(
            "sysctl", "-qw", "net.ipv4.tcp_tw_reuse=1", "net.ipv4.ip_local_port_range=1024 65535")
        .inside(namespace)
        .run();
  }

  /** The number of one round, as {@link Kind} says. */
  static double ask(Kind kind, String namespace, String address, int millis) {
    String said = client(kind, namespace, address, millis).run().output();
    return Double.parseDouble(said.strip());
  }

  /** Whether the server answers. */
  static boolean answers(Kind kind, String namespace, String address) {
    return client(kind, namespace, address, 100).tryRun().status() == 0;
  }

  /** Waits for the server's answer. */
  static void await(Kind kind, String namespace, String address) {
    Await.until(
        Duration.ofSeconds(10),
        () -> "no answer from " + address,
        () -> answers(kind, namespace, address));
  }

  /** Whether a ping is answered within a second. */
  static boolean pings(String namespace, String address) {
    InetAddress to = InetAddress.ofLiteral(address);
    try (var inside = NetworkNamespace.open(LabNames.file(namespace))) {
      return inside.call(
          () -> {
            try (var socket = IcmpSocket.open(!address.contains(":"))) {
              socket.send(to, new EchoMessage(1, 1, 1));
              return IcmpSocket.await(List.of(socket), PING_MILLIS) && socket.receive().isPresent();
            }
          });
    }
  }

  private static Command client(Kind kind, String namespace, String address, int millis) {
    List<String> words = new ArrayList<>(ON_ONE_CPU);
    words.addAll(List.of(program(), kind.name().toLowerCase(Locale.ROOT), address));
    words.addAll(List.of(String.valueOf(PORT), String.valueOf(millis)));
    return Command.of(words.toArray(String[]::new)).inside(namespace);
  }
}
