package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.Codec;
import io.sekisho.libbpf.MapInfo;
import io.sekisho.policy.Cidr;
import io.sekisho.policy.compile.PolicyEntry;
import io.sekisho.policy.compile.PolicyKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * The maps of the node, in words of Java.
 *
 * @param endpoints local pods by address
 * @param endpointConfig local pods by host interface
 * @param ipcache prefix to identity and node
 * @param ipcacheVersion number of changes of the ipcache, under key 0
 * @param nodeState what all programs look at first, under key 0
 * @param policies endpoint id to policy table: read as id, written as descriptor
 * @param policyBlocks prefix to the number that policy tables have for who has an address there
 * @param conntrackTcp TCP connections, as bytes
 * @param conntrackAny other connections, as bytes
 * @param events the ring
 * @param eventsLost one counter for each CPU
 * @param tableShape shape of a policy table
 */
record DatapathMaps(
    BpfMap<Cidr, EndpointEntry> endpoints,
    BpfMap<Integer, EndpointEntry> endpointConfig,
    BpfMap<Cidr, IpcacheEntry> ipcache,
    BpfMap<Integer, Integer> ipcacheVersion,
    BpfMap<Integer, Integer> nodeState,
    BpfMap<Integer, Integer> policies,
    BpfMap<Cidr, Integer> policyBlocks,
    BpfMap<byte[], byte[]> conntrackTcp,
    BpfMap<byte[], byte[]> conntrackAny,
    BpfMap<byte[], byte[]> events,
    BpfMap<byte[], byte[]> eventsLost,
    MapInfo tableShape)
    implements AutoCloseable {

  /** From the maps by their names in the source. */
  static DatapathMaps of(Map<String, BpfMap<byte[], byte[]>> maps, MapInfo tableShape) {
    return new DatapathMaps(
        get(maps, "endpoints").as(MapCodecs.ADDRESS, EndpointEntry.CODEC),
        get(maps, "endpoint_config").as(Codec.u32(), EndpointEntry.CODEC),
        get(maps, "ipcache").as(MapCodecs.PREFIX, IpcacheEntry.CODEC),
        get(maps, "ipcache_version").as(Codec.u32(), Codec.u32()),
        get(maps, "node_state").as(Codec.u32(), Codec.u32()),
        get(maps, "policies").as(Codec.u32(), Codec.u32()),
        get(maps, "policy_blocks").as(MapCodecs.PREFIX, Codec.u32()),
        get(maps, "conntrack_tcp"),
        get(maps, "conntrack_any"),
        get(maps, "events"),
        get(maps, "events_lost"),
        tableShape);
  }

  private static BpfMap<byte[], byte[]> get(Map<String, BpfMap<byte[], byte[]>> maps, String name) {
    var map = maps.get(name);
    if (map == null) {
      throw new DatapathException(
          DatapathException.Code.LOAD_FAILED, "the programs have no map " + name);
    }
    return map;
  }

  /** A policy table's entries in words of Java. */
  static BpfMap<PolicyKey, PolicyEntry> table(BpfMap<byte[], byte[]> table) {
    return table.as(MapCodecs.POLICY_KEY, MapCodecs.POLICY_ENTRY);
  }

  /** Events that did not fit into the ring, since the map was made. */
  long lostEvents() {
    byte[] counters =
        eventsLost
            .get(new byte[Integer.BYTES])
            .orElseThrow(() -> new IllegalStateException("an array has all its entries"));
    var buffer = ByteBuffer.wrap(counters).order(ByteOrder.nativeOrder());
    long sum = 0;
    while (buffer.hasRemaining()) {
      sum += buffer.getLong();
    }
    return sum;
  }

  @Override
  public void close() {
    endpoints.close();
    endpointConfig.close();
    ipcache.close();
    ipcacheVersion.close();
    nodeState.close();
    policies.close();
    policyBlocks.close();
    conntrackTcp.close();
    conntrackAny.close();
    events.close();
    eventsLost.close();
  }
}
