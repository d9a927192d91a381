package io.sekisho.bench;

import io.sekisho.lab.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The request/response program, client and server on one CPU: what is left is the cost of the path,
 * without the wake-up of another CPU, which on virtual machines is larger than the path.
 */
final class Exchange {
  private static final int PORT = 7;
  private static final String CPU = String.valueOf(Runtime.getRuntime().availableProcessors() - 1);

  /** What a transaction is. */
  enum Kind {
    /** A byte each way on an open connection. */
    RR,
    /** A connection, a byte each way, the connection's end. */
    CRR
  }

  private Exchange() {}

  private static String program() {
    return System.getProperty("sekisho.rr", "sekisho-rr");
  }

  /** Starts a server in a network namespace; the caller destroys it. */
  static Process serve(String namespace) {
    List<String> words = new ArrayList<>(Command.entering(namespace));
    words.addAll(List.of("taskset", "-c", CPU, program(), "serve", String.valueOf(PORT)));
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

  /** Median time of a transaction in one round, nanoseconds. */
  static double ask(Kind kind, String namespace, String address, int millis) {
    String said = client(kind, namespace, address, millis).run().output();
    return Double.parseDouble(said.strip().split(" ")[1]);
  }

  /** Whether the server answers. */
  static boolean answers(Kind kind, String namespace, String address) {
    return client(kind, namespace, address, 100).tryRun().status() == 0;
  }

  private static Command client(Kind kind, String namespace, String address, int millis) {
    return Command.of(
            "taskset",
            "-c",
            CPU,
            program(),
            kind == Kind.RR ? "rr" : "crr",
            address,
            String.valueOf(PORT),
            String.valueOf(millis))
        .inside(namespace);
  }
}
