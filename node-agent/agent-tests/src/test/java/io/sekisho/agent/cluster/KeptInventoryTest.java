package io.sekisho.agent.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node knew of its cluster, after a start while the store is away. */
final class KeptInventoryTest {
  private static final Labels CART = Labels.of("k8s:app=cart");
  private static final Node OTHER =
      Node.newBuilder().setName("n2").addAddresses("198.18.0.2").addPodCidrs("10.0.2.0/24").build();

  @TempDir Path folder;
  private FlakyStore store;

  @BeforeEach
  void open() {
    store = new FlakyStore(new FileStore(folder.resolve("store")));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Path file() {
    return folder.resolve("inventory");
  }

  private StoreCluster start() {
    var file = new InventoryFile(file(), Duration.ZERO);
    return new StoreCluster(
        "n1", store.unclosable(), Optional.of(file), Duration.ofMillis(50), Duration.ZERO);
  }

  /** An agent that knows one node, one pod on it, and one identity; the identity. */
  private Identity live() {
    try (StoreCluster cluster = start()) {
      store.put(
          "nodes/n2", OTHER.toBuilder().setFlowsSeen(7).build().toByteArray(), Lifetime.PERSISTENT);
      store.put(
          "endpoints/n2/4",
          Endpoint.newBuilder().setId(4).setNode("n2").build().toByteArray(),
          Lifetime.PERSISTENT);
      Identity identity = cluster.identity(CART).join();
      Await.until(
          () ->
              cluster.inventory().endpoints().size() == 1
                  && cluster.inventory().nodes().size() == 1
                  && cluster.inventory().identities().size() == 1,
          cluster::inventory);
      assertTrue(cluster.inventory().synced());
      assertFalse(cluster.inventory().kept());
      return identity;
    }
  }

  @Test
  void start_storeAway_goesOnWithWhatWasKnown() {
    Identity identity = live();
    store.away(true);
    try (StoreCluster cluster = start()) {
      Await.until(() -> cluster.inventory().kept(), cluster::inventory);
      Inventory known = cluster.inventory();
      assertFalse(known.synced());
      assertTrue(known.usable());
      assertEquals(Map.of("n2", OTHER), known.nodes());
      assertEquals(4, known.endpoints().get("n2/4").getId());
      assertEquals(Map.of(identity.number(), identity), known.identities());
      assertEquals(identity, cluster.identity(CART).join());
      assertTrue(cluster.health().message().endsWith("; what was known before the start counts"));

      store.away(false);
      store.delete("endpoints/n2/4");
      Await.until(() -> cluster.inventory().synced(), cluster::inventory);
      Await.until(() -> cluster.inventory().endpoints().isEmpty(), cluster::inventory);
      assertFalse(cluster.inventory().kept());
      assertTrue(cluster.health().available());
    }
  }

  @Test
  void start_storeAnswers_usesNothingThatWasKept() {
    Identity identity = live();
    store.delete("endpoints/n2/4");
    try (StoreCluster cluster = start()) {
      cluster.listen(inventory -> assertFalse(inventory.kept()));
      Await.until(() -> cluster.inventory().synced(), cluster::inventory);
      Await.until(() -> cluster.inventory().endpoints().isEmpty(), cluster::inventory);
      assertEquals(identity, cluster.identity(CART).join());
    }
  }

  @Test
  void start_brokenFile_isSetAsideAndNothingCounts() throws IOException {
    assertTrue(live().number() > 0);
    Files.write(file(), new byte[] {1, 2, 3});
    store.away(true);
    try (StoreCluster cluster = start()) {
      Path aside = folder.resolve("inventory.broken");
      Await.until(() -> Files.exists(aside));
      assertFalse(cluster.inventory().usable());
      store.away(false);
      Await.until(() -> cluster.inventory().synced(), cluster::inventory);
      assertEquals(1, cluster.inventory().nodes().size());
    }
    assertTrue(Files.exists(file()));
  }

  @Test
  void start_nodeWentMeanwhileOrBefore_itsFixedRangeStaysKnown() throws IOException {
    assertTrue(live().number() > 0);
    Map<Cidr, String> gone = Map.of(Cidr.parse("10.0.2.0/24"), "n2");
    store.delete("nodes/n2");
    for (int i = 0; i < 2; i++) {
      try (StoreCluster cluster = start()) {
        Await.until(() -> cluster.inventory().synced(), cluster::inventory);
        assertEquals(Map.of(), cluster.inventory().nodes());
        assertEquals(gone, cluster.inventory().ranges());
      }
    }
    Files.write(file(), new byte[] {1, 2, 3});
    try (StoreCluster cluster = start()) {
      Await.until(() -> cluster.inventory().synced(), cluster::inventory);
      assertEquals(Map.of(), cluster.inventory().ranges());
      assertTrue(Files.exists(folder.resolve("inventory.broken")));
    }
  }

  @Test
  void start_noFileAndStoreAway_knowsNothing() {
    store.away(true);
    try (StoreCluster cluster = start()) {
      assertFalse(cluster.inventory().usable());
      store.away(false);
      Await.until(() -> cluster.inventory().synced(), cluster::inventory);
    }
  }

  @Test
  void offer_nodeThatOnlyTellsOfItself_isNotWritten() {
    var file = new InventoryFile(file(), Duration.ZERO);
    Inventory first = inventory(OTHER);
    assertTrue(file.offer(first));
    file.write();
    assertFalse(file.offer(inventory(OTHER.toBuilder().setFlowsSeen(9).setMessage("x").build())));
    assertTrue(file.offer(inventory(OTHER.toBuilder().addPodCidrs("10.0.3.0/24").build())));
    var slow = new InventoryFile(file(), Duration.ofHours(1));
    assertTrue(slow.offer(first));
    slow.write();
    assertFalse(slow.offer(inventory(OTHER.toBuilder().addPodCidrs("10.0.4.0/24").build())));
    slow.write();
    assertEquals(
        2,
        new InventoryFile(file(), Duration.ZERO)
            .read()
            .orElseThrow()
            .nodes()
            .get("n2")
            .getPodCidrsCount());
  }

  private static Inventory inventory(Node node) {
    return new Inventory(1, true, Map.of("n2", node), Map.of(), Map.of(), Map.of());
  }
}
