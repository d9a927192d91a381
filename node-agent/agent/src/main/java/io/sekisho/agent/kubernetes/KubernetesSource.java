package io.sekisho.agent.kubernetes;

import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.LeaderLease;
import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.cni.PodSource;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.endpoint.EndpointSpec;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.node.NodePart;
import io.sekisho.agent.revision.Intent;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.DocumentName;
import io.sekisho.policy.Kind;
import io.sekisho.policy.Labels;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Kubernetes as a source of intent: follows the API server, gives pods their labels, and puts its
 * policies beside those of revisions. While the API server is away all that was known goes on.
 */
public final class KubernetesSource implements NodePart, AutoCloseable {
  private static final String COMPONENT = "kubernetes";
  private static final String POLICIES = "kubernetes policies";
  private static final Duration LEADER = Duration.ofSeconds(15);

  /** Changes within it become one. */
  private static final long COALESCE_MILLIS = 20;

  private static final long LOOK_MILLIS = 1000;

  private final AgentConfig.Kubernetes config;
  private final ApiServer api;
  private final Health health;
  private final Clock clock;
  private final PodDirectory pods;
  private final PolicyObjects policies;
  private final PolicyFile file;
  private final MergedIntent merged;
  private final OwnNode node;
  private final List<ListWatch> watches = new ArrayList<>();
  private final List<AutoCloseable> parts = new ArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("kubernetes").daemon().unstarted(task));
  private final AtomicBoolean policiesPosted = new AtomicBoolean();
  private final AtomicBoolean labelsPosted = new AtomicBoolean();
  private volatile LongSupplier realized = () -> Long.MIN_VALUE;
  private volatile Relabel relabel = labels -> {};

  /** Gives the node's endpoints the labels that they should have. */
  @FunctionalInterface
  public interface Relabel {
    /**
     * Looks at all endpoints; must not block.
     *
     * @param labels what an endpoint should have; empty where nothing is known
     */
    void relabel(Function<EndpointSpec.Request, Optional<Labels>> labels);
  }

  /**
   * Nothing is asked yet.
   *
   * @param nanos the ticker
   * @param intended takes what the node shall realize
   */
  public KubernetesSource(
      AgentConfig config,
      AgentConfig.Kubernetes kubernetes,
      ApiServer api,
      Health health,
      Clock clock,
      LongSupplier nanos,
      Intent.Listener intended) {
    this.config = kubernetes;
    this.api = api;
    this.health = health;
    this.clock = clock;
    var filter = new LabelFilter(kubernetes.includeLabels(), kubernetes.excludeLabels());
    pods = new PodDirectory(filter, kubernetes.podTimeout(), this::labelsChanged);
    policies = new PolicyObjects(this::policiesChanged);
    file = new PolicyFile(config.dirs().state(), health);
    merged = new MergedIntent(nanos, intended);
    node = new OwnNode(api, config.node().name(), clock);
    watch(List.of(ResourceKind.NAMESPACE), "", pods.namespaceHandler());
    watch(List.of(ResourceKind.POD), "spec.nodeName=" + config.node().name(), pods.podHandler());
    PolicyKinds.read()
        .forEach(kind -> watch(PolicyKinds.resources(kind), "", policies.handler(kind)));
  }

  private void watch(List<ResourceKind> kinds, String fields, ListWatch.Handler handler) {
    watches.add(new ListWatch(api, kinds, new ListWatch.Scope("", fields), handler));
  }

  /** Knows the pods of ADD. */
  public PodSource pods() {
    return pods;
  }

  /** A revision is in force; any thread. */
  public void revision(Intent intent) {
    if (!thread.isShutdown()) {
      thread.execute(() -> merged.revision(intent));
    }
  }

  /** Who has a document name beside the revisions; empty if nobody has. */
  public Optional<String> owner(DocumentName name) {
    return merged.hasObject(name) ? Optional.of("the Kubernetes API server") : Optional.empty();
  }

  /** Begins to follow the API server; what an earlier agent knew counts until it answers. */
  public void start() {
    file.read()
        .ifPresent(
            known -> {
              policies.restore(known);
              thread.execute(() -> merged.objects(known));
            });
    watches.forEach(ListWatch::start);
    thread.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * The agent serves pods.
   *
   * @param labels relabels its endpoints
   * @param realizedNanos {@link Intent#pushedNanos} of the newest intent that is realized
   * @param inventory the cluster
   */
  public void serving(Relabel labels, LongSupplier realizedNanos, Supplier<Inventory> inventory) {
    relabel = labels;
    realized = realizedNanos;
    labelsChanged();
    String self =
        config.nodeName() + "-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    var leader = new LeaderLease(api, config.namespace(), "sekisho-policy-status", self, LEADER);
    parts.add(new PolicyStatus(api, leader, policies, merged::taken, inventory, clock));
    var own = new ListWatch.Scope("", "metadata.name=" + config.nodeName());
    watches.add(new ListWatch(api, List.of(ResourceKind.NODE), own, node).start());
  }

  private void policiesChanged() {
    later(policiesPosted, this::takePolicies);
  }

  private void takePolicies() {
    if (policies.complete()) {
      List<PolicyObject> all = policies.all();
      merged.objects(all);
      file.write(all);
    }
  }

  private void labelsChanged() {
    later(labelsPosted, () -> relabel.relabel(pods::labels));
  }

  private void later(AtomicBoolean posted, Runnable task) {
    if (!thread.isShutdown() && posted.compareAndSet(false, true)) {
      thread.schedule(
          () -> {
            posted.set(false);
            task.run();
          },
          COALESCE_MILLIS,
          TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    ApiServer.Health now = api.health();
    if (now.available()) {
      health.clear(COMPONENT);
    } else {
      health.report(
          COMPONENT,
          now.message() + ", since " + now.since() + "; traffic, policies and known pods go on");
    }
    List<Kind> unread = policies.unread();
    if (unread.isEmpty()) {
      health.clear(POLICIES);
    } else {
      health.report(
          POLICIES,
          "no change of a policy takes effect until the API server tells of "
              + PolicyObjects.words(unread));
    }
    // A name that was refused may be free by now, and endpoints may have come since.
    relabel.relabel(pods::labels);
  }

  @Override
  public void addTo(Node.Builder out) {
    out.putAllKubernetesDocuments(merged.digests(realized.getAsLong()));
    List<Kind> missing = policies.missing();
    out.setKubernetes(
        (api.health().available() ? "ok" : api.health().message())
            + (missing.isEmpty() ? "" : "; not known there: " + PolicyObjects.words(missing)));
    node.facts().ifPresent(facts -> out.setCordoned(facts.cordoned()));
  }

  @Override
  public void close() {
    thread.shutdownNow();
    watches.forEach(ListWatch::close);
    parts.forEach(KubernetesSource::close);
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing never fails", e);
    }
  }
}
