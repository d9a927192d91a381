package io.sekisho.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The cluster store: a real etcd of one member, with TLS both ways, in the underlay. */
final class Etcd {
  /** What agents are told. */
  static final String ENDPOINT = "https://" + Underlay.ETCD + ":2379";

  private static final int PORT = 2379;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final LabFolder folder;
  private final LabNames names;
  private final Daemon daemon;

  Etcd(LabFolder folder, LabNames names) {
    this.folder = folder;
    this.names = names;
    daemon = new Daemon(folder.processes(), "etcd");
  }

  /**
   * Starts it and returns when it listens.
   *
   * @throws LabException with TIMEOUT or PROGRAM_MISSING
   */
  void start() {
    Pki pki = new Pki(folder.pki());
    List<String> words = new ArrayList<>(Command.entering(names.underlay()));
    words.addAll(
        List.of(
            "etcd",
            "--name=lab",
            "--data-dir=" + folder.etcd(),
            "--logger=zap",
            "--log-level=warn",
            "--quota-backend-bytes=268435456",
            "--snapshot-count=1000",
            "--heartbeat-interval=200",
            "--election-timeout=2000",
            "--listen-client-urls=" + ENDPOINT,
            "--advertise-client-urls=" + ENDPOINT,
            "--listen-peer-urls=http://127.0.0.1:2380",
            "--initial-advertise-peer-urls=http://127.0.0.1:2380",
            "--initial-cluster=lab=http://127.0.0.1:2380",
            "--trusted-ca-file=" + pki.authority(),
            "--cert-file=" + pki.etcdCertificate(),
            "--key-file=" + pki.etcdKey(),
            "--client-cert-auth"));
    Path log = folder.logs().resolve("etcd.log");
    daemon.start(words, log);
    Await.until(PATIENCE, () -> "etcd does not listen; its log is " + log, this::listens);
  }

  void stop() {
    daemon.stop();
  }

  /** Sends a signal, named without SIG, if it runs. */
  void signal(String name) {
    daemon.pid().ifPresent(pid -> Command.of("kill", "-" + name, Long.toString(pid)).run());
  }

  boolean isUp() {
    return daemon.pid().isPresent();
  }

  /** Whether the process's own namespace has a listener on the client port. */
  private boolean listens() {
    long pid =
        daemon
            .pid()
            .orElseThrow(
                () ->
                    new LabException(
                        LabException.Code.PROGRAM_FAILED,
                        "etcd ended; its log is " + folder.logs().resolve("etcd.log")));
    return Listening.on(pid, PORT);
  }

  /** Sockets of a process's network namespace, read from /proc/PID/net/tcp (proc(5)). */
  private static final class Listening {
    private static final String STATE_LISTEN = "0A";

    static boolean on(long pid, int port) {
      String end = ":%04X".formatted(port);
      try {
        return Files.readAllLines(Path.of("/proc/" + pid + "/net/tcp")).stream()
            .skip(1)
            .map(line -> line.strip().split("\\s+"))
            .anyMatch(words -> words[1].endsWith(end) && words[3].equals(STATE_LISTEN));
      } catch (IOException e) {
        return false;
      }
    }
  }
}
