package io.sekisho.agent.kubernetes;

import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.apiserver.LeaderLease;
import io.sekisho.agent.apiserver.ListWatch;
import io.sekisho.agent.apiserver.ListWatch.Scope;
import io.sekisho.agent.apiserver.ResourceKind;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.cni.PodSource;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.endpoint.EndpointSpec;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.host.CniFolder;
import io.sekisho.agent.node.NodePart;
import io.sekisho.agent.revision.Intent;
import io.sekisho.agent.revision.Judge;
import io.sekisho.agent.revision.OtherDocuments;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Kind;
import io.sekisho.policy.Labels;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private static final System.Logger LOG = System.getLogger(KubernetesSource.class.getName());
  private static final Duration LEADER = Duration.ofSeconds(15);

  /** Changes within it become one. */
  private static final long COALESCE_MILLIS = 20;

  private static final long LOOK_MILLIS = 1000;
  private static final long END_SECONDS = 2;

  private final AgentConfig config;
  private final AgentConfig.Kubernetes kubernetes;
  private final ApiServer api;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Sink sink;
  private final PodDirectory pods;
  private final PodFile podFile;
  private final PolicyObjects policies;
  private final PolicyFile policyFile;
  private final ServiceDirectory services;
  private final ServiceFile serviceFile;
  private final MergedIntent merged;
  private final OwnNode node;
  private final NodeLabelFile labelFile;
  private final SourceReport report;
  private final EventWriter events;
  private final Set<String> warned = new HashSet<>();
  private final List<ListWatch> policyWatches = new ArrayList<>();
  private final List<ListWatch> watches = new ArrayList<>();
  private final List<ListWatch> reported = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> parts = new ArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("kubernetes").daemon().unstarted(task));
  private final AtomicBoolean statePosted = new AtomicBoolean();
  private final AtomicBoolean labelsPosted = new AtomicBoolean();
  private volatile LongSupplier realized = () -> Long.MIN_VALUE;
  private volatile Relabel relabel = labels -> {};
  private volatile boolean serving;
  private Map<String, String> nodeLabels = Map.of();
  private volatile List<String> labels = List.of();
  private final NodeTrouble nodeTrouble;
  private final CniFolder cniFolder;

  /** Takes what the API server says. */
  public interface Sink {
    /** What the node shall realize; must not block. */
    void intended(Intent intent);

    /** The node's own labels, as texts with their source; must not block. */
    void labelled(Collection<String> labels);
  }

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
   */
  public KubernetesSource(
      AgentConfig config,
      AgentConfig.Kubernetes kubernetes,
      ApiServer api,
      Health health,
      Clock clock,
      LongSupplier nanos,
      Sink sink) {
    this.config = config;
    this.kubernetes = kubernetes;
    this.api = api;
    this.clock = clock;
    this.nanos = nanos;
    this.sink = sink;
    Path state = config.dirs().state();
    var filter = new LabelFilter(kubernetes.includeLabels(), kubernetes.excludeLabels());
    pods =
        new PodDirectory(
            filter,
            kubernetes.podTimeout(),
            () -> api.health().message(),
            this::labelsChanged,
            nanos);
    podFile = new PodFile(state, health);
    policies = new PolicyObjects(this::stateChanged, nanos);
    policyFile = new PolicyFile(state, health);
    services = new ServiceDirectory(this::stateChanged, nanos);
    serviceFile = new ServiceFile(state, health);
    merged = new MergedIntent(nanos, sink::intended);
    node = new OwnNode(api, kubernetes.nodeName(), this::stateChanged, clock, nanos);
    labelFile = new NodeLabelFile(state, health);
    events = new EventWriter(api, kubernetes.nodeName(), clock);
    nodeTrouble = new NodeTrouble(config, node);
    cniFolder = new CniFolder(kubernetes.cniConfiguration());
    report = new SourceReport(api, policies, health);
    String self = kubernetes.nodeName();
    watch(ResourceKind.NAMESPACE, Scope.ALL, pods.namespaceHandler());
    watch(ResourceKind.POD, Scope.fields("spec.nodeName=" + self), pods.podHandler());
    watch(ResourceKind.NODE, Scope.fields("metadata.name=" + self), node.handler());
    watch(ResourceKind.SERVICE, Scope.ALL, services.serviceHandler());
    watch(
        ResourceKind.ENDPOINT_SLICE, Scope.labels(SliceFacts.NOT_OF_PODS), services.sliceHandler());
    for (Kind kind : PolicyKinds.read()) {
      policyWatches.add(
          new ListWatch(api, PolicyKinds.resources(kind), Scope.ALL, policies.handler(kind)));
    }
  }

  private void watch(ResourceKind kind, Scope scope, ListWatch.Handler handler) {
    watches.add(new ListWatch(api, List.of(kind), scope, handler));
    reported.add(watches.getLast());
  }

  /** Somebody else's watches, whose trouble is reported beside that of its own. */
  public void reporting(List<ListWatch> others) {
    reported.addAll(others);
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

  /** What is in force beside revisions. */
  public OtherDocuments documents() {
    return merged;
  }

  /** Begins to follow the API server; what an earlier agent knew counts until it answers. */
  public void start() {
    podFile.read().ifPresent(pods::restore);
    policyFile.read().ifPresent(this::restore);
    watches.forEach(ListWatch::start);
    policyWatches.forEach(ListWatch::start);
    thread.scheduleWithFixedDelay(() -> guarded(this::look), 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** An agent that kept policies kept the rest too, or was one that did not use it. */
  private void restore(List<PolicyObject> known) {
    policies.restore(known);
    services.restore(serviceFile.read().orElse(List.of()));
    node.restore(labelFile.read().orElse(Map.of()));
    stateChanged();
  }

  /**
   * The agent serves pods.
   *
   * @param labels relabels its endpoints
   * @param realizedNanos {@link Intent#pushedNanos} of the newest intent that is realized
   * @param inventory the cluster
   * @param judge proves expectations
   */
  public void serving(
      Relabel labels, LongSupplier realizedNanos, Supplier<Inventory> inventory, Judge judge) {
    relabel = labels;
    realized = realizedNanos;
    serving = true;
    labelsChanged();
    String self =
        kubernetes.nodeName()
            + "-"
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    var leader =
        new LeaderLease(api, kubernetes.namespace(), "sekisho-policy-status", self, LEADER);
    var proofs = new Proofs(merged, judge, inventory, nanos);
    parts.add(new PolicyStatus(api, leader, events, policies, merged, proofs, inventory, clock));
  }

  private void stateChanged() {
    later(statePosted, this::takeState);
  }

  /** Labels go first: an intent must not be realized by a node that is not what it will be. */
  private void takeState() {
    node.facts().ifPresent(facts -> takeLabels(facts.labels()));
    if (policies.complete() && services.settled() && node.settled()) {
      List<PolicyObject> all = policies.all();
      List<ServiceFacts> known = services.all();
      merged.objects(all, ServiceDirectory.catalog(known));
      policyFile.write(all);
      serviceFile.write(known);
    }
  }

  /** A node that is deleted in Kubernetes keeps its labels until it comes back with others. */
  private void takeLabels(Map<String, String> now) {
    if (!now.equals(nodeLabels)) {
      nodeLabels = now;
      labels = allLabels();
      sink.labelled(labels);
      labelFile.write(now);
    }
  }

  /** What Kubernetes says of a label goes before what the configuration says. */
  private List<String> allLabels() {
    Map<String, String> all = new TreeMap<>();
    for (String text : config.node().labels()) {
      int equals = text.indexOf('=');
      all.put(
          equals < 0 ? text : text.substring(0, equals),
          equals < 0 ? "" : text.substring(equals + 1));
    }
    nodeLabels.forEach((name, value) -> all.put("k8s:" + name, value));
    return all.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  private void labelsChanged() {
    later(labelsPosted, this::takePods);
  }

  /** What is kept must not be older than what an endpoint has. */
  private void takePods() {
    if (pods.told()) {
      podFile.write(pods.known());
    }
    relabel.relabel(pods::labels);
  }

  private void later(AtomicBoolean posted, Runnable task) {
    if (!thread.isShutdown() && posted.compareAndSet(false, true)) {
      thread.schedule(
          () -> {
            posted.set(false);
            guarded(task);
          },
          COALESCE_MILLIS,
          TimeUnit.MILLISECONDS);
    }
  }

  /** A fault of ours must not end what comes after it. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "following Kubernetes", e);
    }
  }

  private void look() {
    String otherFirst = otherFirst();
    report.look(policyWatches, reported, nodeTrouble.sentence(), otherFirst, pods.wrong());
    if (serving) {
      node.mark(otherFirst);
    }
    pods.wrong().forEach(this::warn);
    if (!merged.isComplete()) {
      stateChanged();
    }
    // A name that was refused may be free by now, and endpoints may have come since.
    relabel.relabel(pods::labels);
  }

  /**
   * A network that pods of this node get instead of ours, in a sentence; empty if there is none.
   */
  private String otherFirst() {
    List<String> files = cniFolder.first();
    return files.isEmpty()
        ? ""
        : String.join(", ", files)
            + (files.size() == 1 ? " comes" : " come")
            + " before "
            + kubernetes.cniConfiguration()
            + ": new pods get that network, not this one; remove it there";
  }

  /** Each thing that is wrong with a pod is told once. */
  private void warn(PodFacts pod) {
    if (serving && warned.add(pod.uid() + pod.limits().problem())) {
      var about = new EventWriter.About("v1", "Pod", pod.namespace(), pod.name(), pod.uid());
      Thread.ofVirtual()
          .name("pod-event")
          .start(() -> events.warn(about, "InvalidBandwidth", pod.limits().problem()));
    }
    warned.retainAll(pods.wrong().stream().map(p -> p.uid() + p.limits().problem()).toList());
  }

  @Override
  public void addTo(Node.Builder out) {
    out.putAllKubernetesDocuments(merged.digests(realized.getAsLong()));
    out.setKubernetes(report.sentence());
    node.facts().ifPresent(facts -> out.setCordoned(facts.cordoned()));
    if (!labels.isEmpty()) {
      out.clearLabels().addAllLabels(labels);
    }
  }

  @Override
  public void close() {
    end();
    watches.forEach(ListWatch::close);
    policyWatches.forEach(ListWatch::close);
    parts.forEach(KubernetesSource::close);
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing never fails", e);
    }
  }

  /** Lets a file be written to its end: an interrupt would close it. */
  private void end() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
