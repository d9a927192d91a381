package io.sekisho.agent.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.sekisho.agent.cluster.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The client library works with those of its models that the agent carries: every kind of call
 * finds its classes. What a real API server makes of the calls is tested elsewhere.
 */
final class ClientClassesTest {
  private static final String LEASE =
      """
      {"kind": "Lease", "apiVersion": "coordination.k8s.io/v1", "spec": {"holderIdentity": "a"},
       "metadata": {"name": "a", "namespace": "n", "resourceVersion": "7"}}\
      """;
  private static final String LIST =
      """
      {"kind": "LeaseList", "apiVersion": "coordination.k8s.io/v1",
       "metadata": {"resourceVersion": "7"}, "items": [%s]}\
      """
          .formatted(LEASE);
  private static final String EVENT =
      "{\"type\": \"ADDED\", \"object\": %s}\n"
          .formatted(LEASE.replace("\n", "").replace("\"a\", \"namespace", "\"b\", \"namespace"));
  private static final String MISSING =
      """
      {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "not here",
       "reason": "NotFound", "code": 404}\
      """;
  private static final String GROUP =
      """
      {"kind": "APIGroup", "apiVersion": "v1", "name": "coordination.k8s.io",
       "versions": [{"groupVersion": "coordination.k8s.io/v3", "version": "v3"}]}\
      """;
  private static final String RESOURCES =
      """
      {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "coordination.k8s.io/v3",
       "resources": [{"name": "leases", "kind": "Lease", "namespaced": true, "verbs": ["get"]}]}\
      """;

  @TempDir Path folder;
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private ApiServer api;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
    Path kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: t, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: t, user: {}}]
        contexts: [{name: t, context: {cluster: t, user: t}}]
        current-context: t
        """
            .formatted(server.getAddress().getPort()));
    var settings = new ApiServer.Settings(Optional.of(kubeconfig), Duration.ofSeconds(20), 100);
    api = ApiServer.open(settings, Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    over.countDown();
    api.close();
    server.stop(0);
    threads.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String uri = exchange.getRequestURI().toString();
    asked.add(exchange.getRequestMethod() + " " + uri);
    if (uri.contains("watch=true")) {
      watched(exchange);
      return;
    }
    String body =
        uri.contains("missing")
            ? MISSING
            : uri.equals("/apis/coordination.k8s.io")
                ? GROUP
                : uri.equals("/apis/coordination.k8s.io/v3")
                    ? RESOURCES
                    : uri.contains("limit=") ? LIST : LEASE;
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(body.equals(MISSING) ? 404 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** One event, and no end: the client library may drop what comes right before the end. */
  private void watched(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    OutputStream body = exchange.getResponseBody();
    body.write(EVENT.getBytes(StandardCharsets.UTF_8));
    body.flush();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  @Test
  void calls_ofEveryKind_findTheirClasses() {
    var lease = api.get(ResourceKind.LEASE, "n", "a").orElseThrow();
    assertEquals("a", Leases.holder(lease));
    assertEquals("a", Leases.holder(api.create(ResourceKind.LEASE, lease)));
    assertEquals("a", Leases.holder(api.replace(ResourceKind.LEASE, lease)));
    for (ApiServer.Patch how : ApiServer.Patch.values()) {
      api.patch(ResourceKind.LEASE, "n", "a", how, "{}");
    }
    assertTrue(api.delete(ResourceKind.LEASE, "n", "a", Optional.of("7")));
    assertTrue(api.delete(ResourceKind.LEASE, "n", "a", Optional.empty()));
    assertEquals(Optional.empty(), api.get(ResourceKind.LEASE, "n", "missing"));
    var options = new ListOptionsBuilder().withLimit(1L).build();
    assertEquals(1, api.list(ResourceKind.LEASE, "n", options).getItems().size());
    assertEquals(List.of("v3"), api.versions(ResourceKind.LEASE));
    var error =
        assertThrows(
            ApiException.class,
            () -> api.patch(ResourceKind.LEASE, "n", "missing", ApiServer.Patch.MERGE, "{}"));
    assertEquals(ApiException.Code.NOT_FOUND, error.code());
    assertEquals("not here", error.getMessage());
  }

  @Test
  void patch_ofEveryKind_isOneRequest() {
    String lease = "/apis/coordination.k8s.io/v1/namespaces/n/leases/a";
    api.patch(ResourceKind.LEASE, "n", "a", ApiServer.Patch.MERGE, "{}");
    assertEquals(List.of("PATCH " + lease), asked);
    api.patch(ResourceKind.NODE, "", "n1", ApiServer.Patch.STRATEGIC_STATUS, "{}");
    api.patch(ResourceKind.LEASE, "n", "a", ApiServer.Patch.MERGE_STATUS, "{}");
    assertEquals(
        List.of("PATCH " + lease, "PATCH /api/v1/nodes/n1/status", "PATCH " + lease + "/status"),
        asked);
  }

  @Test
  void watch_ofUntypedObjects_tellsThem() {
    var handler = new RecordingHandler();
    var scope = ListWatch.Scope.of("n");
    try (var watch = new ListWatch(api, List.of(ResourceKind.LEASE), scope, handler)) {
      watch.start();
      Await.until(() -> handler.names().contains("b"), handler::errors);
      assertTrue(handler.names().containsAll(List.of("a", "b")));
    }
  }
}
