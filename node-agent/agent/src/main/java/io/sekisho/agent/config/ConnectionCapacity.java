package io.sekisho.agent.config;

/**
 * How many entries the tables of connections have room for: their memory is taken when they are
 * made. Where nothing is configured they may take a quarter of a percent of the machine's memory
 * (as Cilium's, bpf-map-dynamic-size-ratio), as long as that is room for 65,536 at least; and for
 * no more than 262,144, what the kernel's own conntrack has by default on a machine of more than 4
 * GB (nf_conntrack_max), which is some 210 MB.
 *
 * @param conntrackEntries of each of the two tables of connections
 * @param natEntries of the table of masqueraded connections, two for each
 */
public record ConnectionCapacity(int conntrackEntries, int natEntries) {
  private static final int LEAST = 65_536;
  private static final int MOST = 262_144;

  /** One four-hundredth. */
  private static final int SHARE = 400;

  /**
   * Bytes that one more connection takes: two slots of 132 bytes in each table of connections, and
   * two mappings with what the kernel's LRU hash adds (64 bytes, and a head for each bucket).
   */
  private static final int BYTES = 2 * 264 + 2 * (64 + 40 + 32);

  /** What is configured, or what a machine of so much memory gets; -1 if that is not known. */
  public static ConnectionCapacity of(AgentConfig config, long memoryBytes) {
    int byMemory = (int) Math.clamp(memoryBytes / SHARE / BYTES, LEAST, MOST);
    int connections = config.conntrackEntries().orElse(byMemory);
    return new ConnectionCapacity(
        connections, config.natEntries().orElse(Math.min(2 * connections, 1 << 24)));
  }
}
