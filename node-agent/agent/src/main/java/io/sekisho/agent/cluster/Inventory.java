package io.sekisho.agent.cluster;

import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.Realized;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.Identity;
import java.util.Map;

/**
 * All that is in the cluster at one moment; immutable.
 *
 * @param version grows with every change; the resource version of the API
 * @param synced whether the store has been read whole since the start
 * @param kept whether it is what this node knew before its start, since the store does not answer
 * @param nodes by name
 * @param endpoints by {@code node/id}
 * @param identities cluster-wide ones by number, without the reserved
 * @param realized what each node's datapath does, by node
 * @param ranges ranges of pods that the cluster knows, to the node that has or had each: nodes that
 *     are gone among them
 */
public record Inventory(
    long version,
    boolean synced,
    boolean kept,
    Map<String, Node> nodes,
    Map<String, Endpoint> endpoints,
    Map<Integer, Identity> identities,
    Map<String, Realized> realized,
    Map<Cidr, String> ranges) {
  /** Before anything is known. */
  public static final Inventory EMPTY =
      new Inventory(0, false, Map.of(), Map.of(), Map.of(), Map.of());

  /** As the store tells it. */
  public Inventory(
      long version,
      boolean synced,
      Map<String, Node> nodes,
      Map<String, Endpoint> endpoints,
      Map<Integer, Identity> identities,
      Map<String, Realized> realized,
      Map<Cidr, String> ranges) {
    this(version, synced, false, nodes, endpoints, identities, realized, ranges);
  }

  /** The same without ranges that are known apart from nodes. */
  public Inventory(
      long version,
      boolean synced,
      Map<String, Node> nodes,
      Map<String, Endpoint> endpoints,
      Map<Integer, Identity> identities,
      Map<String, Realized> realized) {
    this(version, synced, nodes, endpoints, identities, realized, Map.of());
  }

  /** Whether it may be acted upon. */
  public boolean usable() {
    return synced || kept;
  }

  /** The same under another version. */
  Inventory at(long newer) {
    return new Inventory(newer, synced, kept, nodes, endpoints, identities, realized, ranges);
  }
}
