package io.sekisho.agent.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract against a real API server, and what happens when it goes and comes back. */
final class KubernetesStoreTest extends ClusterStoreContract {
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofMinutes(5);

  /** Longer than a request takes on a busy machine. */
  private static final Duration SILENCE = Duration.ofSeconds(4);

  private static final int PER_SECOND = 500;
  private static ControlPlane cluster;
  private static int namespaces;
  private final List<ApiServer> clients = new ArrayList<>();
  private String namespace = "";

  @BeforeAll
  static void startCluster() {
    assumeTrue(ControlPlane.missing().isEmpty(), ControlPlane.missing()::toString);
    cluster = ControlPlane.apiServer();
    cluster.apply("store-crds.yaml");
    cluster.awaitResources();
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @AfterEach
  void closeClients() {
    clients.forEach(ApiServer::close);
  }

  @Override
  ClusterStore open() {
    namespace = "store-" + ++namespaces;
    cluster.kubectl("create", "namespace", namespace);
    return again();
  }

  @Override
  ClusterStore again() {
    return store(client(cluster.kubeconfig()));
  }

  private ApiServer client(Path kubeconfig) {
    var settings =
        new ApiServer.Settings(Optional.of(kubeconfig), Duration.ofSeconds(20), PER_SECOND);
    ApiServer client = ApiServer.open(settings, Clock.systemUTC());
    clients.add(client);
    return client;
  }

  private KubernetesStore store(ApiServer client) {
    return new KubernetesStore(client, new KubernetesStore.Settings(namespace, "n1", LEASE));
  }

  @Test
  void session_whileOpen_outlivesItsLease() {
    store.put("nodes/n1", bytes("one"), Lifetime.SESSION);
    var watcher = new RecordingWatcher();
    long end = System.nanoTime() + LEASE.multipliedBy(3).toNanos();
    try (var watch = store.watch("nodes/", watcher);
        var sweeping = again()) {
      Await.until(() -> System.nanoTime() > end);
      assertEquals(List.of("reset", "nodes/n1=one", "synced"), watcher.calls());
      assertTrue(sweeping.get("nodes/n1").isPresent());
    }
  }

  @Test
  void session_leaseDeleted_isWrittenAgain() {
    store.put("nodes/n1", bytes("one"), Lifetime.SESSION);
    store.put("endpoints/n1/7", bytes("two"), Lifetime.SESSION);
    long before = store.get("nodes/n1").orElseThrow().version();
    cluster.kubectl("-n", namespace, "delete", "lease", "-l", KubernetesSession.LABEL);
    Await.until(() -> store.get("nodes/n1").orElseThrow().version() > before || leases() == 1);
    Await.until(() -> leases() == 1, this::leases);
    assertTrue(store.get("endpoints/n1/7").isPresent());
  }

  private int leases() {
    return (int)
        cluster
            .kubectl("-n", namespace, "get", "lease", "-l", KubernetesSession.LABEL, "-o", "name")
            .lines()
            .count();
  }

  @Test
  void session_endpointsOfDeadProcess_goAndThoseOfOthersStay() {
    store.put("endpoints/n1/1", bytes("dead"), Lifetime.SESSION);
    try (var living = again()) {
      living.put("endpoints/n1/2", bytes("living"), Lifetime.SESSION);
      store.close();
      Await.until(
          () -> keys(living.list("endpoints/")).equals(List.of("endpoints/n1/2")),
          () -> keys(living.list("endpoints/")));
    }
  }

  private KubernetesStore onNode(String node) {
    cluster.kubectlWith(
        "{apiVersion: v1, kind: Node, metadata: {name: %s}}".formatted(node), "create", "-f", "-");
    return new KubernetesStore(
        client(cluster.kubeconfig()),
        new KubernetesStore.Settings(namespace, node, LONG, Optional.of(node)));
  }

  /** The one that sweeps, since nobody else is there; soon, and after a short silence. */
  private KubernetesStore sweeping() {
    store.close();
    return new KubernetesStore(
        client(cluster.kubeconfig()),
        new KubernetesStore.Settings(namespace, "sweeper", LEASE),
        new SessionSweep.Times(Duration.ofMillis(300), SILENCE));
  }

  private boolean isLed() {
    return cluster.tryKubectl("-n", namespace, "get", "lease", "sekisho-store");
  }

  /** What is left when a session of five minutes ended and its node was deleted in Kubernetes. */
  @Test
  void session_nodeDeletedInKubernetes_goesLongBeforeItsLease() {
    String dead = namespace + "-dead";
    String deleted = namespace + "-deleted";
    try (var sweeper = sweeping()) {
      Await.until(this::isLed, sweeper::health);
      departs(dead, deleted);
    }
  }

  private void departs(String dead, String deleted) {
    var ended = onNode(dead);
    try (var living = onNode(deleted);
        var telling = Executors.newSingleThreadScheduledExecutor()) {
      for (var of : Map.of(dead, ended, deleted, living).entrySet()) {
        of.getValue().put("nodes/" + of.getKey(), bytes("a"), Lifetime.SESSION);
        of.getValue().put("endpoints/" + of.getKey() + "/1", bytes("b"), Lifetime.SESSION);
      }
      // as an agent tells of its node again and again
      var told =
          telling.scheduleWithFixedDelay(
              () -> living.put("nodes/" + deleted, bytes("" + System.nanoTime()), Lifetime.SESSION),
              0,
              100,
              TimeUnit.MILLISECONDS);
      ended.close();
      pass(SILENCE.multipliedBy(3).dividedBy(2));
      assertTrue(living.get("nodes/" + dead).isPresent(), "a node that is there may be silent");
      cluster.kubectl("delete", "node", dead, deleted);
      Await.until(
          () -> living.get("nodes/" + dead).isEmpty() && leases() == 1,
          () -> keys(living.list("nodes/")));
      assertEquals(List.of("endpoints/" + deleted + "/1"), keys(living.list("endpoints/")));
      pass(SILENCE.multipliedBy(3).dividedBy(2));
      assertTrue(living.get("nodes/" + deleted).isPresent(), "whose agent goes on has its place");
      assertFalse(told.isDone(), "it has told all the time");
    }
  }

  private static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    Await.until(() -> System.nanoTime() > end);
  }

  @Test
  void update_manyEndpoints_takesFewRequests() {
    ApiServer client = client(cluster.kubeconfig());
    try (var counted = store(client)) {
      counted.put("nodes/n1", bytes("x"), Lifetime.SESSION);
      var changes = new HashMap<String, Optional<byte[]>>();
      for (int id = 1; id <= 250; id++) {
        changes.put("endpoints/n1/" + id, Optional.of(bytes("endpoint " + id)));
      }
      long before = client.requests();
      counted.update(changes, Lifetime.SESSION);
      long first = client.requests() - before;
      changes.put("endpoints/n1/7", Optional.of(bytes("changed")));
      changes.put("endpoints/n1/8", Optional.empty());
      counted.update(changes, Lifetime.SESSION);
      long second = client.requests() - before - first;
      assertTrue(first <= 4 * 3 + 4, () -> first + " requests for four new slices");
      assertTrue(second <= 4 + 4, () -> second + " requests for four slices");
      assertEquals(249, counted.list("endpoints/n1/").size());
    }
  }

  @Test
  void watch_slice_tellsOnlyWhatDiffers() {
    var watcher = new RecordingWatcher();
    try (var watch = store.watch("endpoints/", watcher)) {
      Await.until(() -> watcher.calls().contains("synced"), watcher::calls);
      store.put("endpoints/n1/1", bytes("a"), Lifetime.SESSION);
      store.put("endpoints/n1/2", bytes("b"), Lifetime.SESSION);
      store.put("endpoints/n1/1", bytes("c"), Lifetime.SESSION);
      store.delete("endpoints/n1/2");
      store.delete("endpoints/n1/1");
      Await.until(() -> watcher.calls().contains("-endpoints/n1/1"), watcher::calls);
    }
    assertEquals(
        List.of(
            "reset",
            "synced",
            "endpoints/n1/1=a",
            "endpoints/n1/2=b",
            "endpoints/n1/1=c",
            "-endpoints/n1/2",
            "-endpoints/n1/1"),
        watcher.calls());
  }

  @Test
  void watch_serverDownAndBack_goesOn() {
    store.put("nodes/n1", bytes("one"), Lifetime.PERSISTENT);
    var watcher = new RecordingWatcher();
    try (var watch = store.watch("nodes/", watcher)) {
      Await.until(() -> watcher.calls().contains("synced"), watcher::calls);
      cluster.stop();
      var error =
          assertThrows(
              ClusterStoreException.class,
              () -> store.put("nodes/n2", bytes("x"), Lifetime.PERSISTENT));
      assertEquals(ClusterStoreException.Code.UNAVAILABLE, error.code());
      assertFalse(store.health().available());

      cluster.start();
      Await.until(this::isPut, store::health);
      Await.until(
          () -> watcher.state().equals(Map.of("nodes/n1", "one", "nodes/n2", "two")),
          watcher::calls);
      Await.until(() -> store.health().available(), store::health);
    }
  }

  private boolean isPut() {
    try {
      store.put("nodes/n2", bytes("two"), Lifetime.PERSISTENT);
      return true;
    } catch (ClusterStoreException e) {
      return false;
    }
  }

  @Test
  void open_otherUser_isRefusedInWords() {
    Path stranger = cluster.user("stranger", "/CN=stranger");
    try (var refused = store(client(stranger))) {
      var error = assertThrows(ClusterStoreException.class, () -> refused.get("a"));
      assertEquals(ClusterStoreException.Code.DENIED, error.code());
      assertTrue(error.getMessage().contains("stranger"), error.getMessage());
      assertFalse(refused.health().available());
    }
  }

  @Test
  void open_agentsOwnRights_areEnough() {
    namespace = "sekisho-system";
    cluster.apply("namespace.yaml");
    cluster.apply("rbac.yaml");
    Path agent = cluster.user("agent", "/O=sekisho:agents/CN=n1");
    try (var allowed = store(client(agent))) {
      Await.until(() -> canWrite(allowed), allowed::health);
      assertTrue(allowed.delete("nodes/n1"));
    }
  }

  /** RBAC is a little behind its objects. */
  private static boolean canWrite(ClusterStore store) {
    try {
      return store.put("nodes/n1", bytes("x"), Lifetime.SESSION) > 0;
    } catch (ClusterStoreException e) {
      return false;
    }
  }

  @Test
  void open_withoutResources_saysWhatIsMissing() {
    namespace = "nowhere";
    try (var lost = again()) {
      var error =
          assertThrows(
              ClusterStoreException.class,
              () -> lost.put("nodes/n1", bytes("x"), Lifetime.PERSISTENT));
      assertEquals(ClusterStoreException.Code.UNAVAILABLE, error.code());
      assertTrue(error.getMessage().contains("missing"), error.getMessage());
    }
  }

  @Test
  void put_whatTheSchemaForbids_isRefusedInWords() {
    var large = new byte[1_200_000];
    var error =
        assertThrows(
            ClusterStoreException.class, () -> store.put("nodes/n1", large, Lifetime.PERSISTENT));
    assertEquals(ClusterStoreException.Code.DENIED, error.code());
    assertTrue(
        error.getMessage().startsWith("the API server refuses the value: ")
            && error.getMessage().contains("spec.value"),
        error.getMessage());
    assertTrue(store.health().available(), () -> "" + store.health());
    assertEquals(Optional.empty(), store.get("nodes/n1"));
  }
}
