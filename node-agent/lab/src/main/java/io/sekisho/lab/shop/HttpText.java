package io.sekisho.lab.shop;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** As much of HTTP/1.1 (RFC 9112) as the shop speaks: no chunks, no bodies in requests. */
final class HttpText {
  private static final int LONGEST_LINE = 8 * 1024;

  private HttpText() {}

  /**
   * Reads a line without its end; empty at the end of the stream.
   *
   * @throws IOException if the line has no end within 8 KiB
   */
  static String readLine(InputStream input) throws IOException {
    StringBuilder line = new StringBuilder();
    int c;
    while ((c = input.read()) >= 0 && c != '\n') {
      if (line.length() == LONGEST_LINE) {
        throw new IOException("a line is over " + LONGEST_LINE + " bytes long");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Reads a response whole; true if its status is 200. */
  static boolean readResponse(InputStream input) throws IOException {
    String status = readLine(input);
    if (!status.startsWith("HTTP/1.1 ")) {
      throw new EOFException("no response");
    }
    int length = 0;
    for (String header = readLine(input); !header.isEmpty(); header = readLine(input)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).trim());
      }
    }
    input.skipNBytes(length);
    return status.startsWith("HTTP/1.1 200");
  }

  /** Reads a request's headers; true if the peer wants the connection closed after the answer. */
  static boolean readHeaders(InputStream input) throws IOException {
    boolean close = false;
    for (String header = readLine(input); !header.isEmpty(); header = readLine(input)) {
      close |= header.equalsIgnoreCase("Connection: close");
    }
    return close;
  }

  /** A response. */
  static String response(boolean well, String body) {
    return "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(well ? "200 OK" : "502 Bad Gateway", body.length(), body);
  }
}
