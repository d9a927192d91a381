package io.sekisho.agent.datapath;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.compile.PolicyTable;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;

/**
 * All that the dataplane shall do; immutable.
 *
 * @param endpoints local endpoints by id
 * @param ipcache address prefix to identity and node, for all of the cluster and for CIDRs
 */
public record DesiredState(Map<Integer, Endpoint> endpoints, Map<Cidr, Location> ipcache) {
  /** Nothing at all. */
  public static final DesiredState EMPTY = new DesiredState(Map.of(), Map.of());

  /** Keeps immutable copies. */
  public DesiredState {
    endpoints = Map.copyOf(endpoints);
    ipcache = Map.copyOf(ipcache);
  }

  /**
   * A local endpoint.
   *
   * @param wired its interface
   * @param identity number of its labels
   * @param policy what it may do
   * @param audit whether denied traffic passes and is only reported
   */
  public record Endpoint(WiredEndpoint wired, int identity, PolicyTable policy, boolean audit) {}

  /**
   * Whose addresses a prefix holds.
   *
   * @param identity number of the identity
   * @param node underlay address of the node behind which they are; empty for local or outside
   */
  public record Location(int identity, Optional<InetAddress> node) {}
}
