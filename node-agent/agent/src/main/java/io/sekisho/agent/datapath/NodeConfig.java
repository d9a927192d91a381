package io.sekisho.agent.datapath;

import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the dataplane must know of its node before programs are loaded.
 *
 * @param node the node's name; names the pin folder
 * @param pinRoot bpf file system folder that holds the node's pin folder, usually {@code
 *     /sys/fs/bpf/sekisho}
 * @param underlayDevice interface that carries the overlay, for example {@code eth0}
 * @param underlayAddresses the node's own addresses on it
 * @param podCidrs ranges of the node's pods, at most one of each family
 * @param routing how packets travel to other nodes' pods
 * @param overlay the tunnel to other nodes; {@link Overlay#NONE} with native routing
 * @param masquerade what leaves the cluster gets the node's address; empty: it keeps the pod's
 * @param conntrackEntries capacity of each connection table
 * @param natEntries capacity of the table of masqueraded connections, two entries for each
 * @param eventRingBytes size of the event ring, a power of two
 * @param aggregationSeconds how often an open connection is reported without news
 * @param cgroup folder of the cgroup (version 2) whose processes reach services; empty: we do
 *     nothing about services
 */
public record NodeConfig(
    String node,
    Path pinRoot,
    String underlayDevice,
    List<InetAddress> underlayAddresses,
    List<Cidr> podCidrs,
    Routing routing,
    Overlay overlay,
    Optional<Masquerade> masquerade,
    int conntrackEntries,
    int natEntries,
    int eventRingBytes,
    int aggregationSeconds,
    Optional<Path> cgroup) {

  /** Without services. */
  public NodeConfig(
      String node,
      Path pinRoot,
      String underlayDevice,
      List<InetAddress> underlayAddresses,
      List<Cidr> podCidrs,
      Routing routing,
      Overlay overlay,
      Optional<Masquerade> masquerade,
      int conntrackEntries,
      int natEntries,
      int eventRingBytes,
      int aggregationSeconds) {
    this(
        node,
        pinRoot,
        underlayDevice,
        underlayAddresses,
        podCidrs,
        routing,
        overlay,
        masquerade,
        conntrackEntries,
        natEntries,
        eventRingBytes,
        aggregationSeconds,
        Optional.empty());
  }
}
