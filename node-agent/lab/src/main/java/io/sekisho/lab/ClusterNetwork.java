package io.sekisho.lab;

import io.sekisho.agent.datapath.Routing;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the lab's cluster is networked: what the agents' configurations say of it.
 *
 * @param routing how packets travel to other nodes' pods, {@link Routing#word}
 * @param families which addresses pods get
 * @param pools ranges of the whole cluster from which nodes lease theirs, as {@code
 *     10.244.0.0/16:24}; empty: each node has ranges of its own
 * @param masquerade whether what leaves the cluster gets the node's address
 * @param masqueradePorts which ports it gets, as {@code 49152-65535}
 * @param exclude destinations outside to which pods speak with their own address
 * @param probeSeconds how often nodes probe each other; 0: they do not
 * @param underlay which of their addresses nodes speak by: tunnels go between them
 */
public record ClusterNetwork(
    String routing,
    Families families,
    List<String> pools,
    boolean masquerade,
    String masqueradePorts,
    List<String> exclude,
    int probeSeconds,
    Families underlay) {
  /** Pools that give each node the ranges that it would have of its own, in some order. */
  public static final List<String> USUAL_POOLS = List.of("10.244.0.0/16:24", "fd00:10:244::/48:64");

  private static final String USUAL_PORTS = "49152-65535";
  private static final int USUAL_PROBES = 10;

  /** VXLAN, both families, ranges of the nodes' own, masquerade and probes on. */
  public static final ClusterNetwork USUAL =
      new ClusterNetwork(
          "vxlan",
          Families.BOTH,
          List.of(),
          true,
          USUAL_PORTS,
          List.of(),
          USUAL_PROBES,
          Families.BOTH);

  /** Refuses routing that does not exist. */
  public ClusterNetwork {
    String word = routing;
    if (Stream.of(Routing.values()).noneMatch(known -> known.word().equals(word))) {
      throw new LabException(
          LabException.Code.UNKNOWN, "\"" + routing + "\" is neither vxlan, geneve nor native");
    }
    pools = List.copyOf(pools);
    exclude = List.copyOf(exclude);
  }

  /** The same over another way. */
  public ClusterNetwork withRouting(String word) {
    return new ClusterNetwork(
        word, families, pools, masquerade, masqueradePorts, exclude, probeSeconds, underlay);
  }

  /** The same for other addresses. */
  public ClusterNetwork withFamilies(Families others) {
    return new ClusterNetwork(
        routing, others, pools, masquerade, masqueradePorts, exclude, probeSeconds, underlay);
  }

  /** The same with nodes that lease from these pools. */
  public ClusterNetwork withPools(List<String> others) {
    return new ClusterNetwork(
        routing, families, others, masquerade, masqueradePorts, exclude, probeSeconds, underlay);
  }

  /** The same, where pods keep their addresses outside. */
  public ClusterNetwork withoutMasquerade() {
    return new ClusterNetwork(
        routing, families, pools, false, masqueradePorts, exclude, probeSeconds, underlay);
  }

  /** The same with other ports of masqueraded connections, as {@code 49152-65535}. */
  public ClusterNetwork withMasqueradePorts(String ports) {
    return new ClusterNetwork(
        routing, families, pools, masquerade, ports, exclude, probeSeconds, underlay);
  }

  /** The same with destinations outside that are not masqueraded. */
  public ClusterNetwork withExclude(List<String> others) {
    return new ClusterNetwork(
        routing, families, pools, masquerade, masqueradePorts, others, probeSeconds, underlay);
  }

  /** The same with another pace of probes, 0 for none. */
  public ClusterNetwork withProbes(int seconds) {
    return new ClusterNetwork(
        routing, families, pools, masquerade, masqueradePorts, exclude, seconds, underlay);
  }

  /** The same with nodes that speak to each other by these addresses. */
  public ClusterNetwork withUnderlay(Families others) {
    return new ClusterNetwork(
        routing, families, pools, masquerade, masqueradePorts, exclude, probeSeconds, others);
  }

  /** The part of an agent's configuration, for a node. */
  String configuration(LabNode node) {
    String ranges =
        pools.isEmpty()
            ? "cidrs: " + quoted(families.of(node.podCidrs()))
            : "pools: " + quoted(ofFamilies(pools));
    return """
        routing: {mode: %s}
        pods: {%s}
        masquerade: {enabled: %s, ports: "%s", exclude: %s}
        probes: {enabled: %s, interval_seconds: %d}
        """
        .formatted(
            routing,
            ranges,
            masquerade,
            masqueradePorts,
            quoted(exclude),
            probeSeconds > 0,
            Math.max(1, probeSeconds));
  }

  private List<String> ofFamilies(List<String> ranges) {
    // a pool of IPv4 has a colon too, before the length of a node's part
    return ranges.stream()
        .filter(
            range ->
                switch (families) {
                  case V4 -> !range.contains("::");
                  case V6 -> range.contains("::");
                  case BOTH -> true;
                })
        .toList();
  }

  private static String quoted(List<String> texts) {
    return texts.isEmpty() ? "[]" : "[\"" + String.join("\", \"", texts) + "\"]";
  }
}
