package io.sekisho.console.core;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Identity;
import io.sekisho.api.v1.Node;
import io.sekisho.policy.Labels;
import java.util.Map;
import java.util.Optional;

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

  /** The labels of an identity: as told, else those of an endpoint that has it. */
  public Optional<Labels> labels(int identity) {
    return Optional.ofNullable(identities.get(identity))
        .map(i -> Labels.of(i.getLabelsList()))
        .or(
            () ->
                endpoints.values().stream()
                    .filter(e -> e.getIdentity() == identity)
                    .findFirst()
                    .map(e -> Labels.of(e.getLabelsList())));
  }

  public ClusterInventory {
    nodes = Map.copyOf(nodes);
    endpoints = Map.copyOf(endpoints);
    identities = Map.copyOf(identities);
  }
}
