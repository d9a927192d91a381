package io.sekisho.agent.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * 5,000 endpoints and 500 identities of 20 nodes in the custom resources of a real API server, and
 * how many requests that takes: by the clients' count and by the server's own.
 */
final class KubernetesScaleTest {
  private static final int NODES = 20;
  private static final int ENDPOINTS = 250;
  private static final int IDENTITIES = 25;

  /** The default of the configuration. */
  private static final int PER_SECOND = 20;

  /** Seven for a new identity, three for each of four slices, lists, watches, lease, sweeps. */
  private static final int MOST_TO_FILL = 7 * IDENTITIES + 3 * 4 + 120;

  /** What changes together is written together: some four slices at a time, and a lease. */
  private static final int MOST_TO_CHANGE = 100;

  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final String NAMESPACE = "scale";
  private static ControlPlane cluster;

  private final List<Member> members = new ArrayList<>();

  /** What one node's agent has of the store. */
  private record Member(String node, ApiServer api, KubernetesStore store, StoreCluster cluster) {
    void close() {
      cluster.close();
      store.close();
      api.close();
    }
  }

  @BeforeAll
  static void startCluster() {
    assumeTrue(ControlPlane.missing().isEmpty(), ControlPlane.missing()::toString);
    cluster = ControlPlane.apiServer();
    cluster.apply("store-crds.yaml");
    cluster.awaitResources();
    cluster.kubectl("create", "namespace", NAMESPACE);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Member member(int number) {
    String node = "n" + number;
    ApiServer api =
        ApiServer.open(
            new ApiServer.Settings(
                Optional.of(cluster.kubeconfig()), Duration.ofSeconds(20), PER_SECOND),
            Clock.systemUTC());
    var store = new KubernetesStore(api, new KubernetesStore.Settings(NAMESPACE, node, LEASE));
    return new Member(node, api, store, new StoreCluster(node, store));
  }

  @Test
  void store_fiveThousandEndpoints_takesFewRequests() {
    long begun = System.nanoTime();
    for (int n = 1; n <= NODES; n++) {
      members.add(member(n));
    }
    try {
      members.forEach(m -> m.cluster().publish(Node.newBuilder().setName(m.node()).build()));
      CompletableFuture.allOf(
              members.stream()
                  .map(m -> CompletableFuture.runAsync(() -> fill(m), Thread::startVirtualThread))
                  .toArray(CompletableFuture[]::new))
          .join();
      Await.until(() -> members.stream().allMatch(KubernetesScaleTest::isWhole), this::counts);
      double seconds = seconds(begun);
      long filled = requests();
      assertTrue(
          members.stream().allMatch(m -> m.api().requests() <= MOST_TO_FILL),
          () -> "requests of the nodes: " + counts());

      long quiet = System.nanoTime();
      long atServer = served();
      Await.until(() -> System.nanoTime() - quiet > Duration.ofSeconds(20).toNanos());
      double idle = (requests() - filled) / seconds(quiet) / NODES;
      double idleAtServer = (served() - atServer) / seconds(quiet) / NODES;
      assertTrue(idle <= 0.5, () -> idle + " requests a second of an idle node");
      // the server has leases of its own, and counts what began before when it ends
      assertTrue(idleAtServer <= 1, () -> idleAtServer + " at the server");

      ApiServer changer = members.getFirst().api();
      long changed = changer.requests();
      long changing = System.nanoTime();
      churn(members.getFirst());
      long changes = changer.requests() - changed;
      assertTrue(changes <= MOST_TO_CHANGE, () -> changes + " requests for 500 changes");
      System.out.printf(
          "%d endpoints, %d identities on %d nodes: known to all after %.1f s, %d requests (%d to"
              + " fill); idle %.2f requests/s and node (%.2f by the server's count); 500 changes in"
              + " %.1f s: %d requests%n",
          NODES * ENDPOINTS,
          NODES * IDENTITIES,
          NODES,
          seconds,
          requests(),
          filled,
          idle,
          idleAtServer,
          seconds(changing),
          changes);
    } finally {
      members.forEach(Member::close);
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static Labels labels(Member member, int identity) {
    return Labels.of("k8s:node=" + member.node(), "k8s:app=app-" + identity);
  }

  private static void fill(Member member) {
    var identities = new ArrayList<Identity>();
    for (int i = 0; i < IDENTITIES; i++) {
      identities.add(member.cluster().identity(labels(member, i)).join());
    }
    for (int id = 1; id <= ENDPOINTS; id++) {
      member.cluster().publish(endpoint(member, id, identities.get(id % IDENTITIES), 1));
    }
  }

  private static Endpoint endpoint(Member member, int id, Identity identity, long revision) {
    return Endpoint.newBuilder()
        .setId(id)
        .setNode(member.node())
        .setNamespace("shop")
        .setPod("pod-" + id)
        .setWorkload("app-" + id % IDENTITIES)
        .setIdentity(identity.number())
        .addAllLabels(identity.labels().texts())
        .addAddresses("10." + member.node().substring(1) + ".0." + id)
        .setRealizedRevision(revision)
        .build();
  }

  private static boolean isWhole(Member member) {
    Inventory inventory = member.cluster().inventory();
    return inventory.endpoints().size() == NODES * ENDPOINTS
        && inventory.identities().size() == NODES * IDENTITIES;
  }

  private String counts() {
    return members.stream()
        .map(
            m ->
                m.node()
                    + "="
                    + m.api().requests()
                    + "/"
                    + m.cluster().inventory().endpoints().size()
                    + "/"
                    + m.cluster().inventory().identities().size())
        .toList()
        .toString();
  }

  private long requests() {
    return members.stream().mapToLong(m -> m.api().requests()).sum();
  }

  /** How many requests for our resources and for leases the API server has counted. */
  private static long served() {
    return cluster
        .kubectl("get", "--raw", "/metrics")
        .lines()
        .filter(l -> l.startsWith("apiserver_request_total{"))
        .filter(
            l -> l.contains("group=\"sekisho.io\"") || l.contains("group=\"coordination.k8s.io\""))
        .mapToLong(l -> (long) Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Every endpoint of a node changes twice; all others hear of it. */
  private void churn(Member member) {
    var identity = member.cluster().identity(labels(member, 0)).join();
    for (long revision = 2; revision <= 3; revision++) {
      for (int id = 1; id <= ENDPOINTS; id++) {
        member.cluster().publish(endpoint(member, id, identity, revision));
      }
    }
    Member last = members.getLast();
    Await.until(
        () ->
            last.cluster().inventory().endpoints().values().stream()
                    .filter(e -> e.getNode().equals(member.node()) && e.getRealizedRevision() == 3)
                    .count()
                == ENDPOINTS,
        this::counts);
    assertEquals(NODES * ENDPOINTS, last.cluster().inventory().endpoints().size());
  }
}
