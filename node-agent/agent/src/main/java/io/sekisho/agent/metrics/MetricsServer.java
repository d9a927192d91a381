package io.sekisho.agent.metrics;

import io.sekisho.agent.local.LocalServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Serves the metrics as HTTP/1.0 on a Unix socket, for {@code curl --unix-socket}. Whatever is
 * asked for, the answer is the metrics.
 */
public final class MetricsServer implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final int MAX_REQUEST = 8192;

  private final Metrics metrics;
  private final LocalServer server;

  /** Listens at once. */
  public MetricsServer(Path socket, Metrics metrics) {
    this.metrics = metrics;
    this.server = new LocalServer(socket, CONNECTIONS, LONGEST, this::serve);
  }

  private void serve(InputStream in, OutputStream out) throws IOException {
    skipRequest(in);
    byte[] body = metrics.render().getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.0 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
  }

  /** Reads to the empty line that ends the request's head (RFC 1945, section 5). */
  private static void skipRequest(InputStream in) throws IOException {
    int ends = 0;
    for (int i = 0; i < MAX_REQUEST && ends < 2; i++) {
      int octet = in.read();
      if (octet < 0) {
        return;
      }
      if (octet == '\n') {
        ends++;
      } else if (octet != '\r') {
        ends = 0;
      }
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
