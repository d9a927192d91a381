package io.sekisho.agent.reconcile;

import io.sekisho.agent.cluster.Inventory;
import io.sekisho.agent.endpoint.LocalEndpoint;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import java.util.Map;

/**
 * All that the agent knows by name at one moment; immutable.
 *
 * @param inventory what the cluster holds
 * @param endpoints this node's, by number
 * @param cidrs local identities of prefixes that policies name
 */
public record View(
    Inventory inventory, Map<Integer, LocalEndpoint> endpoints, Map<Cidr, Identity> cidrs) {
  /** Nothing is known. */
  public static final View EMPTY = new View(Inventory.EMPTY, Map.of(), Map.of());
}
