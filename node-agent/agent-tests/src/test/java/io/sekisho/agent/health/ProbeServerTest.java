package io.sekisho.agent.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class ProbeServerTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static String ask(Supplier<CompletableFuture<Optional<String>>> question, String path)
      throws Exception {
    var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var server = new ProbeServer(listen, question, Duration.ofMillis(200))) {
      String url = "http://127.0.0.1:" + server.address().getPort() + path;
      HttpResponse<String> response =
          CLIENT.send(
              HttpRequest.newBuilder(URI.create(url)).build(),
              HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body().strip();
    }
  }

  private static Supplier<CompletableFuture<Optional<String>>> says(String reason) {
    return () -> CompletableFuture.completedFuture(Optional.of(reason).filter(r -> !r.isEmpty()));
  }

  @Test
  void readyz_agentServes_isOk() throws Exception {
    assertEquals("200 ok", ask(says(""), "/readyz"));
  }

  @Test
  void readyz_agentWaits_saysForWhat() throws Exception {
    assertEquals("503 no policies yet", ask(says("no policies yet"), "/readyz"));
  }

  @Test
  void livez_agentWaits_isOk() throws Exception {
    assertEquals("200 ok", ask(says("no policies yet"), "/livez"));
  }

  @Test
  void livez_loopStuck_isNotOk() throws Exception {
    assertEquals("503 the event loop does not answer", ask(CompletableFuture::new, "/livez"));
  }

  @Test
  void livez_loopClosed_isNotOk() throws Exception {
    assertEquals(
        "503 the event loop does not answer",
        ask(
            () -> {
              throw new RejectedExecutionException("closed");
            },
            "/livez"));
  }

  @Test
  void other_path_isNotFound() throws Exception {
    assertEquals("404", ask(says(""), "/").substring(0, 3));
  }
}
