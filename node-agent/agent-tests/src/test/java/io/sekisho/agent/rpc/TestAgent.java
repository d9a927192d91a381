package io.sekisho.agent.rpc;

import io.grpc.ManagedChannel;
import io.sekisho.agent.cluster.ClusterStore;
import io.sekisho.agent.cluster.StoreCluster;
import io.sekisho.agent.explain.PolicyJudge;
import io.sekisho.agent.health.Health;
import io.sekisho.agent.pki.TlsFiles;
import io.sekisho.agent.revision.PolicyDocumentReader;
import io.sekisho.agent.revision.RevisionController;
import io.sekisho.agent.revision.Revisions;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import io.sekisho.policy.Enforcement;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A served agent without datapath: it realizes every intent at once. */
final class TestAgent implements AutoCloseable {
  private final String name;
  private final Path folder;
  private final Path pki;
  private final Transport transport = new Transport();
  private final List<ManagedChannel> channels = new ArrayList<>();
  final FakeFlows flows = new FakeFlows();
  final FakePaths paths = new FakePaths();
  final StoreCluster cluster;
  final Revisions revisions;
  final RevisionController controller;
  final AgentServer server;

  /**
   * Serves on loopback and on a socket.
   *
   * @param pki folder with {@code ca.crt} and the node's certificate
   */
  TestAgent(String name, Path folder, Path pki, ClusterStore store, Clock clock)
      throws IOException {
    this(name, folder, pki, store, clock, "127.0.0.1");
  }

  /** Serves at an address, and at 127.0.0.1 all the same. */
  TestAgent(String name, Path folder, Path pki, ClusterStore store, Clock clock, String address)
      throws IOException {
    this.name = name;
    this.folder = folder;
    this.pki = pki;
    cluster = new StoreCluster(name, store);
    revisions =
        new Revisions(
            store,
            new PolicyDocumentReader(),
            new PolicyJudge(cluster::inventory, () -> Enforcement.USUAL),
            clock);
    controller =
        new RevisionController(name, store, cluster, revisions, clock, folder.resolve(name));
    controller.listen(intent -> controller.realized(intent.revision(), 3));
    var listen = new InetSocketAddress(InetAddress.ofLiteral(address), 0);
    server =
        new AgentServer(
            new RpcConfig(
                Optional.of(new RpcConfig.Tcp(listen, tls(name), Optional.empty(), true)),
                socket()),
            new AgentServices(
                name, "1.2.3", cluster, flows, revisions, controller, paths, new FakeEnforcement()),
            transport,
            clock);
    server.start();
    cluster.publish(node());
  }

  Node node() {
    return Node.newBuilder()
        .setName(name)
        .setState(NodeState.READY)
        .setGrpcAddress("127.0.0.1:" + server.port())
        .build();
  }

  Path socket() {
    return folder.resolve(name + ".run").resolve("agent.sock");
  }

  /** Certificates are read anew, as they are now and then. */
  void look(Health health, Instant now) {
    transport.look(health, now);
  }

  TlsFiles tls(String who) {
    return new TlsFiles(
        pki.resolve("ca.crt"), pki.resolve(who + ".crt"), pki.resolve(who + ".key"));
  }

  /** A channel over the socket, as root. */
  ManagedChannel root() {
    return keep(transport.channel(socket()));
  }

  /** A channel over TCP with somebody's certificate. */
  ManagedChannel as(TlsFiles who) {
    return keep(transport.channel(List.of("127.0.0.1:" + server.port()), who, Optional.empty()));
  }

  ManagedChannel as(String who) {
    return as(tls(who));
  }

  private ManagedChannel keep(ManagedChannel channel) {
    channels.add(channel);
    return channel;
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.close();
    controller.close();
    cluster.close();
    transport.close();
  }
}
