package io.sekisho.lab.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class HttpTextTest {
  @Test
  void readResponse_ownResponses_tellWellFromIll() throws IOException {
    InputStream both = stream(HttpText.response(true, "a\n") + HttpText.response(false, "b\n"));
    assertTrue(HttpText.readResponse(both));
    assertFalse(HttpText.readResponse(both));
    assertEquals(-1, both.read());
  }

  @Test
  void readResponse_endOfStream_isAnError() {
    assertThrows(IOException.class, () -> HttpText.readResponse(stream("")));
    assertThrows(
        IOException.class,
        () -> HttpText.readResponse(stream("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort")));
  }

  @Test
  void readLine_endless_isRefused() {
    assertThrows(IOException.class, () -> HttpText.readLine(stream("x".repeat(9000))));
  }

  @Test
  void readHeaders_close_isSeen() throws IOException {
    assertTrue(HttpText.readHeaders(stream("Host: a\r\nConnection: close\r\n\r\n")));
    assertFalse(HttpText.readHeaders(stream("Host: a\r\n\r\n")));
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }
}
