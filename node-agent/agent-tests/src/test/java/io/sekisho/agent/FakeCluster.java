package io.sekisho.agent;

import io.sekisho.agent.cluster.Cluster;
import io.sekisho.agent.cluster.ClusterStore;
import io.sekisho.agent.cluster.ClusterStoreException;
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
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * A cluster in memory as one node sees it. Identities count up from 1000. Tests put other nodes'
 * objects into it, cut it off from its store, and look at what was published. Thread-safe.
 */
public final class FakeCluster implements Cluster {
  private final String self;
  private final List<Listener> listeners = new ArrayList<>();
  private final Map<Labels, Identity> identities = new HashMap<>();
  private final List<Node> publishedNodes = new ArrayList<>();
  private Inventory inventory = Inventory.EMPTY;
  private boolean available = true;
  private Optional<String> forgets = Optional.empty();

  public FakeCluster(String self) {
    this.self = self;
  }

  @Override
  public synchronized void publish(Node node) {
    publishedNodes.add(node);
    change(i -> with(i, nodes(i, node), i.endpoints()));
  }

  @Override
  public synchronized void publish(Endpoint endpoint) {
    put(endpoint);
  }

  @Override
  public synchronized void withdraw(int endpointId) {
    var endpoints = new TreeMap<>(inventory.endpoints());
    endpoints.remove(self + "/" + endpointId);
    change(i -> with(i, i.nodes(), endpoints));
  }

  @Override
  public synchronized void publish(Realized realized) {
    var all = new TreeMap<>(inventory.realized());
    all.put(realized.getNode(), realized);
    change(
        i ->
            new Inventory(
                i.version() + 1, i.synced(), i.nodes(), i.endpoints(), i.identities(), all));
  }

  @Override
  public synchronized CompletableFuture<Identity> identity(Labels labels) {
    Identity known = identities.get(labels);
    if (known == null && !available) {
      return CompletableFuture.failedFuture(
          new ClusterStoreException(ClusterStoreException.Code.UNAVAILABLE, "the store is away"));
    }
    if (known == null) {
      known = new Identity(1000 + identities.size(), labels);
      identities.put(labels, known);
      var all = new TreeMap<>(inventory.identities());
      all.put(known.number(), known);
      change(
          i ->
              new Inventory(
                  i.version() + 1, i.synced(), i.nodes(), i.endpoints(), all, i.realized()));
    }
    return CompletableFuture.completedFuture(known);
  }

  @Override
  public synchronized Optional<List<Cidr>> freeRanges(String node) {
    return inventory.nodes().containsKey(node) ? Optional.empty() : Optional.of(List.of());
  }

  @Override
  public synchronized Optional<Node> untold() {
    return available || publishedNodes.isEmpty()
        ? Optional.empty()
        : Optional.of(publishedNodes.getLast());
  }

  @Override
  public synchronized Optional<String> forgets() {
    return forgets;
  }

  /** Something can no longer be remembered, or can be again. */
  public synchronized void forgets(Optional<String> now) {
    forgets = now;
    change(i -> with(i, i.nodes(), i.endpoints()));
  }

  @Override
  public synchronized Inventory inventory() {
    return inventory;
  }

  @Override
  public synchronized void listen(Listener listener) {
    listeners.add(listener);
    listener.changed(inventory);
  }

  @Override
  public synchronized ClusterStore.Health health() {
    return new ClusterStore.Health("fake", available, available ? "" : "cut off");
  }

  @Override
  public void close() {}

  /** The whole inventory is known from now on. */
  public synchronized FakeCluster sync() {
    change(
        i ->
            new Inventory(
                i.version() + 1, true, i.nodes(), i.endpoints(), i.identities(), i.realized()));
    return this;
  }

  /** The store goes away or comes back. */
  public synchronized void available(boolean now) {
    available = now;
  }

  /** An endpoint of any node. */
  public synchronized void put(Endpoint endpoint) {
    var endpoints = new TreeMap<>(inventory.endpoints());
    endpoints.put(endpoint.getNode() + "/" + endpoint.getId(), endpoint);
    change(i -> with(i, i.nodes(), endpoints));
  }

  /** Another node. */
  public synchronized void put(Node node) {
    change(i -> with(i, nodes(i, node), i.endpoints()));
  }

  /** A node's lease ended. */
  public synchronized void lose(String node) {
    var nodes = new TreeMap<>(inventory.nodes());
    nodes.remove(node);
    change(i -> with(i, nodes, i.endpoints()));
  }

  /** What this node published of itself, oldest first. */
  public synchronized List<Node> publishedNodes() {
    return List.copyOf(publishedNodes);
  }

  private static Map<String, Node> nodes(Inventory i, Node node) {
    var nodes = new TreeMap<>(i.nodes());
    nodes.put(node.getName(), node);
    return nodes;
  }

  private static Inventory with(
      Inventory i, Map<String, Node> nodes, Map<String, Endpoint> endpoints) {
    return new Inventory(
        i.version() + 1, i.synced(), nodes, endpoints, i.identities(), i.realized());
  }

  private void change(UnaryOperator<Inventory> change) {
    inventory = change.apply(inventory);
    listeners.forEach(l -> l.changed(inventory));
  }
}
