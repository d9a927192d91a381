package io.sekisho.bench;

import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.agent.cluster.KubernetesStore;
import io.sekisho.policy.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The agents of all nodes but the first: what they would write into the store of custom resources,
 * each by a store of its own with its lease, as agents do. Every ten seconds each tells of itself.
 */
final class KubernetesPeers implements AutoCloseable {
  /** As {@code health.lease_seconds}. */
  private static final Duration LEASE = Duration.ofMinutes(5);

  private static final Duration REPORT = Duration.ofSeconds(10);

  /** So that the requests of all at once fit into what the API server takes on a connection. */
  private static final int NODES_OF_CONNECTION = 10;

  /** The first node is real. */
  private static final int FIRST = 2;

  private final List<ApiServer> connections = new ArrayList<>();
  private final List<KubernetesStore> stores = new ArrayList<>();
  private final IntFunction<Identity> identities;
  private final AtomicLong reports = new AtomicLong();
  private Optional<Thread> reporter = Optional.empty();
  private Optional<KubernetesSlices> slices = Optional.empty();

  /**
   * Nothing is written yet.
   *
   * @param connect makes a connection
   * @param identities of a pod
   */
  KubernetesPeers(Supplier<ApiServer> connect, IntFunction<Identity> identities) {
    this.identities = identities;
    for (int node = FIRST; node <= KubernetesObjects.NODES; node++) {
      if (stores.size() % NODES_OF_CONNECTION == 0) {
        connections.add(connect.get());
      }
      stores.add(
          new KubernetesStore(
              connections.getLast(),
              new KubernetesStore.Settings(
                  KubernetesContent.NAMESPACE, KubernetesObjects.node(node), LEASE)));
    }
  }

  private KubernetesStore store(int node) {
    return stores.get(node - FIRST);
  }

  /** How many there are. */
  static int count() {
    return KubernetesObjects.NODES - FIRST + 1;
  }

  /** Where their nodes are. */
  static List<String> addresses() {
    return IntStream.rangeClosed(FIRST, KubernetesObjects.NODES)
        .mapToObj(KubernetesObjects::nodeAddress)
        .toList();
  }

  /** One of them, from 0 on, tells of its node and of its first pods. */
  void begin(int number) {
    int node = number + FIRST;
    tell(node, 0);
    var endpoints = new HashMap<String, Optional<byte[]>>();
    for (int pod = node - 1; pod < KubernetesObjects.PODS; pod += KubernetesObjects.NODES) {
      endpoints.put(KubernetesObjects.key(pod, 0), Optional.of(endpoint(pod, 0)));
    }
    store(node).update(endpoints, Lifetime.SESSION);
  }

  private void tell(int node, int report) {
    long version =
        store(node)
            .put(
                "nodes/" + KubernetesObjects.node(node),
                KubernetesObjects.told(node, report).toByteArray(),
                Lifetime.SESSION);
    assert version > 0;
  }

  private byte[] endpoint(int pod, int generation) {
    return KubernetesObjects.endpoint(pod, generation, identities.apply(pod)).toByteArray();
  }

  /**
   * From now on each tells of itself again and again.
   *
   * @param written their endpoints, as they are told by now
   */
  void startReports(KubernetesSlices written) {
    slices = Optional.of(written);
    reporter = Optional.of(Thread.ofVirtual().name("reports").start(this::report));
  }

  private void report() {
    try {
      for (int report = 1; true; report++) {
        for (int node = FIRST; node <= KubernetesObjects.NODES; node++) {
          TimeUnit.NANOSECONDS.sleep(REPORT.toNanos() / count());
          tell(node, report);
          reports.incrementAndGet();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How often one of them told of itself. */
  long reports() {
    return reports.get();
  }

  /** A pod's agent has wired it, and let go of the one before it: told at once, as agents do. */
  void wired(int pod, int generation) {
    slices
        .orElseThrow()
        .change(
            Map.of(
                KubernetesObjects.key(pod, generation),
                Optional.of(endpoint(pod, generation)),
                KubernetesObjects.key(pod, generation - 1),
                Optional.empty()));
  }

  @Override
  public void close() {
    reporter.ifPresent(Thread::interrupt);
    stores.forEach(KubernetesStore::close);
    connections.forEach(ApiServer::close);
  }
}
