package io.sekisho.console.core;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Identity;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Identities;
import io.sekisho.policy.reach.Cluster;
import java.util.Map;

/**
 * What is in the cluster; immutable.
 *
 * @param synced whether the present state has been told whole
 * @param nodes by name
 * @param endpoints by {@code node/id}
 * @param identities by number
 */
public record ClusterInventory(
    boolean synced,
    Map<String, Node> nodes,
    Map<String, Endpoint> endpoints,
    Map<Integer, Identity> identities) {
  /** Nothing is known yet. */
  public static final ClusterInventory EMPTY =
      new ClusterInventory(false, Map.of(), Map.of(), Map.of());

  /** Keeps immutable copies. */
  public ClusterInventory {
    nodes = Map.copyOf(nodes);
    endpoints = Map.copyOf(endpoints);
    identities = Map.copyOf(identities);
  }

  /** Who has which identity: as told, else as endpoints have it. */
  public Identities named() {
    Identities out = new Identities();
    identities.forEach((number, i) -> out.add(number, i.getLabelsList()));
    endpoints.values().forEach(e -> out.endpoint(e.getIdentity(), e.getLabelsList()));
    return out;
  }

  /** Everybody who has an identity, with the addresses that they have now. */
  public Cluster cluster() {
    Cluster.Addresses addresses = new Cluster.Addresses();
    endpoints.values().forEach(e -> addresses.add(e.getIdentity(), e.getAddressesList()));
    nodes
        .values()
        .forEach(n -> addresses.addNode(n.getAddressesList(), n.getHealthAddressesList()));
    return addresses.cluster(named().all());
  }
}
