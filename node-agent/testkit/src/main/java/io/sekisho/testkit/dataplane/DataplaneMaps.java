package io.sekisho.testkit.dataplane;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfObject;
import io.sekisho.libbpf.Codec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a dataplane's programs are told and what they remember: its maps, in words of tests. Which
 * pods there are says {@link Dataplane}, for they need interfaces.
 */
abstract class DataplaneMaps implements AutoCloseable {
  static final String MOVING = "conntrack_moving";

  private final Map<String, BpfMap<byte[], byte[]>> maps = new HashMap<>();

  /** Adds the maps of an object, if they are not there already. */
  final void takeMaps(BpfObject object) {
    object.mapNames().forEach(name -> maps.computeIfAbsent(name, object::map));
  }

  /** All maps by their names in the source; they stay the dataplane's. */
  public Map<String, BpfMap<byte[], byte[]>> maps() {
    return Map.copyOf(maps);
  }

  /** A map by its name in the source. */
  final BpfMap<byte[], byte[]> map(String name) {
    BpfMap<byte[], byte[]> found = maps.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no map " + name);
    }
    return found;
  }

  /** Writes an entry of the ipcache. */
  public void locate(Location location) {
    map("ipcache").as(Layouts.IPCACHE_KEY, Layouts.IPCACHE_ENTRY).put(location, location);
    forget();
  }

  /** What programs remember of tables is old. */
  void forget() {
    ipcacheVersion(ipcacheVersion() + 2);
  }

  /** Has policy tables know who has an address of a prefix by the number of a location. */
  public void block(Location prefix) {
    map("policy_blocks").as(Layouts.IPCACHE_KEY, Codec.u32()).put(prefix, prefix.identity());
  }

  /** Takes a prefix of {@link #block} away. */
  public void unblock(Location prefix) {
    map("policy_blocks").as(Layouts.IPCACHE_KEY, Codec.u32()).remove(prefix);
  }

  /** Number of changes of the ipcache and of endpoints; odd while they change. */
  public int ipcacheVersion() {
    return map("ipcache_version").as(Codec.u32(), Codec.u32()).get(0).orElseThrow();
  }

  /** Sets that number: what programs remember is old. */
  public void ipcacheVersion(int number) {
    map("ipcache_version").as(Codec.u32(), Codec.u32()).put(0, number);
  }

  /** Both tables of connections. */
  abstract ConnectionTables connectionTables();

  /** All connections of both tables, those that have ended too. */
  public Map<Tuple, Connection> connections() {
    var all = new HashMap<Tuple, Connection>();
    connectionSlots().forEach(slot -> all.put(slot.tuple(), slot.connection()));
    return all;
  }

  /** The same, each where it lies. */
  public List<ConnectionSlot> connectionSlots() {
    return connectionTables().slots();
  }

  /** Overwrites a connection, which is how tests let time pass; makes one that is not there. */
  public void rewrite(Tuple tuple, Connection connection) {
    connectionTables().rewrite(tuple, connection);
  }

  /** Until that time of System.nanoTime connections may be in tables of before alone. */
  public void connectionsMoveUntil(long nanos) {
    map(MOVING).as(Codec.u32(), Codec.u64()).put(0, nanos);
  }

  /** Both halves of all masqueraded connections. */
  public Map<Tuple, Mapping> mappings() {
    return map("nat").as(Layouts.TUPLE, Layouts.MAPPING).entries();
  }

  /** Overwrites one half of a masqueraded connection. */
  public void rewrite(Tuple tuple, Mapping mapping) {
    map("nat").as(Layouts.TUPLE, Layouts.MAPPING).put(tuple, mapping);
  }

  /** Forgets one half of a masqueraded connection, as a full table would. */
  public void forgetMapping(Tuple tuple) {
    map("nat").as(Layouts.TUPLE, Layouts.MAPPING).remove(tuple);
  }

  /** Forgets all masqueraded connections. */
  public void forgetMappings() {
    var map = map("nat").as(Codec.bytes(40), Codec.bytes(32));
    map.entries().keySet().forEach(map::remove);
  }

  /** Forgets all connections. */
  public void forgetConnections() {
    connectionTables().clear();
  }

  /** Forgets all connections; new ones will lie elsewhere, by a secret that the seed gives. */
  public void placeConnections(long seed) {
    connectionTables().begin(seed);
  }

  /** Lets all fragments that are remembered have been seen so many ns earlier. */
  public void ageFragments(long nanos) {
    BpfMap<byte[], byte[]> fragments = map("fragments").as(Codec.bytes(40), Codec.bytes(24));
    fragments
        .entries()
        .forEach(
            (key, entry) -> {
              ByteBuffer aged = ByteBuffer.wrap(entry).order(ByteOrder.nativeOrder());
              fragments.put(key, aged.putLong(0, aged.getLong(0) - nanos).array());
            });
  }

  /** Forgets all fragments. */
  public void forgetFragments() {
    var fragments = map("fragments").as(Codec.bytes(40), Codec.bytes(24));
    fragments.entries().keySet().forEach(fragments::remove);
  }

  /** Sums over all CPUs of what became of packets since the load. */
  public Fates fates() {
    var sides = List.of(new HashMap<Integer, Fates.Sum>(), new HashMap<Integer, Fates.Sum>());
    BpfMap<Integer, byte[]> metrics =
        map("metrics").as(Codec.u32(), Codec.bytes(perCpuBytes("metrics")));
    metrics
        .entries()
        .forEach(
            (key, raw) -> {
              ByteBuffer values = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
              long packets = 0;
              long bytes = 0;
              while (values.hasRemaining()) {
                packets += values.getLong();
                bytes += values.getLong();
              }
              if (packets > 0) {
                sides.get(key >> 8).put(key & 255, new Fates.Sum(packets, bytes));
              }
            });
    return new Fates(sides.get(1), sides.get(0));
  }

  private int perCpuBytes(String map) {
    return map(map).get(new byte[4]).orElseThrow().length;
  }

  /** Events that did not fit into the ring since the load. */
  public long lostEvents() {
    ByteBuffer values =
        ByteBuffer.wrap(map("events_lost").get(new byte[4]).orElseThrow())
            .order(ByteOrder.nativeOrder());
    long lost = 0;
    while (values.hasRemaining()) {
      lost += values.getLong();
    }
    return lost;
  }

  @Override
  public void close() {
    maps.values().forEach(BpfMap::close);
  }
}
