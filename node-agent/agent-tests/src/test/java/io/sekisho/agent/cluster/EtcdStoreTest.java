package io.sekisho.agent.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.agent.pki.Authority;
import io.sekisho.agent.pki.TlsFiles;
import io.sekisho.agent.rpc.Transport;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract against a real etcd, and what happens when it goes and comes back. */
final class EtcdStoreTest extends ClusterStoreContract {
  private static final Duration LEASE = Duration.ofSeconds(4);
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static Transport transport;
  private static EtcdProcess etcd;
  private static int clusters;
  private String prefix = "";

  @BeforeAll
  static void startEtcd(@TempDir Path folder) throws Exception {
    transport = new Transport();
    etcd = new EtcdProcess(folder);
  }

  @AfterAll
  static void stopEtcd() {
    etcd.close();
    transport.close();
  }

  @Override
  ClusterStore open() {
    prefix = "sekisho/test" + ++clusters + "/";
    return again();
  }

  @Override
  ClusterStore again() {
    return store(etcd.endpoint(), etcd.tls());
  }

  private ClusterStore store(URI endpoint, TlsFiles tls) {
    return new EtcdStore(
        transport.etcd(List.of(endpoint), Optional.of(tls)),
        new EtcdStore.Settings(prefix, LEASE, Duration.ofSeconds(20)));
  }

  @Test
  void session_whileOpen_outlivesItsLease() {
    store.put("nodes/n1", bytes("one"), Lifetime.SESSION);
    var watcher = new RecordingWatcher();
    long end = System.nanoTime() + LEASE.multipliedBy(2).toNanos();
    try (var watch = store.watch("nodes/", watcher)) {
      Await.until(() -> System.nanoTime() > end);
      assertEquals(List.of("reset", "nodes/n1=one", "synced"), watcher.calls());
    }
  }

  @Test
  void session_leaseRevoked_isWrittenAgain() throws Exception {
    store.put("nodes/n1", bytes("one"), Lifetime.SESSION);
    store.put("nodes/n2", bytes("two"), Lifetime.SESSION);
    var watcher = new RecordingWatcher();
    try (var watch = store.watch("nodes/", watcher)) {
      Await.until(() -> watcher.calls().contains("synced"));
      revokeAll();
      Await.until(() -> watcher.calls().contains("-nodes/n1"), watcher::calls);
      Await.until(
          () -> watcher.state().equals(Map.of("nodes/n1", "one", "nodes/n2", "two")),
          watcher::calls);
    }
  }

  @Test
  void put_leaseRevoked_takesNewLeaseAtOnce() throws Exception {
    store.put("nodes/n1", bytes("one"), Lifetime.SESSION);
    revokeAll();
    store.put("nodes/n2", bytes("two"), Lifetime.SESSION);
    Await.until(() -> store.list("nodes/").size() == 2);
  }

  private static void revokeAll() throws Exception {
    for (String line : etcd.control("lease", "list").lines().skip(1).toList()) {
      etcd.control("lease", "revoke", line.strip());
    }
  }

  @Test
  void watch_etcdDownAndBack_tellsStateAgain() throws Exception {
    store.put("nodes/n1", bytes("one"), Lifetime.PERSISTENT);
    var watcher = new RecordingWatcher();
    try (var watch = store.watch("nodes/", watcher)) {
      Await.until(() -> watcher.calls().contains("synced"));
      etcd.kill();
      var error =
          assertThrows(
              ClusterStoreException.class,
              () -> store.put("nodes/n2", bytes("x"), Lifetime.PERSISTENT));
      assertEquals(ClusterStoreException.Code.UNAVAILABLE, error.code());
      assertFalse(store.health().available());

      etcd.start();
      try (var other = again()) {
        Await.until(() -> isPut(other), other::health);
        Await.until(() -> "two".equals(watcher.state().get("nodes/n2")), watcher::calls);
      }
      assertTrue(watcher.calls().stream().filter("reset"::equals).count() >= 2);
      Await.until(() -> store.health().available(), store::health);
    }
  }

  @Test
  void etcdHaltedForLongerThanLeases_isToldAndNobodySeesANodeGo() {
    prefix = "sekisho/halted/";
    try (var one = member("n1");
        var two = member("n2")) {
      one.publish(Node.newBuilder().setName("n1").build());
      two.publish(Node.newBuilder().setName("n2").build());
      two.publish(Endpoint.newBuilder().setId(7).setNode("n2").addAddresses("10.0.2.7").build());
      Await.until(() -> one.inventory().endpoints().containsKey("n2/7"));
      Await.until(() -> one.inventory().nodes().keySet().equals(Set.of("n1", "n2")));
      var less = new AtomicInteger();
      one.listen(
          i -> {
            if (i.nodes().size() < 2 || i.endpoints().isEmpty()) {
              less.incrementAndGet();
            }
          });
      long begun = System.nanoTime();
      etcd.halt();
      Await.until(() -> !one.health().available(), one::health);
      assertTrue(
          one.health()
              .message()
              .matches(
                  "etcd does not answer: nothing within 1 s, since [0-9-]+T[0-9:.]+Z; traffic,"
                      + " policies and pods of known labels go on"),
          () -> one.health().message());
      Await.until(() -> System.nanoTime() - begun > SHORT.plusSeconds(1).toNanos());
      etcd.resume();
      two.publish(Node.newBuilder().setName("n2").setVersion("2").build());
      Await.until(
          () -> {
            Node seen = one.inventory().nodes().get("n2");
            return seen != null && seen.getVersion().equals("2");
          },
          one::inventory);
      Await.until(() -> one.health().available(), one::health);
      assertEquals(0, less.get(), "snapshots without the other node or its endpoint");
    } finally {
      etcd.resume();
    }
  }

  private StoreCluster member(String node) {
    return new StoreCluster(
        node,
        new EtcdStore(
            transport.etcd(List.of(etcd.endpoint()), Optional.of(etcd.tls())),
            new EtcdStore.Settings(prefix, SHORT, Duration.ofSeconds(1))));
  }

  private static boolean isPut(ClusterStore other) {
    try {
      other.put("nodes/n2", bytes("two"), Lifetime.PERSISTENT);
      return true;
    } catch (ClusterStoreException e) {
      return false;
    }
  }

  @Test
  void watch_compacted_goesOn() throws Exception {
    var watcher = new RecordingWatcher();
    try (var watch = store.watch("a/", watcher)) {
      Await.until(() -> watcher.calls().contains("synced"));
      long version = store.put("a/1", bytes("1"), Lifetime.PERSISTENT);
      etcd.control("compact", "" + version);
      store.put("a/2", bytes("2"), Lifetime.PERSISTENT);
      Await.until(() -> watcher.state().equals(Map.of("a/1", "1", "a/2", "2")), watcher::calls);
    }
  }

  @Test
  void open_withoutEtcd_startsAndFailsInTime() {
    long begin = System.nanoTime();
    try (var nowhere = store(URI.create("https://127.0.0.1:1"), etcd.tls())) {
      assertFalse(nowhere.health().available());
      var watcher = new RecordingWatcher();
      try (var watch = nowhere.watch("nodes/", watcher)) {
        var error = assertThrows(ClusterStoreException.class, () -> nowhere.get("a"));
        assertEquals(ClusterStoreException.Code.UNAVAILABLE, error.code());
        assertEquals(List.of(), watcher.calls());
      }
    }
    assertTrue(System.nanoTime() - begin < Duration.ofSeconds(30).toNanos());
  }

  @Test
  void open_foreignCertificate_isRefused(@TempDir Path folder) {
    var foreign = new Authority(folder, Clock.systemUTC());
    foreign.init();
    foreign.node("n9", List.of("127.0.0.1"));
    var tls = new TlsFiles(etcd.tls().ca(), folder.resolve("n9.crt"), folder.resolve("n9.key"));
    try (var refused = store(etcd.endpoint(), tls)) {
      assertThrows(ClusterStoreException.class, () -> refused.get("a"));
      assertFalse(refused.health().available());
    }
  }
}
