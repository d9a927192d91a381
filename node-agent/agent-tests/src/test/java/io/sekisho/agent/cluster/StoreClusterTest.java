package io.sekisho.agent.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.RangeLease;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Own objects go out, everybody's come in, identities are the same everywhere. */
final class StoreClusterTest {
  @TempDir Path folder;
  private FlakyStore store;
  private StoreCluster cluster;

  @BeforeEach
  void open() {
    store = new FlakyStore(new FileStore(folder.resolve("store")));
    cluster = cluster("n1", store);
  }

  /** What goes is gone at once. */
  private static StoreCluster cluster(String node, ClusterStore store) {
    return new StoreCluster(node, store, Optional.empty(), Duration.ofSeconds(10), Duration.ZERO);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private static Endpoint endpoint(int id) {
    return Endpoint.newBuilder().setId(id).setNode("n1").build();
  }

  @Test
  void publish_objects_appearInInventory() {
    cluster.publish(Node.newBuilder().setName("n1").setVersion("7").build());
    cluster.publish(endpoint(12));

    Await.until(() -> cluster.inventory().endpoints().containsKey("n1/12"));
    Await.until(() -> cluster.inventory().nodes().containsKey("n1"));
    assertTrue(cluster.inventory().synced());
    assertEquals("7", cluster.inventory().nodes().get("n1").getVersion());
  }

  @Test
  void withdraw_endpoint_disappears() {
    cluster.publish(endpoint(12));
    Await.until(() -> cluster.inventory().endpoints().containsKey("n1/12"));
    cluster.withdraw(12);
    Await.until(() -> cluster.inventory().endpoints().isEmpty());
  }

  @Test
  void publish_storeAway_isWrittenWhenItIsBack() {
    store.away(true);
    cluster.publish(endpoint(1));
    cluster.publish(endpoint(2));
    cluster.withdraw(2);
    Await.until(() -> store.refused() >= 2);
    assertTrue(cluster.inventory().endpoints().isEmpty());

    store.away(false);
    Await.until(() -> cluster.inventory().endpoints().keySet().equals(Set.of("n1/1")));
  }

  @Test
  void untold_storeAway_isWhatTheNodeToldLast() {
    cluster.publish(Node.newBuilder().setName("n1").setMessage("well").build());
    Await.until(() -> cluster.inventory().nodes().containsKey("n1"));
    assertEquals(Optional.empty(), cluster.untold());

    store.away(true);
    long before = cluster.inventory().version();
    cluster.publish(Node.newBuilder().setName("n1").setMessage("the store is away").build());

    assertEquals("the store is away", cluster.untold().orElseThrow().getMessage());
    Await.until(() -> cluster.inventory().version() > before);
    assertEquals("well", cluster.inventory().nodes().get("n1").getMessage());

    store.away(false);
    Await.until(() -> !cluster.inventory().nodes().get("n1").getMessage().equals("well"));
    assertEquals(Optional.empty(), cluster.untold());
  }

  @Test
  void publish_storeFailsInAnotherWay_isTriedAgainToo() {
    store.failing(() -> new IllegalStateException("a fault of ours"));
    store.away(true);
    cluster.publish(endpoint(1));
    Await.until(() -> store.refused() >= 2);
    store.away(false);
    Await.until(() -> cluster.inventory().endpoints().keySet().equals(Set.of("n1/1")));
  }

  @Test
  void ownObject_deletedByOthers_isWrittenAgain() {
    cluster.publish(endpoint(12));
    Await.until(() -> cluster.inventory().endpoints().containsKey("n1/12"));
    long version = store.get("endpoints/n1/12").orElseThrow().version();
    store.delete("endpoints/n1/12");
    Await.until(() -> store.get("endpoints/n1/12").filter(e -> e.version() > version).isPresent());
  }

  @Test
  void listen_changes_versionsGrow() {
    var versions = new ArrayList<Long>();
    cluster.listen(
        inventory -> {
          synchronized (versions) {
            versions.add(inventory.version());
          }
        });
    for (int i = 1; i < 200; i++) {
      cluster.publish(endpoint(i));
    }
    Await.until(() -> cluster.inventory().endpoints().size() == 199);
    synchronized (versions) {
      assertEquals(versions.stream().sorted().distinct().toList(), versions);
      assertTrue(versions.size() < 199, "coalesced");
    }
  }

  @Test
  void watch_brokenValue_isLeftOut() {
    store.put("nodes/n2", new byte[] {(byte) 0xff, 1, 2}, Lifetime.PERSISTENT);
    store.put("identities/by-number/x", new byte[] {1}, Lifetime.PERSISTENT);
    store.put(
        "identities/by-number/7",
        io.sekisho.api.v1.Identity.newBuilder().setNumber(7).build().toByteArray(),
        Lifetime.PERSISTENT);
    cluster.publish(Node.newBuilder().setName("n1").build());
    Await.until(() -> cluster.inventory().nodes().containsKey("n1"));
    assertEquals(Set.of("n1"), cluster.inventory().nodes().keySet());
    assertTrue(cluster.inventory().identities().isEmpty());
  }

  @Test
  void ranges_ofANodeThatIsGone_stayKnown() {
    String leased = "10.244.2.0/24";
    String fixed = "10.244.3.0/24";
    for (String name : List.of("n2", "n3")) {
      Node node =
          Node.newBuilder().setName(name).addPodCidrs(name.equals("n2") ? leased : fixed).build();
      store.put("nodes/" + name, node.toByteArray(), Lifetime.PERSISTENT);
    }
    lease(leased, "n2");
    Await.until(() -> cluster.inventory().ranges().size() == 2);
    store.delete("nodes/n2");
    store.delete("nodes/n3");
    Await.until(() -> cluster.inventory().nodes().isEmpty());
    assertEquals(
        Map.of(Cidr.parse(leased), "n2", Cidr.parse(fixed), "n3"), cluster.inventory().ranges());
    lease(leased, "");
    Await.until(() -> cluster.inventory().ranges().equals(Map.of(Cidr.parse(fixed), "n3")));
  }

  private void node(String name, String range) {
    Node node = Node.newBuilder().setName(name).addPodCidrs(range).build();
    store.put("nodes/" + name, node.toByteArray(), Lifetime.PERSISTENT);
  }

  private void gone(String name, String range) {
    node(name, range);
    Await.until(() -> cluster.inventory().ranges().containsKey(Cidr.parse(range)));
    store.delete("nodes/" + name);
    Await.until(() -> !cluster.inventory().nodes().containsKey(name));
    assertEquals(name, cluster.inventory().ranges().get(Cidr.parse(range)));
  }

  @Test
  void forgets_asManyRangesAsAreRemembered_untilOneIsLetGoOf() {
    Node.Builder large = Node.newBuilder().setName("n3");
    for (int i = 0; i < KnownRanges.GONE; i++) {
      large.addPodCidrs("10." + i / 256 + "." + i % 256 + ".0/24");
    }
    store.put("nodes/n3", large.build().toByteArray(), Lifetime.PERSISTENT);
    Await.until(() -> cluster.inventory().ranges().size() == KnownRanges.GONE);
    assertEquals(Optional.empty(), cluster.forgets());
    store.delete("nodes/n3");
    Await.until(() -> cluster.forgets().isPresent());
    assertTrue(cluster.forgets().orElseThrow().contains("sekisho-agent nodes remove"));

    assertEquals(1, cluster.freeRanges("10.0.0.0/24").orElseThrow().size());
    Await.until(() -> cluster.forgets().isEmpty());
  }

  @Test
  void freeRanges_fixedOnesOfAGoneNode_areLetGoOfByAllAgents() {
    Cidr range = Cidr.parse("10.244.3.0/24");
    gone("n3", range.toString());
    try (var other = cluster("n5", store.unclosable())) {
      node("n3", range.toString());
      Await.until(() -> other.inventory().ranges().containsKey(range));
      Await.until(() -> cluster.inventory().nodes().containsKey("n3"));
      assertEquals(Optional.empty(), cluster.freeRanges("n3"));
      assertEquals(Optional.empty(), cluster.freeRanges(range.toString()));
      store.delete("nodes/n3");
      Await.until(() -> !cluster.inventory().nodes().containsKey("n3"));
      assertEquals(Optional.of(List.of(range)), cluster.freeRanges("n3"));
      Await.until(() -> cluster.inventory().ranges().isEmpty(), cluster::inventory);
      Await.until(() -> other.inventory().ranges().isEmpty(), other::inventory);
      assertEquals(Optional.of(List.of()), cluster.freeRanges("n3"));
    }
  }

  @Test
  void freeRanges_oneRange_leavesTheOthers() {
    gone("n3", "10.244.3.0/24");
    gone("n4", "10.244.4.0/24");
    Cidr range = Cidr.parse("10.244.3.0/24");
    assertEquals(Optional.of(List.of(range)), cluster.freeRanges(range.toString()));
    Await.until(() -> !cluster.inventory().ranges().containsKey(range), cluster::inventory);
    assertEquals(Map.of(Cidr.parse("10.244.4.0/24"), "n4"), cluster.inventory().ranges());
    assertEquals(Optional.of(List.of()), cluster.freeRanges("10.244.9.0/24"));
    assertThrows(IllegalArgumentException.class, () -> cluster.freeRanges("10.244.3.0/99"));
  }

  @Test
  void publish_rangeThatWasLetGoOf_isTheNodesAgain() {
    Cidr range = Cidr.parse("10.244.3.0/24");
    gone("n3", range.toString());
    assertEquals(Optional.of(List.of(range)), cluster.freeRanges("n3"));
    Await.until(() -> cluster.inventory().ranges().isEmpty(), cluster::inventory);
    try (var back = cluster("n3", store.unclosable())) {
      back.publish(Node.newBuilder().setName("n3").addPodCidrs(range.toString()).build());
      Await.until(
          () -> cluster.inventory().ranges().equals(Map.of(range, "n3")), cluster::inventory);
    }
    store.delete("nodes/n3");
    Await.until(() -> cluster.inventory().nodes().isEmpty());
    assertEquals(Map.of(range, "n3"), cluster.inventory().ranges());
    assertEquals(Optional.of(List.of(range)), cluster.freeRanges("n3"));
    Await.until(() -> cluster.inventory().ranges().isEmpty(), cluster::inventory);
  }

  private void lease(String range, String node) {
    store.put(
        "ranges/" + range,
        RangeLease.newBuilder().setCidr(range).setNode(node).build().toByteArray(),
        Lifetime.PERSISTENT);
  }

  @Test
  void identity_sameLabels_sameNumber() throws Exception {
    var first = cluster.identity(Labels.of("app=cart", "ns=shop")).get();
    var second = cluster.identity(Labels.of("ns=shop", "app=cart")).get();
    assertEquals(first, second);
    assertTrue(first.number() >= Identity.FIRST_CLUSTER && first.number() < Identity.FIRST_LOCAL);
  }

  @Test
  void identity_manyNodesAtOnce_neverTwoNumbersOrOneForTwoSets() throws Exception {
    var sets = new ArrayList<Labels>();
    for (int i = 0; i < 40; i++) {
      sets.add(Labels.of("app=a" + i));
    }
    var clusters = new ArrayList<StoreCluster>();
    for (int i = 0; i < 4; i++) {
      clusters.add(cluster("m" + i, store.unclosable()));
    }
    var answers = new ArrayList<CompletableFuture<Identity>>();
    for (var labels : sets) {
      clusters.forEach(c -> answers.add(c.identity(labels)));
    }
    var identities = new HashSet<Identity>();
    for (var answer : answers) {
      identities.add(answer.get());
    }
    assertEquals(40, identities.size());
    assertEquals(40, identities.stream().map(Identity::number).distinct().count());
    Await.until(() -> cluster.inventory().identities().size() == 40);
    clusters.forEach(StoreCluster::close);
  }

  @Test
  void identity_numberTaken_takesNextEverywhere() throws Exception {
    var labels = Labels.of("app=cart");
    int first = IdentityAllocator.first(labels);
    var thief = io.sekisho.api.v1.Identity.newBuilder().setNumber(first).addLabels("k8s:app=other");
    store.put("identities/by-number/" + first, thief.build().toByteArray(), Lifetime.PERSISTENT);

    try (var other = cluster("n2", store.unclosable())) {
      var mine = cluster.identity(labels).get();
      assertEquals(mine, other.identity(labels).get());
      assertTrue(mine.number() != first);
    }
  }

  @Test
  void identity_storeAway_failsWhenUnknownOnly() throws Exception {
    var known = cluster.identity(Labels.of("app=cart")).get();
    store.away(true);
    assertEquals(known, cluster.identity(Labels.of("app=cart")).get());
    var error =
        assertThrows(ExecutionException.class, () -> cluster.identity(Labels.of("app=new")).get());
    var cause = assertInstanceOf(ClusterStoreException.class, error.getCause());
    assertEquals(ClusterStoreException.Code.UNAVAILABLE, cause.code());

    store.away(false);
    Await.until(() -> !cluster.identity(Labels.of("app=new")).isCompletedExceptionally());
    assertTrue(cluster.identity(Labels.of("app=new")).get().number() > 0);
  }

  @Test
  void identity_brokenProposal_isCorrupt() {
    var labels = Labels.of("app=cart");
    store.put(Keys.labels(labels), new byte[] {(byte) 0xff}, Lifetime.PERSISTENT);
    var error = assertThrows(ExecutionException.class, () -> cluster.identity(labels).get());
    var cause = assertInstanceOf(ClusterStoreException.class, error.getCause());
    assertEquals(ClusterStoreException.Code.CORRUPT, cause.code());
    assertEquals(List.of(), store.list("identities/by-number/"));
  }
}
