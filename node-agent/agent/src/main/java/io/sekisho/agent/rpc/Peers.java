package io.sekisho.agent.rpc;

import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.observer.ObserverGrpc;
import io.sekisho.api.v1.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The agents of the other nodes. Channels are made on first use, kept while their node is in the
 * inventory with the same agent at the same address, and closed afterwards: an agent that comes
 * again is asked at once, however long a channel would still wait after its failures.
 */
final class Peers implements AutoCloseable {
  /** Asks an agent for what it sees itself only. */
  static final Metadata.Key<String> LOCAL =
      Metadata.Key.of("sekisho-local", Metadata.ASCII_STRING_MARSHALLER);

  private final String self;
  private final Transport transport;
  private final Optional<RpcConfig.Tcp> tcp;
  private final Supplier<Inventory> inventory;
  private final Map<String, Link> links = new HashMap<>();

  Peers(
      String self,
      Transport transport,
      Optional<RpcConfig.Tcp> tcp,
      Supplier<Inventory> inventory) {
    this.self = self;
    this.transport = transport;
    this.tcp = tcp;
    this.inventory = inventory;
  }

  /** One other agent. */
  record Peer(String node, String address, ManagedChannel channel) {
    ObserverGrpc.ObserverBlockingStub blocking() {
      return ObserverGrpc.newBlockingStub(channel).withInterceptors(local());
    }

    ObserverGrpc.ObserverStub streaming() {
      return ObserverGrpc.newStub(channel).withInterceptors(local());
    }

    static io.grpc.ClientInterceptor local() {
      var headers = new Metadata();
      headers.put(LOCAL, "1");
      return MetadataUtils.newAttachHeadersInterceptor(headers);
    }
  }

  /** A channel to the agent that was started then. */
  private record Link(String address, Timestamp started, ManagedChannel channel) {
    boolean leadsTo(Node node) {
      return node.getGrpcAddress().equals(address) && node.getStarted().equals(started);
    }
  }

  /** All other nodes that serve, by name. */
  synchronized List<Peer> all() {
    Map<String, Node> nodes = inventory.get().nodes();
    links.entrySet().removeIf(entry -> closeIfGone(entry.getKey(), entry.getValue(), nodes));
    var peers = new ArrayList<Peer>();
    if (tcp.isEmpty()) {
      return peers;
    }
    nodes.values().stream()
        .filter(node -> !node.getName().equals(self) && !node.getGrpcAddress().isEmpty())
        .sorted((a, b) -> a.getName().compareTo(b.getName()))
        .forEach(node -> peers.add(peer(node, tcp.get())));
    return peers;
  }

  /** Another node that serves; empty if it is not known, or gone. */
  Optional<Peer> named(String node) {
    return all().stream().filter(peer -> peer.node().equals(node)).findFirst();
  }

  /** The same as it is now: an agent that was started anew has another channel. */
  Peer again(Peer peer) {
    return named(peer.node()).orElse(peer);
  }

  private Peer peer(Node node, RpcConfig.Tcp own) {
    var link =
        links.computeIfAbsent(
            node.getName(),
            name ->
                new Link(
                    node.getGrpcAddress(),
                    node.getStarted(),
                    transport.channel(
                        List.of(node.getGrpcAddress()), own.tls(), own.serverName())));
    return new Peer(node.getName(), link.address, link.channel);
  }

  private static boolean closeIfGone(String name, Link link, Map<String, Node> nodes) {
    Node node = nodes.get(name);
    if (node != null && link.leadsTo(node)) {
      return false;
    }
    link.channel.shutdownNow();
    return true;
  }

  @Override
  public synchronized void close() {
    links.values().forEach(link -> link.channel.shutdownNow());
    links.clear();
  }
}
