package io.sekisho.agent.apiserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/**
 * Stands between a client and a real API server, and does to its answers what a test says. The
 * client need not say who it is: upstream all are the user of a kubeconfig.
 */
public final class FaultProxy implements AutoCloseable {
  private static final Set<String> OWN_HEADERS =
      Set.of("content-length", "transfer-encoding", "date");

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final HttpClient upstream;
  private final URI master;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Set<HttpExchange> streams = ConcurrentHashMap.newKeySet();
  private volatile Optional<Rule> rule = Optional.empty();

  /** What happens to a request. */
  public sealed interface Fault {
    /** It is answered so, and the API server never hears of it. */
    record Answer(int status, String retryAfter, String body) implements Fault {
      /** Without Retry-After. */
      public Answer(int status, String body) {
        this(status, "", body);
      }
    }

    /** It waits. */
    record Delay(Duration time) implements Fault {}
  }

  private record Rule(Predicate<String> which, Fault fault) {}

  private FaultProxy(HttpServer server, Path kubeconfig) throws GeneralSecurityException {
    this.server = server;
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    master = URI.create(config.getMasterUrl());
    try {
      upstream =
          HttpClient.newBuilder()
              .sslContext(
                  SSLUtils.sslContext(SSLUtils.keyManagers(config), SSLUtils.trustManagers(config)))
              .version(HttpClient.Version.HTTP_1_1)
              .executor(threads)
              .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** Over plain HTTP. */
  public static FaultProxy plain(Path kubeconfig) {
    try {
      return new FaultProxy(HttpServer.create(anyPort(), 0), kubeconfig);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Over TLS, with a certificate of the test's. */
  public static FaultProxy tls(Path kubeconfig, SSLContext context) {
    try {
      HttpsServer server = HttpsServer.create(anyPort(), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context));
      return new FaultProxy(server, kubeconfig);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where it listens. */
  public String url() {
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A kubeconfig with which clients come here. */
  public String kubeconfig(String clusterFields) {
    return """
    apiVersion: v1
    kind: Config
    clusters: [{name: test, cluster: {server: "%s"%s}}]
    users: [{name: test, user: {}}]
    contexts: [{name: test, context: {cluster: test, user: test}}]
    current-context: test
    """
        .formatted(url(), clusterFields);
  }

  /**
   * From now on this is done to requests, and nothing to others.
   *
   * @param which by {@code METHOD path?query}
   */
  public void fault(Predicate<String> which, Fault fault) {
    rule = Optional.of(new Rule(which, fault));
  }

  /** All is well again. */
  public void heal() {
    rule = Optional.empty();
  }

  /** Every request since {@link #forget}, as {@code METHOD path?query}. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** How many of them are meant. */
  public long count(Predicate<String> which) {
    return requests.stream().filter(which).count();
  }

  /** Counts from here. */
  public void forget() {
    requests.clear();
  }

  /** How many answers are being streamed: watches. */
  public int watches() {
    return streams.size();
  }

  /** Breaks the connection of every second watch; how many. */
  public int cutHalf() {
    int all = 0;
    int cut = 0;
    for (HttpExchange stream : streams) {
      if (all++ % 2 == 0) {
        cut++;
        stream.close();
      }
    }
    return cut;
  }

  private void serve(HttpExchange exchange) throws IOException {
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    requests.add(line);
    Optional<Fault> fault = rule.filter(r -> r.which().test(line)).map(Rule::fault);
    try (exchange) {
      if (fault.isPresent() && fault.get() instanceof Fault.Answer answer) {
        answer(exchange, answer);
      } else {
        if (fault.isPresent() && fault.get() instanceof Fault.Delay delay) {
          Thread.sleep(delay.time());
        }
        forward(exchange, line.contains("watch=true"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, Fault.Answer answer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (!answer.retryAfter().isEmpty()) {
      exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
    }
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private void forward(HttpExchange exchange, boolean stream)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(master.resolve(exchange.getRequestURI().toString()))
            .method(
                exchange.getRequestMethod(),
                HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String header : List.of("Content-Type", "Accept")) {
      Optional.ofNullable(exchange.getRequestHeaders().getFirst(header))
          .ifPresent(value -> request.header(header, value));
    }
    HttpResponse<InputStream> response =
        upstream.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!OWN_HEADERS.contains(name) && !name.startsWith(":")) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    if (stream) {
      streams.add(exchange);
    }
    try (InputStream body = response.body()) {
      exchange.sendResponseHeaders(response.statusCode(), 0);
      var out = exchange.getResponseBody();
      var buffer = new byte[8192];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        out.write(buffer, 0, n);
        out.flush();
      }
    } finally {
      streams.remove(exchange);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    upstream.shutdownNow();
    threads.shutdownNow();
  }
}
