package io.sekisho.bench;

import io.sekisho.agent.cluster.Cluster;
import io.sekisho.agent.cluster.ClusterStore;
import io.sekisho.agent.cluster.Inventory;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.Realized;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import io.sekisho.policy.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A cluster in memory, of one real node and another one whose endpoints are only told. */
final class MadeCluster implements Cluster {
  /** The node that is not there. */
  static final String OTHER = "n2";

  private final Map<Labels, Identity> identities = new HashMap<>();
  private final Map<Integer, Identity> byNumber = new HashMap<>();
  private final Map<String, Endpoint> endpoints = new HashMap<>();
  private final Map<String, Node> nodes = new HashMap<>();
  private final List<Listener> listeners = new ArrayList<>();
  private long version;

  MadeCluster() {
    nodes.put(OTHER, Node.newBuilder().setName(OTHER).addAddresses("198.18.0.2").build());
  }

  /** Endpoints of the other node, one for each label set, all told at once. */
  void add(List<Labels> labels) {
    synchronized (this) {
      for (Labels each : labels) {
        Identity identity = number(each);
        int id = endpoints.size() + 1;
        endpoints.put(
            OTHER + "/" + id,
            Endpoint.newBuilder()
                .setNode(OTHER)
                .setId(id)
                .setIdentity(identity.number())
                .addAllLabels(each.texts())
                .addAddresses("10.%d.%d.%d".formatted(100 + (id >> 16), (id >> 8) & 255, id & 255))
                .build());
      }
    }
    tell();
  }

  private synchronized Identity number(Labels labels) {
    Identity identity =
        identities.computeIfAbsent(
            labels, l -> new Identity(Identity.FIRST_CLUSTER + identities.size(), l));
    byNumber.put(identity.number(), identity);
    return identity;
  }

  private void tell() {
    Inventory now = inventory();
    listeners.forEach(listener -> listener.changed(now));
  }

  @Override
  public void publish(Node node) {}

  @Override
  public void publish(Endpoint endpoint) {}

  @Override
  public void withdraw(int endpointId) {}

  @Override
  public void publish(Realized realized) {}

  @Override
  public CompletableFuture<Identity> identity(Labels labels) {
    return CompletableFuture.completedFuture(number(labels));
  }

  @Override
  public Optional<List<Cidr>> freeRanges(String node) {
    return Optional.empty();
  }

  @Override
  public Optional<String> forgets() {
    return Optional.empty();
  }

  @Override
  public Optional<Node> untold() {
    return Optional.empty();
  }

  @Override
  public synchronized Inventory inventory() {
    return new Inventory(
        ++version, true, Map.copyOf(nodes), Map.copyOf(endpoints), Map.copyOf(byNumber), Map.of());
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
    listener.changed(inventory());
  }

  @Override
  public ClusterStore.Health health() {
    return new ClusterStore.Health("made", true, "");
  }

  @Override
  public void close() {}
}
