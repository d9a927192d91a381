package io.sekisho.bench;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.agent.cluster.KubernetesStore;
import io.sekisho.agent.cluster.StoreCluster;
import io.sekisho.lab.LabException;
import io.sekisho.policy.Identity;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/**
 * What a real API server holds of the made cluster, and its changes: the part of everybody but one
 * agent. Of the other nodes' agents it writes what they would, into the store of custom resources.
 */
final class KubernetesContent implements AutoCloseable {
  static final String NAMESPACE = "sekisho-system";

  private static final long PAGE = 500;

  /** Requests that are under way at a time. */
  private static final int PARALLEL = 16;

  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The bench is not what is measured: no budget of its own stands in its way. */
  private static final int PER_SECOND = 100_000;

  private final ApiServer api;
  private final KubernetesRequests requests;
  private final KubernetesPeers peers;
  private final Map<Integer, Identity> identities = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> generations = new ConcurrentHashMap<>();
  private final Map<Integer, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final Map<Integer, String> addresses = new ConcurrentHashMap<>();

  KubernetesContent(Path kubeconfig) {
    api = open(kubeconfig);
    requests = new KubernetesRequests(kubeconfig);
    peers = new KubernetesPeers(() -> open(kubeconfig), this::identityOf);
  }

  private static ApiServer open(Path kubeconfig) {
    return ApiServer.open(
        new ApiServer.Settings(Optional.of(kubeconfig), PATIENCE, PER_SECOND), Clock.systemUTC());
  }

  /** Makes everything, as it is before anything changes. */
  void fill(Path kubeconfig) {
    create(KubernetesObjects.NAMESPACES, ResourceKind.NAMESPACE, KubernetesObjects::namespace);
    create(KubernetesObjects.NODES, ResourceKind.NODE, n -> KubernetesObjects.nodeObject(n + 1));
    each(KubernetesObjects.SERVICES, this::service);
    each(KubernetesObjects.SERVICES, this::slice);
    create(KubernetesObjects.POLICIES, KubernetesObjects.POLICY, KubernetesObjects::policy);
    each(KubernetesObjects.PODS, p -> create(p, 0));
    identities(kubeconfig);
    each(KubernetesPeers.count(), peers::begin);
    peers.startReports(new KubernetesSlices(api, requests));
  }

  private void create(int count, ResourceKind kind, IntFunction<GenericKubernetesResource> object) {
    each(
        count,
        n -> {
          var made = api.create(kind, object.apply(n));
          assert made != null;
        });
  }

  private void slice(int service) {
    String version =
        requests.create(
            ResourceKind.ENDPOINT_SLICE,
            KubernetesObjects.namespaceOfService(service),
            KubernetesObjects.slice(service, Map.of()));
    assert !version.isEmpty();
  }

  private void create(int pod, int generation) {
    String version =
        requests.create(ResourceKind.POD, namespaceOf(pod), KubernetesObjects.pod(pod, generation));
    assert !version.isEmpty();
  }

  private static String namespaceOf(int pod) {
    return KubernetesObjects.namespaceOf(KubernetesObjects.appOf(pod));
  }

  private void service(int number) {
    var made = api.create(ResourceKind.SERVICE, KubernetesObjects.service(number));
    addresses.put(number, String.valueOf(made.<Object>get("spec", "clusterIP")));
  }

  /** The cluster address of a pod's service. */
  String serviceOf(int pod) {
    return addresses.getOrDefault(KubernetesObjects.serviceOf(pod), "");
  }

  private void identities(Path kubeconfig) {
    try (var own = open(kubeconfig);
        var cluster =
            new StoreCluster(
                "maker",
                new KubernetesStore(
                    own, new KubernetesStore.Settings(NAMESPACE, "maker", LEASE)))) {
      each(
          KubernetesObjects.APPS,
          app -> identities.put(app, cluster.identity(KubernetesObjects.labels(app)).join()));
    }
  }

  /** The identity of a pod. */
  Identity identityOf(int pod) {
    Identity identity = identities.get(KubernetesObjects.appOf(pod));
    if (identity == null) {
      throw new IllegalStateException("pod " + pod + " has no identity yet");
    }
    return identity;
  }

  /** The number of who has the address {@code 10.128.node.host}. */
  int identityAt(int node, int host) {
    return identityOf(KubernetesObjects.podAt(node, host)).number();
  }

  /** How often a pod was replaced. */
  int generation(int pod) {
    return generations.getOrDefault(pod, 0);
  }

  /** Another pod of the app comes to the node; its object alone. */
  int create(int pod) {
    int next = generations.merge(pod, 1, Integer::sum);
    create(pod, next);
    return next;
  }

  /** Its node's agent has wired the pod of now. */
  void wired(int pod) {
    peers.wired(pod, generation(pod));
  }

  /** Its kubelet says that it is ready. */
  void ready(int pod) {
    String version =
        requests.patchStatus(
            ResourceKind.POD,
            namespaceOf(pod),
            KubernetesObjects.podName(pod, generation(pod)),
            KubernetesObjects.ready(KubernetesObjects.address(pod, generation(pod))));
    assert !version.isEmpty();
  }

  /** The controller of slices lets it serve in place of the one before. */
  void serve(int pod) {
    int service = KubernetesObjects.serviceOf(pod);
    // one after the other, or an older list could come last
    ReentrantLock lock = locks.computeIfAbsent(service, s -> new ReentrantLock());
    lock.lock();
    try {
      String version =
          requests.replace(
              ResourceKind.ENDPOINT_SLICE,
              namespaceOf(pod),
              KubernetesObjects.sliceName(service),
              KubernetesObjects.slice(service, generations));
      assert !version.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** The pod before it goes. */
  void delete(int pod) {
    requests.delete(
        ResourceKind.POD, namespaceOf(pod), KubernetesObjects.podName(pod, generation(pod) - 1));
  }

  /** How often other nodes' agents told of themselves. */
  long reports() {
    return peers.reports();
  }

  /** How many objects of a kind there are. */
  long count(ResourceKind kind) {
    var options = new ListOptionsBuilder().withLimit(PAGE);
    long count = 0;
    while (true) {
      var page = api.list(kind, "", options.build());
      count += page.getItems().size();
      String next = page.getMetadata().getContinue();
      if (next == null || next.isEmpty()) {
        return count;
      }
      options.withContinue(next);
    }
  }

  /** Does something for each number from 0 on, several at a time; fails if one of them does. */
  private static void each(int count, IntConsumer work) {
    var slots = new Semaphore(PARALLEL);
    var failure = new AtomicReference<Optional<RuntimeException>>(Optional.empty());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count && failure.get().isEmpty(); i++) {
        int number = i;
        slots.acquireUninterruptibly();
        threads.execute(
            () -> {
              try {
                work.accept(number);
              } catch (RuntimeException e) {
                failure.set(Optional.of(e));
              } finally {
                slots.release();
              }
            });
      }
    }
    failure
        .get()
        .ifPresent(
            e -> {
              throw new LabException(
                  LabException.Code.AGENT, "the cluster is not made: " + e.getMessage(), e);
            });
  }

  @Override
  public void close() {
    peers.close();
    requests.close();
    api.close();
  }
}
