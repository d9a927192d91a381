package io.sekisho.libbpf;

import io.sekisho.libbpf.system.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Batch operations; where a map's type has none, one call for each entry. */
final class MapBatch {
  private static final int CHUNK = 4096;
  private static final int BATCH_OPTS = 24;

  private MapBatch() {}

  static <K, V> void update(BpfMap<K, V> map, Map<K, V> entries) {
    var rest = List.copyOf(entries.entrySet());
    for (int from = 0; from < rest.size(); from += CHUNK) {
      updateChunk(map, rest.subList(from, Math.min(from + CHUNK, rest.size())));
    }
  }

  private static <K, V> void updateChunk(BpfMap<K, V> map, List<Map.Entry<K, V>> entries) {
    try (var arena = Arena.ofConfined()) {
      int keySize = map.keyCodec().size();
      int valueSize = map.valueCodec().size();
      MemorySegment keys = arena.allocate((long) keySize * entries.size(), 8);
      MemorySegment values = arena.allocate((long) valueSize * entries.size(), 8);
      ByteBuffer keyBuffer = keys.asByteBuffer().order(ByteOrder.nativeOrder());
      ByteBuffer valueBuffer = values.asByteBuffer().order(ByteOrder.nativeOrder());
      for (Map.Entry<K, V> entry : entries) {
        map.keyCodec().write(entry.getKey(), keyBuffer);
        map.valueCodec().write(entry.getValue(), valueBuffer);
      }
      MemorySegment count = count(arena, entries.size());
      int result =
          LibBpf.CALLS.bpf_map_update_batch(
              map.fd(),
              KernelObject.pointer(keys),
              KernelObject.pointer(values),
              KernelObject.pointer(count),
              KernelObject.pointer(KernelObject.opts(arena, BATCH_OPTS)));
      if (unsupported(result)) {
        entries.forEach(entry -> map.put(entry.getKey(), entry.getValue()));
        return;
      }
      BpfException.check(
          "batch update of map " + map.info().name() + " with " + entries.size() + " entries",
          result);
    }
  }

  static <K> void delete(BpfMap<K, ?> map, Iterable<K> removed) {
    var rest = new ArrayList<K>();
    removed.forEach(rest::add);
    for (int from = 0; from < rest.size(); from += CHUNK) {
      deleteChunk(map, rest.subList(from, Math.min(from + CHUNK, rest.size())));
    }
  }

  private static <K> void deleteChunk(BpfMap<K, ?> map, List<K> removed) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment keys = arena.allocate((long) map.keyCodec().size() * removed.size(), 8);
      ByteBuffer buffer = keys.asByteBuffer().order(ByteOrder.nativeOrder());
      removed.forEach(key -> map.keyCodec().write(key, buffer));
      int result =
          LibBpf.CALLS.bpf_map_delete_batch(
              map.fd(),
              KernelObject.pointer(keys),
              KernelObject.pointer(count(arena, removed.size())),
              KernelObject.pointer(KernelObject.opts(arena, BATCH_OPTS)));
      if (unsupported(result) || result == -Errno.ENOENT) {
        // A batch ends at the first key that is not there; the others must still go.
        removed.forEach(map::remove);
        return;
      }
      BpfException.check("batch delete in map " + map.info().name(), result);
    }
  }

  private static boolean unsupported(int result) {
    return result == -Errno.ENOTSUPP || result == -Errno.EOPNOTSUPP;
  }

  private static MemorySegment count(Arena arena, int entries) {
    MemorySegment count = arena.allocate(4, 4);
    count.set(ValueLayout.JAVA_INT, 0, entries);
    return count;
  }
}
