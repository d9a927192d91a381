package io.sekisho.agent.cni;

import io.sekisho.agent.local.LocalServer;
import io.sekisho.cni.wire.CniException;
import io.sekisho.cni.wire.CniLine;
import io.sekisho.cni.wire.CniResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** The socket that the CNI plugin calls: one line of JSON in, one out. */
public final class CniServer implements AutoCloseable {
  private static final int CONNECTIONS = 64;

  /** Longer than any call takes; a caller that sends nothing is cut then. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final CniHandler handler;
  private final LocalServer server;

  /** Listens at once. */
  public CniServer(Path socket, CniHandler handler) {
    this.handler = handler;
    this.server = new LocalServer(socket, CONNECTIONS, LONGEST, this::serve);
  }

  private void serve(InputStream in, OutputStream out) throws IOException {
    CniResponse response;
    try {
      response = handler.handle(CniLine.readRequest(line(in)));
    } catch (CniException e) {
      response = CniResponse.failed(e.error());
    }
    out.write((CniLine.write(response) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes up to the line's end, or to the end of what is sent. */
  private static String line(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[4096];
    boolean ended = false;
    while (!ended && bytes.size() <= CniLine.MAX_BYTES) {
      int count = in.read(buffer);
      int end = indexOfNewline(buffer, count);
      bytes.write(buffer, 0, Math.max(0, end));
      ended = end < count || count < 0;
    }
    if (bytes.size() <= CniLine.MAX_BYTES) {
      return bytes.toString(StandardCharsets.UTF_8);
    }
    throw new CniException(
        CniException.Code.DECODING_FAILURE, "a line has at most " + CniLine.MAX_BYTES + " bytes");
  }

  private static int indexOfNewline(byte[] buffer, int count) {
    for (int i = 0; i < count; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return count;
  }

  /** Stops listening; calls that run are cut off. */
  @Override
  public void close() {
    server.close();
  }
}
