package io.sekisho.agent.reconcile;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.endpoint.LocalEndpoint;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import java.util.Map;
import java.util.Set;

/**
 * All that the agent knows by name at one moment; immutable.
 *
 * @param inventory what the cluster holds
 * @param endpoints this node's, by number
 * @param cidrs identities of prefixes that policies name, and of the API servers
 * @param blocks what stands for those of them by which pods and nodes are meant
 * @param nodes identities of the other nodes, by name
 * @param host this node, with its labels
 * @param spared addresses and ranges that deny lists never deny
 */
public record View(
    Inventory inventory,
    Map<Integer, LocalEndpoint> endpoints,
    Map<Cidr, Identity> cidrs,
    Map<Cidr, Identity> blocks,
    Map<String, Identity> nodes,
    Identity host,
    Set<Cidr> spared) {
  /** Nothing is known. */
  public static final View EMPTY = new View(Inventory.EMPTY, Map.of(), Map.of());

  /** Of a cluster whose nodes no policy tells apart. */
  public View(
      Inventory inventory, Map<Integer, LocalEndpoint> endpoints, Map<Cidr, Identity> cidrs) {
    this(inventory, endpoints, cidrs, Map.of(), Map.of(), Identity.HOST, Set.of());
  }

  /** The same with another inventory. */
  View with(Inventory next) {
    return new View(next, endpoints, cidrs, blocks, nodes, host, spared);
  }
}
