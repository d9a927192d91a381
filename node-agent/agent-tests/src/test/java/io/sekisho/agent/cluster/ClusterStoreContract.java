package io.sekisho.agent.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.ClusterStore.Entry;
import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Cidr;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store must do. */
abstract class ClusterStoreContract {
  ClusterStore store;

  /** An empty store. */
  abstract ClusterStore open() throws Exception;

  /** The same store, opened by another process or after a restart. */
  abstract ClusterStore again() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static List<String> keys(List<Entry> entries) {
    return entries.stream().map(Entry::key).toList();
  }

  @Test
  void rangeLeases_nodesRace_neverShareARange() throws Exception {
    var pool = new RangeLeases.Pool(Cidr.parse("10.244.0.0/20"), 24);
    var leased = new ConcurrentHashMap<String, Optional<Cidr>>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 20; i++) {
        String node = "n" + i;
        threads.execute(() -> leased.put(node, new RangeLeases(store, node).lease(pool)));
      }
    }
    var ranges = leased.values().stream().flatMap(Optional::stream).toList();
    assertEquals(16, ranges.size());
    assertEquals(16, Set.copyOf(ranges).size());
    ranges.forEach(range -> assertTrue(pool.isPart(range), range::toString));
  }

  @Test
  void rangeLeases_freed_goToTheNextAndNeverBack() {
    var pool = new RangeLeases.Pool(Cidr.parse("fd00:10::/62"), 64);
    var first = new RangeLeases(store, "n1");
    var second = new RangeLeases(store, "n2");
    Cidr range = first.lease(pool).orElseThrow();
    assertEquals(range, new RangeLeases(store, "n1").lease(pool).orElseThrow());
    assertFalse(second.claim(range));
    assertEquals(List.of(range), new RangeLeases(store, "n1").free(List.of()));
    assertEquals(List.of(), first.free(List.of()));
    assertTrue(second.claim(range));
    assertFalse(first.claim(range));
  }

  private static final Duration LONG = Duration.ofHours(1);

  private StoreCluster patient(String node) {
    return new StoreCluster(node, new FlakyStore(store).unclosable(), Optional.empty(), LONG, LONG);
  }

  private void tell(String name, String range) {
    Node node = Node.newBuilder().setName(name).addPodCidrs(range).build();
    store.put(Keys.node(name), node.toByteArray(), Lifetime.SESSION);
  }

  private static void awaitNodes(StoreCluster cluster, String... names) {
    Await.until(
        () -> cluster.inventory().nodes().keySet().equals(Set.of(names)), cluster::inventory);
  }

  @Test
  void cluster_nodesThatAreGone_stayUnlessTheirRangesAreLetGoOf() {
    try (var cluster = patient("n1")) {
      tell("n2", "10.244.2.0/24");
      tell("n3", "10.244.3.0/24");
      assertTrue(new RangeLeases(store, "n3").claim(Cidr.parse("10.244.3.0/24")));
      awaitNodes(cluster, "n2", "n3");
      store.delete(Keys.node("n2")); // as it goes when its lease ends
      store.delete(Keys.node("n3"));
      tell("n4", "10.244.4.0/24");
      awaitNodes(cluster, "n2", "n3", "n4");

      assertEquals(1, cluster.freeRanges("n2").orElseThrow().size());
      awaitNodes(cluster, "n3", "n4");
      assertEquals(1, cluster.freeRanges("10.244.3.0/24").orElseThrow().size());
      awaitNodes(cluster, "n4");
    }
  }

  @Test
  void cluster_anotherNodeWithTheRangeOfOneThatIsGone_takesItsPlace() {
    try (var cluster = patient("n1")) {
      tell("n2", "10.244.2.0/24");
      awaitNodes(cluster, "n2");
      store.delete(Keys.node("n2"));
      tell("n3", "10.244.2.0/24");
      awaitNodes(cluster, "n3");
    }
  }

  @Test
  void get_unknownKey_isEmpty() {
    assertEquals(Optional.empty(), store.get("nodes/n1"));
  }

  @Test
  void put_thenGet_givesValueAndVersion() {
    long version = store.put("nodes/n1", bytes("one"), Lifetime.PERSISTENT);

    var entry = store.get("nodes/n1").orElseThrow();
    assertArrayEquals(bytes("one"), entry.value());
    assertEquals(version, entry.version());
    assertTrue(version > 0);
  }

  @Test
  void put_again_growsVersion() {
    long first = store.put("a", bytes("1"), Lifetime.PERSISTENT);
    long second = store.put("a", bytes("2"), Lifetime.SESSION);
    assertTrue(second > first);
  }

  @Test
  void put_emptyValue_isKept() {
    store.put("a", new byte[0], Lifetime.PERSISTENT);
    assertEquals(0, store.get("a").orElseThrow().value().length);
  }

  @Test
  void list_prefix_isSortedAndBounded() {
    for (String key : List.of("b/2", "b/10", "b/1", "a/1", "c", "b0")) {
      store.put(key, bytes(key), Lifetime.PERSISTENT);
    }
    assertEquals(List.of("b/1", "b/10", "b/2"), keys(store.list("b/")));
    assertEquals(List.of(), store.list("d/"));
  }

  @Test
  void compareAndSet_absentKey_createsOnce() {
    assertTrue(store.compareAndSet("head", 0, bytes("1"), Lifetime.PERSISTENT).isPresent());
    assertTrue(store.compareAndSet("head", 0, bytes("2"), Lifetime.PERSISTENT).isEmpty());
    assertArrayEquals(bytes("1"), store.get("head").orElseThrow().value());
  }

  @Test
  void compareAndSet_oldVersion_changesNothing() {
    long old = store.put("head", bytes("1"), Lifetime.PERSISTENT);
    long now = store.compareAndSet("head", old, bytes("2"), Lifetime.PERSISTENT).orElseThrow();

    assertEquals(
        Optional.empty(), store.compareAndSet("head", old, bytes("3"), Lifetime.PERSISTENT));
    assertEquals(now, store.get("head").orElseThrow().version());
  }

  @Test
  void compareAndSet_manyAtOnce_oneWins() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Optional<Long>>> writes =
          java.util.stream.IntStream.range(0, 16)
              .mapToObj(
                  i ->
                      (Callable<Optional<Long>>)
                          () -> store.compareAndSet("head", 0, bytes("" + i), Lifetime.PERSISTENT))
              .toList();
      long winners = 0;
      for (Future<Optional<Long>> write : threads.invokeAll(writes)) {
        winners += write.get().isPresent() ? 1 : 0;
      }
      assertEquals(1, winners);
    }
  }

  @Test
  void delete_key_saysWhetherItWasThere() {
    store.put("a", bytes("1"), Lifetime.SESSION);
    assertTrue(store.delete("a"));
    assertFalse(store.delete("a"));
    assertTrue(store.get("a").isEmpty());
  }

  @Test
  void delete_thenCreate_needsVersionZero() {
    long old = store.put("a", bytes("1"), Lifetime.PERSISTENT);
    store.delete("a");
    assertTrue(store.compareAndSet("a", old, bytes("2"), Lifetime.PERSISTENT).isEmpty());
    assertTrue(store.compareAndSet("a", 0, bytes("2"), Lifetime.PERSISTENT).isPresent());
  }

  @Test
  void watch_prefix_tellsStateThenChanges() {
    store.put("nodes/n1", bytes("one"), Lifetime.PERSISTENT);
    store.put("other", bytes("x"), Lifetime.PERSISTENT);
    var watcher = new RecordingWatcher();
    try (var watch = store.watch("nodes/", watcher)) {
      Await.until(() -> watcher.calls().contains("synced"), watcher::calls);
      store.put("nodes/n2", bytes("two"), Lifetime.SESSION);
      store.put("other", bytes("y"), Lifetime.PERSISTENT);
      store.delete("nodes/n1");

      Await.until(() -> watcher.calls().contains("-nodes/n1"), watcher::calls);
      assertEquals(
          List.of("reset", "nodes/n1=one", "synced", "nodes/n2=two", "-nodes/n1"), watcher.calls());
    }
  }

  @Test
  void watch_manyWrites_tellsEachInOrder() {
    var watcher = new RecordingWatcher();
    try (var watch = store.watch("a/", watcher)) {
      Await.until(() -> watcher.calls().contains("synced"));
      for (int i = 0; i < 50; i++) {
        store.put("a/x", bytes("" + i), Lifetime.SESSION);
      }
      Await.until(() -> watcher.calls().size() == 52, watcher::calls);
      assertEquals("a/x=0", watcher.calls().get(2));
      assertEquals(Map.of("a/x", "49"), watcher.state());
    }
  }

  @Test
  void watch_closed_tellsNothingMore() {
    var watcher = new RecordingWatcher();
    var other = new RecordingWatcher();
    var watch = store.watch("a/", watcher);
    try (var second = store.watch("a/", other)) {
      Await.until(() -> watcher.calls().contains("synced") && other.calls().contains("synced"));
      watch.close();
      store.put("a/1", bytes("1"), Lifetime.PERSISTENT);
      Await.until(() -> other.state().containsKey("a/1"));
      assertEquals(List.of("reset", "synced"), watcher.calls());
    }
  }

  @Test
  void persistent_afterRestart_isThereWithItsVersion() throws Exception {
    long version = store.put("revisions/1", bytes("one"), Lifetime.PERSISTENT);
    store.close();
    try (var next = again()) {
      var entry = next.get("revisions/1").orElseThrow();
      assertEquals(version, entry.version());
      assertTrue(next.put("revisions/2", bytes("two"), Lifetime.PERSISTENT) > version);
    }
  }

  @Test
  void session_afterClose_goes() throws Exception {
    store.put("nodes/n1", bytes("one"), Lifetime.SESSION);
    store.close();
    try (var next = again()) {
      Await.until(() -> next.get("nodes/n1").isEmpty());
    }
  }

  @Test
  void call_afterClose_isClosed() {
    store.close();
    var error = assertThrows(ClusterStoreException.class, () -> store.get("a"));
    assertEquals(ClusterStoreException.Code.CLOSED, error.code());
  }

  @Test
  void health_afterCall_isAvailable() {
    store.get("a");
    assertTrue(store.health().available());
    assertEquals("", store.health().message());
  }
}
