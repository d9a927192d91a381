package io.sekisho.agent.datapath;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.compile.PolicyTable;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that the dataplane shall do; immutable.
 *
 * @param endpoints local endpoints by id
 * @param ipcache address prefix to identity and node, for all of the cluster and for CIDRs
 * @param nodes the other nodes, by name: ways to their pods
 */
public record DesiredState(
    Map<Integer, Endpoint> endpoints, Map<Cidr, Location> ipcache, Map<String, RemoteNode> nodes) {
  /** Nothing at all. */
  public static final DesiredState EMPTY = new DesiredState(Map.of(), Map.of(), Map.of());

  /** Keeps immutable copies. */
  public DesiredState {
    endpoints = Map.copyOf(endpoints);
    ipcache = Map.copyOf(ipcache);
    nodes = Map.copyOf(nodes);
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
   * @param node underlay address of the node to which the overlay brings packets for them; empty
   *     for local ones, for outside, and with native routing
   * @param direct whether packets from pods to them keep the pod's address (are not masqueraded)
   * @param own whether they are this node's pods: what comes for one that is not there is dropped
   */
  public record Location(int identity, Optional<InetAddress> node, boolean direct, boolean own) {
    /** Not this node's pods. */
    public Location(int identity, Optional<InetAddress> node, boolean direct) {
      this(identity, node, direct, false);
    }
  }

  /**
   * Another node of the cluster.
   *
   * @param addresses its underlay addresses
   * @param podCidrs ranges of its pods
   */
  public record RemoteNode(List<InetAddress> addresses, List<Cidr> podCidrs) {
    /** Keeps immutable copies. */
    public RemoteNode {
      addresses = List.copyOf(addresses);
      podCidrs = List.copyOf(podCidrs);
    }
  }
}
