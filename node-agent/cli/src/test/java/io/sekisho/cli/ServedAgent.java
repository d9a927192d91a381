package io.sekisho.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.agent.cluster.ClusterStore.Lifetime;
import io.sekisho.agent.cluster.FileStore;
import io.sekisho.agent.cluster.RangeLeases;
import io.sekisho.agent.cluster.StoreCluster;
import io.sekisho.agent.explain.PolicyJudge;
import io.sekisho.agent.path.PathException;
import io.sekisho.agent.pki.TlsFiles;
import io.sekisho.agent.revision.PolicyDocumentReader;
import io.sekisho.agent.revision.RevisionController;
import io.sekisho.agent.revision.Revisions;
import io.sekisho.agent.rpc.AgentServer;
import io.sekisho.agent.rpc.AgentServices;
import io.sekisho.agent.rpc.RpcConfig;
import io.sekisho.agent.rpc.Transport;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EndpointState;
import io.sekisho.api.v1.FeaturePresence;
import io.sekisho.api.v1.KernelFeature;
import io.sekisho.api.v1.MapPressure;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import io.sekisho.api.v1.PeerProbe;
import io.sekisho.api.v1.Ping;
import io.sekisho.api.v1.TracePathRequest;
import io.sekisho.api.v1.TracePathResponse;
import io.sekisho.api.v1.Uplink;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Enforcement;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A cluster as one agent serves it; a second node, if there is one, is only in the store. */
final class ServedAgent implements AutoCloseable {
  private final Path folder;
  private final Transport transport = new Transport();
  private final FileStore store;
  private final StoreCluster cluster;
  private final RevisionController controller;
  private final MadeFlows flows = new MadeFlows();
  private final MadeEnforcement enforcement = new MadeEnforcement();
  private final AgentServer server;
  private final Map<TracePathRequest, TracePathResponse> traced = new ConcurrentHashMap<>();
  private volatile long failing = Long.MAX_VALUE;

  /** With a second node. */
  ServedAgent(Path folder) throws IOException {
    this(folder, 2);
  }

  /** With so many nodes, one or two. */
  ServedAgent(Path folder, int nodes) throws IOException {
    this.folder = folder;
    store = new FileStore(folder.resolve("store-" + nodes));
    cluster = new StoreCluster("n1", store);
    var clock = Clock.systemUTC();
    var revisions =
        new Revisions(
            store,
            new PolicyDocumentReader(),
            new PolicyJudge(cluster::inventory, () -> Enforcement.USUAL),
            clock);
    controller = new RevisionController("n1", store, cluster, revisions, clock, folder);
    controller.listen(intent -> realize(intent.revision()));
    var tls =
        new TlsFiles(folder.resolve("ca.crt"), folder.resolve("n1.crt"), folder.resolve("n1.key"));
    var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        new AgentServer(
            new RpcConfig(
                Optional.of(new RpcConfig.Tcp(listen, tls, Optional.empty(), false)), socket()),
            new AgentServices(
                "n1", "1.2.3", cluster, flows, revisions, controller, this::trace, enforcement),
            transport,
            clock);
    server.start();
    fill(nodes);
  }

  private TracePathResponse trace(TracePathRequest request) {
    return Optional.ofNullable(traced.get(request))
        .orElseThrow(
            () ->
                new PathException(
                    PathException.Code.UNKNOWN_ENDPOINT,
                    "there is no endpoint " + request.getSource()));
  }

  /** What the tracer says to a request. */
  void traced(TracePathRequest request, TracePathResponse response) {
    traced.put(request, response);
  }

  /** A node leases a /24 of a pool. */
  void lease(String node, String pool) {
    var leased = new RangeLeases(store, node).lease(new RangeLeases.Pool(Cidr.parse(pool), 24));
    assertTrue(leased.isPresent());
  }

  private void realize(long revision) {
    if (revision >= failing) {
      controller.failed(revision, "the map is full");
    } else {
      controller.realized(revision, 2);
    }
  }

  private void fill(int nodes) {
    cluster.publish(
        Node.newBuilder()
            .setName("n1")
            .addAddresses("198.18.0.1")
            .addAddresses("fd18::1")
            .setState(NodeState.READY)
            .setEndpoints(2)
            .setVersion("1.2.3")
            .setStore("file ok")
            .setRouting("vxlan")
            .setPodMtu(1450)
            .setUnderlayDevice("eth0")
            .setUnderlayMtu(1500)
            .setMasquerade(true)
            .addHealthAddresses("10.244.1.2")
            .addMaps(MapPressure.newBuilder().setName("nat").setEntries(46).setCapacity(100))
            .addMaps(MapPressure.newBuilder().setName("ipcache").setEntries(2).setCapacity(100))
            .addProbes(probe("n2", ping(10, 10, 87_000), ping(10, 8, 1_240_000)))
            .addFeatures(
                KernelFeature.newBuilder()
                    .setName("TCX")
                    .setPresence(FeaturePresence.MISSING)
                    .setPurpose("attaches programs")
                    .setSince("6.6")
                    .setFallback("clsact filters"))
            .build());
    if (nodes == 2) {
      store.put("nodes/n2", other().toByteArray(), Lifetime.SESSION);
    }
    cluster.publish(endpoint(7, "shop", "cart", "10.244.1.7").setIngressEnforced(true).build());
    cluster.publish(endpoint(8, "bank", "pay", "10.244.1.8").build());
    await(() -> cluster.inventory().nodes().size() == nodes);
    await(() -> cluster.inventory().endpoints().size() == 2);
    await(() -> cluster.inventory().realized().size() == 1);
  }

  static Ping.Builder ping(int sent, int answered, long nanos) {
    var ping = Ping.newBuilder().setSent(sent).setAnswered(answered);
    return answered == 0 ? ping : ping.setRttNs(nanos);
  }

  static PeerProbe probe(String node, Ping.Builder underlay, Ping.Builder endpoint) {
    return PeerProbe.newBuilder().setNode(node).setUnderlay(underlay).setEndpoint(endpoint).build();
  }

  /** The other node measures something else from now on. */
  void otherProbes(PeerProbe... probes) {
    store.put(
        "nodes/n2",
        other().toBuilder().addAllProbes(List.of(probes)).build().toByteArray(),
        Lifetime.SESSION);
    await(() -> cluster.inventory().nodes().get("n2").getProbesList().equals(List.of(probes)));
  }

  /** The pods of the other node leave by these devices from now on. */
  void otherLeavesBy(Uplink... uplinks) {
    Node node = other().toBuilder().addAllUplinks(List.of(uplinks)).build();
    store.put("nodes/n2", node.toByteArray(), Lifetime.SESSION);
    await(() -> cluster.inventory().nodes().get("n2").equals(node));
  }

  private static Node other() {
    return Node.newBuilder()
        .setName("n2")
        .addAddresses("198.18.0.2")
        .setState(NodeState.DEGRADED)
        .setMessage("the map is full")
        .setEventsLost(9)
        .build();
  }

  private static Endpoint.Builder endpoint(int id, String namespace, String pod, String address) {
    return Endpoint.newBuilder()
        .setId(id)
        .setNode("n1")
        .setNamespace(namespace)
        .setPod(pod)
        .setIdentity(pod.equals("cart") ? 300 : 301)
        .addLabels("k8s:io.kubernetes.pod.namespace=" + namespace)
        .addLabels("k8s:app=" + pod)
        .setState(EndpointState.ENDPOINT_READY)
        .addAddresses(address);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the inventory was not filled in time");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** The agent's own node is in trouble from now on. */
  void degraded(String message) {
    Node now = cluster.inventory().nodes().get("n1");
    cluster.publish(now.toBuilder().setState(NodeState.DEGRADED).setMessage(message).build());
    await(() -> cluster.inventory().nodes().get("n1").getMessage().equals(message));
  }

  /** The node cannot realize revisions from this one on. */
  void failFrom(long revision) {
    failing = revision;
  }

  MadeEnforcement enforcement() {
    return enforcement;
  }

  MadeFlows flows() {
    return flows;
  }

  Path socket() {
    return folder.resolve("run").resolve("agent.sock");
  }

  int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
    controller.close();
    cluster.close();
    transport.close();
  }
}
