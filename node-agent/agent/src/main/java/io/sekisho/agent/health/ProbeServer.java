package io.sekisho.agent.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Tells over HTTP whether the agent lives ({@code /livez}) and whether it serves new pods ({@code
 * /readyz}): 200, or 503 with the reason. That the cluster's store is away, or one endpoint in
 * trouble, is no reason: a restart would not help.
 */
public final class ProbeServer implements AutoCloseable {
  private static final int BACKLOG = 16;

  private final HttpServer server;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final Supplier<CompletableFuture<Optional<String>>> question;
  private final Duration patience;

  /**
   * Listens at once.
   *
   * @param question what the agent waits for before it serves, answered on its event loop
   * @param patience how long an event loop that lives may take
   * @throws UncheckedIOException if it cannot listen there
   */
  public ProbeServer(
      InetSocketAddress listen,
      Supplier<CompletableFuture<Optional<String>>> question,
      Duration patience) {
    this.question = question;
    this.patience = patience;
    try {
      server = HttpServer.create(listen, BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + listen + ": " + e.getMessage(), e);
    }
    server.setExecutor(calls);
    server.createContext("/livez", exchange -> answer(exchange, false));
    server.createContext("/readyz", exchange -> answer(exchange, true));
    server.start();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange, boolean ready) throws IOException {
    Optional<String> reason = Optional.of("the event loop does not answer");
    try {
      Optional<String> waiting = question.get().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      reason = ready ? waiting : Optional.empty();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      // that is the reason
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    byte[] body = (reason.orElse("ok") + "\n").getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(reason.isEmpty() ? 200 : 503, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    calls.close();
  }
}
