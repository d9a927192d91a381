package io.sekisho.agent.cluster;

import io.sekisho.agent.pki.Authority;
import io.sekisho.agent.pki.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A real etcd on loopback, with TLS and client certificates; for tests. */
public final class EtcdProcess implements AutoCloseable {
  private final Path folder;
  private final int clientPort;
  private final int peerPort;
  private Process process;

  /** Makes certificates in the folder and starts etcd there. */
  public EtcdProcess(Path folder) throws IOException {
    this.folder = folder;
    var authority = new Authority(folder, Clock.systemUTC());
    authority.init();
    authority.node("n1", List.of("127.0.0.1", "localhost"));
    clientPort = freePort();
    peerPort = freePort();
    start();
  }

  /**
   * A port that nobody listens on, below the range for outgoing connections: one of those may take
   * another before etcd does, or while it is down, and may even connect to itself.
   */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // somebody else's: another one
      }
    }
  }

  /** Certificate of node n1. */
  public TlsFiles tls() {
    return new TlsFiles(file("ca.crt"), file("n1.crt"), file("n1.key"));
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  /** Where it listens. */
  public URI endpoint() {
    return URI.create("https://127.0.0.1:" + clientPort);
  }

  /** Starts it, with what it had before, and waits until it answers. */
  public void start() throws IOException {
    String peer = "http://127.0.0.1:" + peerPort;
    process =
        new ProcessBuilder(
                "etcd",
                "--name=sk",
                "--data-dir=" + folder.resolve("data"),
                "--listen-client-urls=" + endpoint(),
                "--advertise-client-urls=" + endpoint(),
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=sk=" + peer,
                "--log-level=error",
                "--client-cert-auth",
                "--trusted-ca-file=" + file("ca.crt"),
                "--cert-file=" + file("n1.crt"),
                "--key-file=" + file("n1.key"))
            .redirectErrorStream(true)
            .redirectOutput(file("etcd.log").toFile())
            .start();
    Await.until(this::answers, this::log);
  }

  private boolean answers() {
    try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), clientPort)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private Object log() {
    try {
      return Files.readString(file("etcd.log"));
    } catch (IOException e) {
      return e;
    }
  }

  /** Runs etcdctl against it. */
  public String control(String... arguments) throws Exception {
    var command =
        new java.util.ArrayList<>(
            List.of(
                "etcdctl",
                "--endpoints=" + endpoint(),
                "--cacert=" + file("ca.crt"),
                "--cert=" + file("n1.crt"),
                "--key=" + file("n1.key")));
    command.addAll(List.of(arguments));
    var control = new ProcessBuilder(command).redirectErrorStream(true);
    control.environment().put("ETCDCTL_API", "3");
    Process run = control.start();
    String output = new String(run.getInputStream().readAllBytes());
    if (run.waitFor() != 0) {
      throw new AssertionError(output);
    }
    return output;
  }

  /** Halts it: connections stay, and nothing is answered; {@link #resume} lets it go on. */
  public void halt() {
    signal("STOP");
  }

  /** Lets it go on. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills it. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
