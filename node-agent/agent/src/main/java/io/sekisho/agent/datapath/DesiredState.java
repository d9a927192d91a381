package io.sekisho.agent.datapath;

import io.sekisho.policy.Cidr;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import io.sekisho.policy.compile.PolicyTable;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * All that the dataplane shall do; immutable.
 *
 * @param endpoints local endpoints by id
 * @param ipcache address prefix to identity and node, for all of the cluster and for CIDRs
 * @param nodes the other nodes, by name: ways to their pods
 * @param host the node itself as an endpoint, see {@link #host}; empty if no policy speaks of it
 * @param prefilter who may send nothing to this node
 * @param services who answers for which service; empty while it is not known: what the kernel has
 *     stays
 * @param blocks prefixes of rules that mean whoever has an address there, to the number under which
 *     policy tables have them
 */
public record DesiredState(
    Map<Integer, Endpoint> endpoints,
    Map<Cidr, Location> ipcache,
    Map<String, RemoteNode> nodes,
    Optional<Endpoint> host,
    PrefixFilter prefilter,
    Optional<Map<ServiceAddress, ServiceBackends>> services,
    Map<Cidr, Integer> blocks) {
  /** Number of the node itself among endpoints (HOST_ENDPOINT of bpf/types.h): no pod has it. */
  public static final int HOST_ENDPOINT = 1 << 16;

  /** Nothing at all. */
  public static final DesiredState EMPTY = new DesiredState(Map.of(), Map.of(), Map.of());

  /** Without a policy of the node itself, and without deny lists. */
  public DesiredState(
      Map<Integer, Endpoint> endpoints,
      Map<Cidr, Location> ipcache,
      Map<String, RemoteNode> nodes) {
    this(endpoints, ipcache, nodes, Optional.empty(), PrefixFilter.NONE);
  }

  /** Without services and blocks. */
  public DesiredState(
      Map<Integer, Endpoint> endpoints,
      Map<Cidr, Location> ipcache,
      Map<String, RemoteNode> nodes,
      Optional<Endpoint> host,
      PrefixFilter prefilter) {
    this(endpoints, ipcache, nodes, host, prefilter, Optional.empty(), Map.of());
  }

  /** The same with other endpoints and prefixes. */
  public DesiredState with(Map<Integer, Endpoint> others, Map<Cidr, Location> prefixes) {
    return new DesiredState(others, prefixes, nodes, host, prefilter, services, blocks);
  }

  /** The same with other services. */
  public DesiredState with(Optional<Map<ServiceAddress, ServiceBackends>> others) {
    return new DesiredState(endpoints, ipcache, nodes, host, prefilter, others, blocks);
  }

  /** The same with other blocks. */
  public DesiredState with(Map<Cidr, Integer> others) {
    return new DesiredState(endpoints, ipcache, nodes, host, prefilter, services, others);
  }

  /**
   * Everything that has a policy table: the endpoints by id, then the node itself if it has one.
   */
  public Stream<Endpoint> subjects() {
    return Stream.concat(new TreeMap<>(endpoints).values().stream(), host.stream());
  }

  /** What an endpoint is called in messages. */
  public static String name(int id) {
    return id == HOST_ENDPOINT ? "the node's own policy" : "endpoint " + id;
  }

  /** The node itself as an endpoint: it has no interface pair. */
  public static Endpoint host(int identity, PolicyTable policy, boolean audit) {
    String none = "00:00:00:00:00:00";
    var wired = new WiredEndpoint(HOST_ENDPOINT, "", 0, none, none, List.of(), 0);
    return new Endpoint(wired, identity, policy, audit);
  }

  /** Keeps immutable copies. */
  public DesiredState {
    endpoints = Map.copyOf(endpoints);
    ipcache = Map.copyOf(ipcache);
    nodes = Map.copyOf(nodes);
    services = services.map(Map::copyOf);
    blocks = Map.copyOf(blocks);
  }

  /**
   * Who may send nothing to this node.
   *
   * @param denied prefixes whose addresses may not
   * @param spared addresses inside of them that may: those of the cluster's nodes
   */
  public record PrefixFilter(Set<Cidr> denied, Set<Cidr> spared) {
    /** Nobody. */
    public static final PrefixFilter NONE = new PrefixFilter(Set.of(), Set.of());

    /** Keeps immutable copies. */
    public PrefixFilter {
      denied = Set.copyOf(denied);
      spared = Set.copyOf(spared);
    }
  }

  /**
   * A local endpoint.
   *
   * @param wired its interface
   * @param identity number of its labels
   * @param policy what it may do
   * @param audit whether denied traffic passes and is only reported
   */
  public record Endpoint(WiredEndpoint wired, int identity, PolicyTable policy, boolean audit) {
    /** The same with another table, as far as entries go. */
    Endpoint with(UnaryOperator<Map<PolicyKey, PolicyEntry>> change) {
      var table =
          new PolicyTable(
              policy.ingressEnforced(), policy.egressEnforced(), change.apply(policy.entries()));
      return new Endpoint(wired, identity, table, audit);
    }
  }

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
   * @param gone whether it is in the cluster no more: what is sent to its pods comes back
   */
  public record RemoteNode(List<InetAddress> addresses, List<Cidr> podCidrs, boolean gone) {
    /** One that is there. */
    public RemoteNode(List<InetAddress> addresses, List<Cidr> podCidrs) {
      this(addresses, podCidrs, false);
    }

    /** One that is gone, and had these ranges. */
    public static RemoteNode gone(List<Cidr> podCidrs) {
      return new RemoteNode(List.of(), podCidrs, true);
    }

    /** Keeps immutable copies. */
    public RemoteNode {
      addresses = List.copyOf(addresses);
      podCidrs = List.copyOf(podCidrs);
    }
  }
}
