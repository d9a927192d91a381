package io.sekisho.agent;

import io.sekisho.agent.cluster.Cluster;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.cni.CniHandler;
import io.sekisho.agent.cni.CniServer;
import io.sekisho.agent.cni.PodSource;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.ConnectionCapacity;
import io.sekisho.agent.datapath.Datapath;
import io.sekisho.agent.datapath.NodeChange;
import io.sekisho.agent.datapath.NodeConfig;
import io.sekisho.agent.datapath.NodeKernel;
import io.sekisho.agent.datapath.ServiceAddress;
import io.sekisho.agent.datapath.ServiceBackends;
import io.sekisho.agent.datapath.WiredEndpoint;
import io.sekisho.agent.endpoint.EndpointFiles;
import io.sekisho.agent.endpoint.EndpointPublisher;
import io.sekisho.agent.endpoint.EndpointRelabelling;
import io.sekisho.agent.endpoint.EndpointRepair;
import io.sekisho.agent.endpoint.EndpointRestore;
import io.sekisho.agent.endpoint.EndpointService;
import io.sekisho.agent.endpoint.EndpointSpec;
import io.sekisho.agent.endpoint.Endpoints;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.health.ProbeServer;
import io.sekisho.agent.health.StatusSource;
import io.sekisho.agent.identity.ApiServers;
import io.sekisho.agent.identity.LocalIdentities;
import io.sekisho.agent.ipam.Ipam;
import io.sekisho.agent.ipam.PodRanges;
import io.sekisho.agent.ipam.RangeSupply;
import io.sekisho.agent.ipcache.Site;
import io.sekisho.agent.loop.EventLoop;
import io.sekisho.agent.loop.Ticker;
import io.sekisho.agent.metrics.Metrics;
import io.sekisho.agent.metrics.MetricsServer;
import io.sekisho.agent.node.Machine;
import io.sekisho.agent.node.NodePart;
import io.sekisho.agent.node.NodeReporter;
import io.sekisho.agent.observer.FlowObserver;
import io.sekisho.agent.observer.FlowSource;
import io.sekisho.agent.path.LocalPaths;
import io.sekisho.agent.path.PathTracer;
import io.sekisho.agent.policy.NodeEnforcement;
import io.sekisho.agent.policy.RuleNames;
import io.sekisho.agent.probe.Probing;
import io.sekisho.agent.reconcile.KernelRepair;
import io.sekisho.agent.reconcile.NodePolicy;
import io.sekisho.agent.reconcile.Outcome;
import io.sekisho.agent.reconcile.Planner;
import io.sekisho.agent.reconcile.Reconciler;
import io.sekisho.agent.reconcile.Verifier;
import io.sekisho.agent.revision.Intent;
import io.sekisho.agent.revision.Realization;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Labels;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The agent between cluster and datapath: everything but the store, the gRPC server and the kernel,
 * which come from outside, so that tests bring their own.
 */
public final class AgentCore implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AgentCore.class.getName());
  private static final String DATAPATH = "datapath";
  private static final String RANGES = "ranges of nodes";
  private static final Duration ENDPOINT_TIMEOUT = Duration.ofSeconds(10);

  /** Longer than any task of the event loop takes, even on a machine that is short of time. */
  private static final Duration LOOP_PATIENCE = Duration.ofSeconds(5);

  /** Size of the kernel's event ring: 4 MiB hold 43,000 events of 96 bytes. */
  private static final int EVENT_RING_BYTES = 4 << 20;

  private final AgentConfig config;
  private final List<InetAddress> underlay;
  private volatile List<InetAddress> present;
  private final Cluster cluster;
  private final Clock clock;
  private final Ticker ticker;
  private final Datapath datapath;
  private final NodeKernel kernel;
  private final Health health;
  private final Metrics metrics = new Metrics();
  private final RuleNames rules = new RuleNames();
  private final EventLoop loop;
  private final Reconciler reconciler;
  private final Endpoints endpoints;
  private final EndpointFiles files;
  private final Outcome outcome;
  private final Planner planner;
  private final SelfReport report;
  private final Probing probing;
  private final FlowObserver flows;
  private final UnderlayFollower follower;
  private final EndpointRestore restore;
  private final EndpointService service;
  private final EndpointRepair repair;
  private final KernelRepair kernelRepair;
  private final EndpointRelabelling relabelling;
  private final Verifier verifier;
  private final LocalEnforcement enforcement;
  private final RangeSupply supply;
  private final List<AutoCloseable> servers = new ArrayList<>();
  private Optional<CompletableFuture<List<WiredEndpoint>>> opening = Optional.empty();
  private Optional<NodeReporter> reporter = Optional.empty();
  private PodSource pods = PodSource.NONE;
  private Optional<NodePart> source = Optional.empty();
  private volatile boolean closed;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("state-writer").factory());

  /**
   * Puts the parts together; nothing runs in the kernel or towards others yet.
   *
   * @param underlay the node's own underlay addresses
   * @param ranges where pods' addresses come from; asked by {@link #begin}
   * @param realization hears what became of intents
   */
  public AgentCore(
      AgentConfig config,
      List<InetAddress> underlay,
      PodRanges ranges,
      Datapath datapath,
      NodeKernel kernel,
      Cluster cluster,
      Realization realization,
      Clock clock,
      Ticker ticker) {
    this.config = config;
    this.underlay = List.copyOf(underlay);
    this.present = this.underlay;
    this.cluster = cluster;
    this.clock = clock;
    this.ticker = ticker;
    this.datapath = datapath;
    this.kernel = kernel;
    String node = config.node().name();
    health = new Health(clock);
    loop = new EventLoop("sekisho-loop", ticker, e -> health.report("event loop", e.toString()));
    reconciler = new Reconciler(datapath, ticker, health, metrics);
    var ipam = new Ipam(List.of());
    endpoints = new Endpoints(ipam);
    supply = new RangeSupply(ranges, ipam, loop, health, this::extended);
    files = new EndpointFiles(config.dirs().state(), health);
    var publisher = new EndpointPublisher(node, loop, endpoints, cluster);
    outcome = new Outcome(endpoints, realization, metrics, ticker, publisher::later);
    planner = planner(config, clock);
    report = new SelfReport(config, underlay, kernel);
    probing = new Probing(config, underlay, loop, planner, ipam, kernel, health, clock);
    var seen = observing(config, clock, ticker);
    flows = new FlowObserver(seen, planner::view, rules, metrics);
    var device = config.underlay();
    var following =
        new UnderlayFollower.Settings(
            device.device(), !device.addresses().isEmpty(), this::settings);
    follower =
        new UnderlayFollower(
            following, underlay, loop, reconciler::submit, health, clock, this::followed);
    restore =
        new EndpointRestore(node, loop, endpoints, files, cluster, publisher, planner, health);
    service =
        new EndpointService(
            loop, endpoints, files, cluster, publisher, planner, health, ENDPOINT_TIMEOUT);
    relabelling = new EndpointRelabelling(endpoints, service, health);
    repair = new EndpointRepair(loop, endpoints, files, service, planner, health);
    kernelRepair = new KernelRepair(loop, reconciler, health);
    verifier = new Verifier(loop, planner, health, metrics, clock);
    enforcement =
        new LocalEnforcement(
            node, config.policy().enforcement(), loop, planner, endpoints, service, verifier);
  }

  private Planner planner(AgentConfig config, Clock clock) {
    return new Planner(
        new Site(config.node().name(), underlay, config.routing(), config.masquerade().exclude()),
        config.policy().enforcement(),
        loop,
        reconciler,
        endpoints,
        new NodePolicy(
            config.node().labels(),
            config.failSafe(),
            new ApiServers(config.apiServers()),
            config.policy().spared()),
        new LocalIdentities(config.dirs().state(), writer, health, clock),
        rules,
        outcome,
        health);
  }

  private static FlowObserver.Settings observing(AgentConfig config, Clock clock, Ticker ticker) {
    return new FlowObserver.Settings(
        config.node().name(),
        config.node().cluster(),
        config.flows().capacity(),
        clock,
        ticker::nanos);
  }

  /**
   * Opens the datapath, brings back the endpoints of an earlier agent, and serves CNI.
   *
   * @param grpc where this agent is reached over TCP, if it is
   * @param version the agent's
   * @throws io.sekisho.agent.datapath.DatapathException if the datapath cannot be opened
   */
  public void start(Optional<InetSocketAddress> grpc, String version) {
    List<WiredEndpoint> wired = open();
    loop.call(
        () -> {
          restore.restore(probing.start(wired));
          planner.changed();
          repair.start();
          kernelRepair.start();
          verifier.every(Duration.ofSeconds(config.policy().verifySeconds()));
          return true;
        });
    cluster.listen(this::inventory);
    var handler =
        new CniHandler(endpoints, service, pods, this::waitsFor, this::limited, metrics, ticker);
    servers.add(new CniServer(config.dirs().cniSocket(), handler));
    servers.add(new MetricsServer(config.dirs().metricsSocket(), metrics));
    reporter = Optional.of(reporter(grpc, version));
    metrics.gauge("sekisho_prefilter_prefixes", reporter.get()::deniedPrefixes);
    reporter.get().start();
    report.begin();
    supply.start();
    config
        .health()
        .listen()
        .ifPresent(at -> servers.add(new ProbeServer(at, this::waiting, LOOP_PATIENCE)));
  }

  private CompletableFuture<Optional<String>> waiting() {
    return loop.submit(planner::waitsFor).thenApply(w -> w.or(supply::shortage));
  }

  private Optional<String> waitsFor() {
    return loop.call(planner::waitsFor).or(supply::shortage);
  }

  /** What is wrong with all of the dataplane. */
  private Optional<String> limited() {
    return health.problems().stream()
        .filter(p -> p.component().equals(Reconciler.WHOLE) || p.component().equals(DATAPATH))
        .map(p -> p.component() + ": " + p.message())
        .findFirst();
  }

  /** The node has other ranges than before: the datapath and the others must know. */
  private void extended(List<Cidr> ranges) {
    reporter.ifPresent(r -> r.podCidrs(ranges));
    reconciler
        .submit(
            d -> {
              d.reconfigure(settings(present));
              return ranges;
            })
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                health.clear(DATAPATH);
                loop.execute(planner::again);
              } else {
                health.report(DATAPATH, "does not know of " + ranges + ": " + failure);
              }
            });
  }

  private NodeReporter reporter(Optional<InetSocketAddress> grpc, String version) {
    return new NodeReporter(
        report.identity(supply.ranges(), grpc, version, clock.instant()),
        loop,
        planner,
        outcome,
        endpoints,
        flows,
        cluster,
        health,
        clock,
        Machine::rssBytes,
        Stream.concat(report.parts(probing).stream(), source.stream()).toList());
  }

  /**
   * Begins to open the datapath on the reconciler's thread: the verifier takes a good part of a
   * second, in which the caller may make the rest. {@link #start} waits for it.
   */
  public void begin() {
    supply.takeNow();
    NodeConfig settings = settings(underlay);
    opening =
        Optional.of(
            reconciler.submit(
                d -> {
                  d.onChange(this::deviceChanged);
                  List<WiredEndpoint> found = d.open(settings);
                  d.onEvents(flows);
                  return found;
                }));
  }

  private NodeConfig settings(List<InetAddress> addresses) {
    var capacity = ConnectionCapacity.of(config, Machine.memoryBytes());
    return new NodeConfig(
        config.node().name(),
        config.dirs().bpf(),
        config.underlay().device(),
        addresses,
        supply.ranges(),
        config.routing(),
        config.overlay(),
        config.masquerade().enabled() ? Optional.of(config.masquerade().ports()) : Optional.empty(),
        capacity.conntrackEntries(),
        capacity.natEntries(),
        EVENT_RING_BYTES,
        config.flows().aggregationSeconds(),
        config.services());
  }

  /** Something of the node's devices changed; on a thread of the datapath. */
  private void deviceChanged(NodeChange change) {
    if (closed) {
      return;
    }
    switch (change) {
      case NodeChange.UnderlayChanged now -> loop.execute(() -> follower.changed(now));
      case NodeChange.InterfaceGone gone -> {
        repair.interfaceGone(gone.endpointId());
        probing.interfaceGone(gone.endpointId());
      }
      case NodeChange.Disturbed ignored -> kernelRepair.disturbed();
      case NodeChange.PacketTooBig ignored -> kernelRepair.narrowed();
    }
  }

  /** The dataplane has taken what changed of the underlay. */
  private void followed(List<InetAddress> addresses) {
    present = List.copyOf(addresses);
    planner.moved(addresses);
    planner.again();
    reporter.ifPresent(r -> r.addresses(addresses));
  }

  private List<WiredEndpoint> open() {
    if (opening.isEmpty()) {
      begin();
    }
    try {
      return opening.orElseThrow().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private void inventory(Inventory inventory) {
    if (!closed) {
      cluster
          .forgets()
          .ifPresentOrElse(what -> health.report(RANGES, what), () -> health.clear(RANGES));
      loop.execute(() -> restore.adopt(inventory));
      planner.inventory(inventory);
    }
  }

  /**
   * Pods are known by more than what the runtime tells; before {@link #start}.
   *
   * @param part tells of it as part of the node
   */
  public void knowing(PodSource podSource, NodePart part) {
    pods = podSource;
    source = Optional.of(part);
  }

  /** Gives endpoints the labels that they should have, where a function knows any; any thread. */
  public void relabel(Function<EndpointSpec.Request, Optional<Labels>> labels) {
    if (!closed) {
      relabelling.look(labels);
    }
  }

  /** This node has other labels than by its configuration; any thread. */
  public void labelled(Collection<String> labels) {
    if (!closed) {
      planner.labelled(labels);
    }
  }

  /** When this node learned of the newest intent that is realized, by the ticker. */
  public long realizedNanos() {
    return outcome.realizedNanos();
  }

  /** New documents shall be realized; any thread. */
  public void intended(Intent intent) {
    if (!closed) {
      planner.intended(intent);
    }
  }

  /** Who answers for which service; any thread. */
  public void services(Map<ServiceAddress, ServiceBackends> all) {
    if (!closed) {
      planner.services(all);
    }
  }

  /** The node's flows. */
  public FlowSource flows() {
    return flows;
  }

  /** How this node obeys policies. */
  public NodeEnforcement enforcement() {
    return enforcement;
  }

  /** Traces paths from the node's endpoints. */
  public PathTracer paths() {
    return new LocalPaths(config, planner::view, probing::probes, kernel, clock);
  }

  /** The agent's status; only once started. */
  public StatusSource status() {
    return reporter.orElseThrow(() -> new IllegalStateException("the agent is not started"));
  }

  /** What is counted. */
  Metrics metrics() {
    return metrics;
  }

  /** What is wrong now. */
  public Health health() {
    return health;
  }

  /** Stops serving and planning; programs, links and maps stay, and traffic goes on. */
  @Override
  public void close() {
    closed = true;
    verifier.stop();
    supply.close();
    servers.reversed().forEach(AgentCore::closeQuietly);
    probing.close();
    reconciler.close();
    loop.close();
    files.close();
    datapath.close();
    flows.close();
    writer.close();
  }

  private static void closeQuietly(AutoCloseable server) {
    try {
      server.close();
    } catch (Exception e) {
      LOG.log(System.Logger.Level.WARNING, "a server did not close: {0}", e.toString());
    }
  }
}
