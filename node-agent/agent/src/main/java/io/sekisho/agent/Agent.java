package io.sekisho.agent;

import io.sekisho.agent.apiserver.ApiServer;
import io.sekisho.agent.cluster.ClusterStore;
import io.sekisho.agent.cluster.EtcdStore;
import io.sekisho.agent.cluster.FileStore;
import io.sekisho.agent.cluster.KubernetesStore;
import io.sekisho.agent.cluster.RangeLeases;
import io.sekisho.agent.cluster.StoreCluster;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.AgentConfig.StoreType;
import io.sekisho.agent.config.AgentConfig.Tls;
import io.sekisho.agent.datapath.Datapath;
import io.sekisho.agent.datapath.NodeKernel;
import io.sekisho.agent.explain.PolicyJudge;
import io.sekisho.agent.health.Status;
import io.sekisho.agent.ipam.LeasedRanges;
import io.sekisho.agent.ipam.PodRanges;
import io.sekisho.agent.kubernetes.KubernetesSource;
import io.sekisho.agent.kubernetes.NodeRanges;
import io.sekisho.agent.kubernetes.ServiceSource;
import io.sekisho.agent.loop.Ticker;
import io.sekisho.agent.node.Machine;
import io.sekisho.agent.pki.TlsFiles;
import io.sekisho.agent.revision.Intent;
import io.sekisho.agent.revision.NodeChecks;
import io.sekisho.agent.revision.OtherDocuments;
import io.sekisho.agent.revision.PolicyDocumentReader;
import io.sekisho.agent.revision.RevisionController;
import io.sekisho.agent.revision.Revisions;
import io.sekisho.agent.rpc.AgentServer;
import io.sekisho.agent.rpc.AgentServices;
import io.sekisho.agent.rpc.RpcConfig;
import io.sekisho.agent.rpc.Transport;
import io.sekisho.policy.Enforcement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * A running node agent. {@link #close} ends it and leaves the kernel as it is, so that traffic goes
 * on and the next agent takes over.
 */
public final class Agent implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Agent.class.getName());
  private static final Duration STORE_TIMEOUT = Duration.ofSeconds(3);

  /** Where agents listen unless the configuration says otherwise. */
  private static final int AGENT_PORT = 4244;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Supplier<Enforcement> enforcement = () -> Enforcement.USUAL;
  private volatile OtherDocuments others = OtherDocuments.NONE;
  private final AgentCore core;

  private Agent(AgentConfig config, Datapath datapath, NodeKernel kernel) throws IOException {
    try {
      core = assemble(config, datapath, kernel);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts an agent; returns when it serves.
   *
   * @throws RuntimeException with one sentence that says what is wrong, of the part that failed;
   *     nothing of the agent runs then
   */
  public static Agent start(AgentConfig config, Datapath datapath, NodeKernel kernel) {
    try {
      var agent = new Agent(config, datapath, kernel);
      Status status = agent.status();
      LOG.log(
          System.Logger.Level.INFO,
          "agent {0} of node {1} serves, {2} ms after its start, with {3} endpoints",
          status.version(),
          status.node(),
          status.startTook().toMillis(),
          status.endpoints());
      return agent;
    } catch (IOException e) {
      throw new UncheckedIOException("the agent cannot start: " + e.getMessage(), e);
    }
  }

  private AgentCore assemble(AgentConfig config, Datapath datapath, NodeKernel kernel)
      throws IOException {
    Clock clock = Clock.systemUTC();
    makeFolders(config);
    List<InetAddress> underlay = config.underlay().addresses();
    if (underlay.isEmpty()) {
      underlay = Machine.addresses(config.underlay().device());
    }
    var transport = opened(new Transport());
    String node = config.node().name();
    Optional<ApiServer> api = config.kubernetes().map(k -> opened(api(k, clock)));
    ClusterStore store = store(config, transport, api);
    var cluster = opened(cluster(config, store));
    enforcement = config.policy()::enforcement;
    var judge = new PolicyJudge(cluster::inventory, () -> enforcement.get(), () -> others);
    var revisions = new Revisions(store, reader(config, cluster), judge, clock, System::nanoTime);
    var controller =
        opened(
            new RevisionController(node, store, cluster, revisions, clock, config.dirs().state()));
    var made =
        opened(
            new AgentCore(
                config,
                underlay,
                ranges(config, store, api),
                datapath,
                kernel,
                cluster,
                controller,
                clock,
                Ticker.SYSTEM));
    transport.follow(made.health(), clock);
    api.ifPresent(a -> made.metrics().gauge("sekisho_apiserver_requests_total", a::requests));
    Optional<KubernetesSource> kubernetes = api.map(a -> opened(source(config, a, made, clock)));
    kubernetes.ifPresent(
        source -> {
          others = source.documents();
          revisions.beside(others);
          made.knowing(source.pods(), source);
          source.start();
        });
    if (config.services().isPresent()) {
      String name = config.kubernetes().orElseThrow().nodeName();
      var services = opened(new ServiceSource(api.orElseThrow(), name, made::services));
      kubernetes.ifPresent(source -> source.reporting(services.watches()));
      services.start();
    } else if (api.isPresent()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "pods' connections to services are not served here: services.enabled is false, or no"
              + " cgroups of version 2 are mounted from their root on (services.cgroup names them)");
    }
    made.begin();
    enforcement = made.enforcement()::inForce;
    var served = served(node, cluster, revisions, controller, made);
    var server = opened(new AgentServer(rpc(config), served, transport, clock));
    server.start();
    made.start(server.address(), Version.current());
    listen(controller, kubernetes, cluster, made, judge);
    return made;
  }

  /** Intents come from revisions, where there is a Kubernetes merged with its own. */
  private static void listen(
      RevisionController controller,
      Optional<KubernetesSource> kubernetes,
      StoreCluster cluster,
      AgentCore core,
      PolicyJudge judge) {
    kubernetes.ifPresentOrElse(
        source -> {
          source.serving(core::relabel, core::realizedNanos, cluster::inventory, judge);
          controller.listen(source::revision);
        },
        () -> controller.listen(core::intended));
  }

  private static AgentServices served(
      String node,
      StoreCluster cluster,
      Revisions revisions,
      RevisionController controller,
      AgentCore core) {
    return new AgentServices(
        node,
        Version.current(),
        cluster,
        core.flows(),
        revisions,
        controller,
        core.paths(),
        core.enforcement());
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  private static void makeFolders(AgentConfig config) throws IOException {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    for (Path folder : List.of(config.dirs().run(), config.dirs().state())) {
      Files.createDirectories(folder, owner);
    }
  }

  private static ApiServer api(AgentConfig.Kubernetes config, Clock clock) {
    return ApiServer.open(
        new ApiServer.Settings(config.kubeconfig(), STORE_TIMEOUT, config.requestsPerSecond()),
        clock);
  }

  private static KubernetesSource source(
      AgentConfig config, ApiServer api, AgentCore core, Clock clock) {
    return new KubernetesSource(
        config,
        config.kubernetes().orElseThrow(),
        api,
        core.health(),
        clock,
        Ticker.SYSTEM::nanos,
        new KubernetesSource.Sink() {
          @Override
          public void intended(Intent intent) {
            core.intended(intent);
          }

          @Override
          public void labelled(Collection<String> labels) {
            core.labelled(labels);
          }
        });
  }

  private static ClusterStore store(
      AgentConfig config, Transport transport, Optional<ApiServer> api) {
    AgentConfig.Store store = config.store();
    if (store.type() == StoreType.KUBERNETES) {
      AgentConfig.Kubernetes kubernetes = config.kubernetes().orElseThrow();
      return new KubernetesStore(
          api.orElseThrow(),
          new KubernetesStore.Settings(
              kubernetes.namespace(),
              config.node().name(),
              Duration.ofSeconds(config.health().leaseSeconds()),
              Optional.of(kubernetes.nodeName())));
    }
    if (store.type() == StoreType.FILE) {
      return new FileStore(config.dirs().state().resolve("store"));
    }
    Optional<TlsFiles> tls = store.tls().map(Agent::tls);
    tls.ifPresent(TlsFiles::check);
    return new EtcdStore(
        transport.etcd(store.endpoints(), tls),
        new EtcdStore.Settings(
            "sekisho/" + config.node().cluster() + "/",
            Duration.ofSeconds(config.health().leaseSeconds()),
            STORE_TIMEOUT));
  }

  /** A store of its own has what was known; one elsewhere may be away. */
  private static StoreCluster cluster(AgentConfig config, ClusterStore store) {
    String node = config.node().name();
    return config.store().type() == StoreType.FILE
        ? new StoreCluster(node, store)
        : new StoreCluster(node, store, config.dirs().state().resolve("inventory"));
  }

  private static PolicyDocumentReader reader(AgentConfig config, StoreCluster cluster) {
    int port = config.grpc().map(grpc -> grpc.listen().getPort()).orElse(AGENT_PORT);
    return new PolicyDocumentReader(
        new NodeChecks(cluster::inventory, port, !config.apiServers().isEmpty()));
  }

  private static PodRanges ranges(AgentConfig config, ClusterStore store, Optional<ApiServer> api) {
    List<AgentConfig.Pool> pools = config.pods().pools();
    if (pools.isEmpty() && config.pods().cidrs().isEmpty() && api.isPresent()) {
      return new NodeRanges(api.get(), config.node().name(), config.dirs().state());
    }
    if (pools.isEmpty()) {
      return PodRanges.fixed(config.pods().cidrs());
    }
    return new LeasedRanges(
        new RangeLeases(store, config.node().name()),
        pools.stream().map(p -> new RangeLeases.Pool(p.cidr(), p.nodeLength())).toList(),
        config.dirs().state());
  }

  private static RpcConfig rpc(AgentConfig config) {
    Optional<RpcConfig.Tcp> tcp =
        config
            .grpc()
            .map(
                grpc ->
                    new RpcConfig.Tcp(
                        grpc.listen(), tls(grpc.tls()), grpc.serverName(), grpc.loopback()));
    tcp.ifPresent(t -> t.tls().check());
    return new RpcConfig(tcp, config.dirs().agentSocket());
  }

  private static TlsFiles tls(Tls files) {
    return new TlsFiles(files.ca(), files.certificate(), files.key());
  }

  /** How the agent is now. */
  public Status status() {
    return core.status().status();
  }

  /** Waits until somebody closes the agent. */
  public void awaitClose() throws InterruptedException {
    ended.await();
  }

  /** Ends the agent; the kernel goes on as it is. Later calls do nothing. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.log(
            System.Logger.Level.WARNING, "{0} did not close: {1}", part.getClass(), e.toString());
      }
    }
    ended.countDown();
  }
}
