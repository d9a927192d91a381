package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.Codec;
import io.sekisho.libbpf.MapInfo;
import io.sekisho.libbpf.MapType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings what a map holds into a map of another layout or a larger one, while programs go on using
 * the old one. Structs of map values only grow at their end, so a value is carried over by adding
 * zeros or by cutting its end. Entries that appear meanwhile follow in later passes.
 */
final class MapMigration extends Migration {
  private static final Set<MapType> CARRIED =
      Set.of(MapType.HASH, MapType.LRU_HASH, MapType.LPM_TRIE, MapType.HASH_OF_MAPS);

  private final BpfMap<byte[], byte[]> target;
  private final MapInfo tableShape;

  /**
   * From old maps into a new one.
   *
   * @param target the new one; stays the caller's
   * @param tableShape how inner maps look, if they are maps of maps
   */
  MapMigration(
      PinFolder pins,
      String name,
      List<BpfMap<byte[], byte[]>> sources,
      BpfMap<byte[], byte[]> target,
      MapInfo tableShape) {
    super(pins, name, sources);
    this.target = target;
    this.tableShape = tableShape;
  }

  /** Whether a map of one layout can be carried over into one of the other. */
  static boolean isPossible(MapInfo from, MapInfo to) {
    return CARRIED.contains(from.type())
        && from.type() == to.type()
        && from.keySize() == to.keySize()
        && from.flags() == to.flags();
  }

  @Override
  void copy(BpfMap<byte[], byte[]> source) {
    if (source.info().type() == MapType.HASH_OF_MAPS) {
      copyTables(source.as(Codec.u32(), Codec.u32()), target.as(Codec.u32(), Codec.u32()));
    } else {
      int size = target.info().valueSize();
      source.scan((key, value) -> target.putIfAbsent(bytes(key), resized(bytes(value), size)));
    }
  }

  private static byte[] bytes(ByteBuffer of) {
    byte[] bytes = new byte[of.remaining()];
    of.get(bytes);
    return bytes;
  }

  private void copyTables(BpfMap<Integer, Integer> from, BpfMap<Integer, Integer> to) {
    Map<Integer, Integer> present = to.entries();
    from.entries()
        .forEach(
            (id, table) -> {
              if (!present.containsKey(id)) {
                copyTable(id, table, to);
              }
            });
  }

  private void copyTable(int id, int table, BpfMap<Integer, Integer> to) {
    try (var old = BpfMap.openById(table);
        var made = BpfMap.create(tableShape)) {
      old.entries().forEach((key, value) -> made.put(key, resized(value, tableShape.valueSize())));
      to.put(id, made.fd());
    }
  }

  /** The value with zeros at its end, or without its end. */
  static byte[] resized(byte[] value, int size) {
    return Arrays.copyOf(value, size);
  }
}
