package io.sekisho.agent.rpc;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The agent's gRPC server: mutual TLS on TCP, and the Unix socket for root. Both serve the same.
 *
 * <p>How an agent puts it together, and takes it apart in the reverse order:
 *
 * <pre>{@code
 * var transport = new Transport();
 * ClusterStore store = etcd
 *     ? new EtcdStore(
 *         transport.etcd(endpoints, tls),
 *         new EtcdStore.Settings("sekisho/" + cluster + "/", lease, Duration.ofSeconds(3)))
 *     : new FileStore(stateDir.resolve("store"));
 * var cluster = new StoreCluster(node, store);   // closes the store with itself
 * var revisions = new Revisions(
 *     store, new PolicyDocumentReader(), new PolicyJudge(cluster::inventory, mode), clock);
 * var controller = new RevisionController(node, store, cluster, revisions, clock, stateDir);
 * controller.listen(intent -> loop.post(...));   // the controller is the Realization
 * var server = new AgentServer(
 *     new RpcConfig(tcp, runDir.resolve("agent.sock")),
 *     new AgentServices(node, version, cluster, flows, revisions, controller, paths, enforcement),
 *     transport, clock);
 * server.start();
 * cluster.publish(node.toBuilder().setGrpcAddress("198.18.0.1:" + server.port())...);
 * }</pre>
 */
public final class AgentServer implements AutoCloseable {
  private static final int CLIENT_PING_SECONDS = 5;
  private static final int PING_SECONDS = 30;
  private static final int PING_TIMEOUT_SECONDS = 10;
  private static final long DRAIN_MILLIS = 500;

  private final RpcConfig config;
  private final Transport transport;
  private final Peers peers;
  private final HealthStatusManager health = new HealthStatusManager();
  private final List<ServerServiceDefinition> services;
  private final List<Server> running = new ArrayList<>();
  private Optional<Server> tcp = Optional.empty();

  /** A server that does not run yet; {@code transport} stays the caller's. */
  public AgentServer(RpcConfig config, AgentServices what, Transport transport, Clock clock) {
    this.config = config;
    this.transport = transport;
    peers = new Peers(what.node(), transport, config.tcp(), () -> what.cluster().inventory());
    var absent = new AbsentNodes(clock);
    what.cluster().listen(absent::learn);
    var history = new InventoryHistory(what.cluster());
    services =
        List.of(
            new ObserverService(what, peers, config.tcp().isPresent()).bindService(),
            new NodesService(history, absent, what.cluster()).bindService(),
            new EndpointsService(history).bindService(),
            new IdentitiesService(history).bindService(),
            new RevisionsService(what, history).bindService(),
            new PoliciesService(what).bindService(),
            new PathsService(what, peers).bindService(),
            new EnforcementService(what.enforcement()).bindService(),
            health.getHealthService().bindService(),
            ProtoReflectionServiceV1.newInstance().bindService());
  }

  /** Every method that the server serves, as {@code package.Service/Method}. */
  List<String> methods() {
    return services.stream()
        .flatMap(service -> service.getServiceDescriptor().getMethods().stream())
        .map(method -> method.getFullMethodName())
        .toList();
  }

  /**
   * Begins to serve.
   *
   * @throws IOException if an address is taken, or another agent serves on the socket
   */
  public void start() throws IOException {
    prepareSocket(config.socket());
    startOne(transport.server(config.socket()));
    Files.setPosixFilePermissions(config.socket(), PosixFilePermissions.fromString("rw-------"));
    if (config.tcp().isPresent()) {
      var listen = config.tcp().get();
      Server first = startOne(transport.server(listen.listen(), listen.tls()));
      tcp = Optional.of(first);
      Optional<InetSocketAddress> second = listen.second(first.getPort());
      if (second.isPresent()) {
        startOne(transport.server(second.get(), listen.tls()));
      }
    }
  }

  private Server startOne(NettyServerBuilder builder) throws IOException {
    services.forEach(builder::addService);
    Server server =
        builder
            .intercept(new LocalInterceptor())
            .intercept(new RoleInterceptor())
            .maxInboundMessageSize(RpcConfig.MAX_MESSAGE_BYTES)
            .maxConcurrentCallsPerConnection(RpcConfig.MAX_CALLS)
            .permitKeepAliveTime(CLIENT_PING_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .build();
    running.add(server);
    return server.start();
  }

  /** Makes the folder for root only, and takes away the socket of an agent that is gone. */
  private static void prepareSocket(Path socket) throws IOException {
    Path folder = socket.toAbsolutePath().getParent();
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (Files.exists(socket)) {
      try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.connect(UnixDomainSocketAddress.of(socket));
        throw new IOException("another agent serves on " + socket);
      } catch (java.net.SocketException e) {
        Files.delete(socket);
      }
    }
  }

  /** TCP port that is served; 0 if none is. */
  public int port() {
    return tcp.map(Server::getPort).orElse(0);
  }

  /** Where TCP is served, if it is. */
  public Optional<InetSocketAddress> address() {
    return config.tcp().map(t -> new InetSocketAddress(t.listen().getAddress(), port()));
  }

  /** Stops serving; calls that are open end. */
  @Override
  public void close() {
    health.enterTerminalState();
    running.forEach(Server::shutdown);
    for (Server server : running) {
      try {
        if (!server.awaitTermination(DRAIN_MILLIS, TimeUnit.MILLISECONDS)) {
          server.shutdownNow();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        server.shutdownNow();
      }
    }
    peers.close();
  }
}
