package io.sekisho.agent.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.Eventually;
import io.sekisho.agent.metrics.Metrics;
import io.sekisho.agent.metrics.MetricsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalServerTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;

  private Path socket() {
    return folder.resolve("run/x.sock");
  }

  private static void echo(InputStream in, OutputStream out) throws IOException {
    out.write(in.read());
  }

  private static byte[] ask(Path socket, String text) throws IOException {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      OutputStream out = Channels.newOutputStream(channel);
      out.write(text.getBytes(StandardCharsets.US_ASCII));
      return Channels.newInputStream(channel).readAllBytes();
    }
  }

  @Test
  void serve_connection_isAnswered() throws IOException {
    try (var server = new LocalServer(socket(), 2, LONG, LocalServerTest::echo)) {
      for (int i = 0; i < 10; i++) {
        assertArrayEquals(new byte[] {'a'}, ask(socket(), "a"));
      }
      assertEquals(
          PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(socket()));
    }
    assertFalse(Files.exists(socket()));
  }

  @Test
  void serve_serviceThrows_othersGoOn() throws IOException {
    try (var server =
        new LocalServer(
            socket(),
            1,
            LONG,
            (in, out) -> {
              int octet = in.read();
              if (octet == 'x') {
                throw new IllegalStateException("x");
              }
              out.write(octet);
            })) {
      assertEquals(0, ask(socket(), "x").length);
      assertEquals(1, ask(socket(), "y").length);
    }
  }

  @Test
  void serve_silentClient_isCut() throws IOException {
    var shortTime = Duration.ofMillis(20);
    try (var server = new LocalServer(socket(), 1, shortTime, LocalServerTest::echo)) {
      assertEquals(0, ask(socket(), "").length);
      // a busy machine may hold up this client too, until it is cut
      Eventually.holds(() -> "a client that speaks is answered", () -> isAnswered("z"));
    }
  }

  private boolean isAnswered(String text) {
    try {
      return ask(socket(), text).length == text.length();
    } catch (IOException e) {
      return false; // cut while it spoke
    }
  }

  @Test
  void listen_anotherListens_fails() {
    try (var server = new LocalServer(socket(), 1, LONG, LocalServerTest::echo)) {
      var e =
          assertThrows(
              UncheckedIOException.class,
              () -> new LocalServer(socket(), 1, LONG, LocalServerTest::echo));
      assertTrue(e.getMessage().contains("another process listens"), e::getMessage);
    }
  }

  @Test
  void metrics_asked_areHttpAndPrometheus() throws IOException {
    var metrics = new Metrics();
    metrics.counter("sekisho_flows_total", "verdict", "FORWARDED").add(3);
    metrics.gauge("sekisho_gauge", () -> 42);
    metrics.applied(Duration.ofMillis(3), 0);
    metrics.cni("ADD", Duration.ofMillis(7), 0);
    metrics.cni("ADD", Duration.ofMillis(7), 11);
    try (var server = new MetricsServer(socket(), metrics)) {
      String answer =
          new String(
              ask(socket(), "GET /metrics HTTP/1.0\r\nHost: x\r\n\r\n"), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.0 200 OK\r\n"), answer);
      assertTrue(answer.contains("sekisho_flows_total{verdict=\"forwarded\"} 3\n"), answer);
      assertTrue(answer.contains("sekisho_gauge 42\n"), answer);
      assertTrue(answer.contains("sekisho_apply_seconds_bucket{le=\"0.005\"} 1\n"), answer);
      assertTrue(answer.contains("sekisho_cni_add_total{code=\"11\"} 1\n"), answer);
      assertTrue(answer.contains("sekisho_cni_add_seconds_count 1\n"), answer);
    }
  }
}
