package io.sekisho.libbpf;

import io.sekisho.libbpf.system.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Walks over a map: in batches where the type has them, else key by key. What changes meanwhile may
 * or may not be seen; what stays is seen once.
 */
final class MapScan {
  private static final int BATCH = 1024;
  private static final int BATCH_OPTS = 24;

  private MapScan() {}

  static <K, V> Map<K, V> entries(BpfMap<K, V> map) {
    var entries = new LinkedHashMap<K, V>();
    if (hasBatches(map)) {
      batches(
          map, (key, value) -> entries.put(map.keyCodec().read(key), map.valueCodec().read(value)));
      return entries;
    }
    keys(
        map,
        raw -> {
          K key = map.keyCodec().decode(raw);
          Optional<V> value = map.get(key);
          value.ifPresent(v -> entries.put(key, v));
        });
    return entries;
  }

  static void scan(BpfMap<?, ?> map, BiConsumer<ByteBuffer, ByteBuffer> each) {
    if (!hasBatches(map)) {
      throw new IllegalArgumentException("map " + map.info().name() + " is read entry by entry");
    }
    batches(map, each::accept);
  }

  static long count(BpfMap<?, ?> map) {
    if (hasBatches(map)) {
      var seen = new HashSet<ByteBuffer>();
      int size = map.keyCodec().size();
      batches(
          map,
          (key, value) -> {
            byte[] copy = new byte[size];
            key.get(copy);
            seen.add(ByteBuffer.wrap(copy));
          });
      return seen.size();
    }
    long[] count = {0};
    keys(map, key -> count[0]++);
    return count[0];
  }

  private interface Pairs {
    void accept(ByteBuffer key, ByteBuffer value);
  }

  private static boolean hasBatches(BpfMap<?, ?> map) {
    return switch (map.info().type()) {
      case HASH, LRU_HASH, LPM_TRIE, ARRAY -> true;
      default -> false;
    };
  }

  /** The place where a batch ended is the kernel's word, and as long as a key at most. */
  private static void batches(BpfMap<?, ?> map, Pairs each) {
    int keySize = map.keyCodec().size();
    int valueSize = map.valueCodec().size();
    int room = Math.min(BATCH, map.info().maxEntries());
    boolean first = true;
    try (var arena = Arena.ofConfined()) {
      MemorySegment at = arena.allocate(Math.max(8, keySize), 8);
      MemorySegment next = arena.allocate(Math.max(8, keySize), 8);
      MemorySegment count = arena.allocate(4, 4);
      Pointer opts = KernelObject.pointer(KernelObject.opts(arena, BATCH_OPTS));
      MemorySegment keys = arena.allocate((long) keySize * room, 8);
      MemorySegment values = arena.allocate((long) valueSize * room, 8);
      while (true) {
        count.set(ValueLayout.JAVA_INT, 0, room);
        int result =
            LibBpf.CALLS.bpf_map_lookup_batch(
                map.fd(),
                first ? null : KernelObject.pointer(at),
                KernelObject.pointer(next),
                KernelObject.pointer(keys),
                KernelObject.pointer(values),
                KernelObject.pointer(count),
                opts);
        if (result == -Errno.ENOSPC) {
          // One bucket of the hash has more entries than there is room for.
          room *= 2;
          keys = arena.allocate((long) keySize * room, 8);
          values = arena.allocate((long) valueSize * room, 8);
          continue;
        }
        boolean end = result == -Errno.ENOENT;
        if (!end) {
          BpfException.check("batch lookup in map " + map.info().name(), result);
        }
        hand(keys, keySize, values, valueSize, count.get(ValueLayout.JAVA_INT, 0), each);
        if (end) {
          return;
        }
        at.copyFrom(next);
        first = false;
      }
    }
  }

  private static void hand(
      MemorySegment keys, int keySize, MemorySegment values, int valueSize, int count, Pairs each) {
    ByteBuffer allKeys = keys.asByteBuffer();
    ByteBuffer allValues = values.asByteBuffer();
    for (int i = 0; i < count; i++) {
      each.accept(part(allKeys, i, keySize), part(allValues, i, valueSize));
    }
  }

  private static ByteBuffer part(ByteBuffer of, int index, int size) {
    return of.slice(index * size, size).order(ByteOrder.nativeOrder());
  }

  /**
   * Every key once. When a key vanishes under the walk, the kernel begins anew; keys seen before
   * are left out, and the walk ends after twice the capacity whatever happens.
   */
  private static void keys(BpfMap<?, ?> map, Consumer<byte[]> each) {
    var seen = new HashSet<ByteBuffer>();
    byte @Nullable [] key = null;
    long limit = 2L * map.info().maxEntries() + 1;
    for (long step = 0; step < limit; step++) {
      byte[] next = new byte[map.info().keySize()];
      int result = LibBpf.CALLS.bpf_map_get_next_key(map.fd(), key, next);
      if (result == -Errno.ENOENT) {
        return;
      }
      BpfException.check("walk over map " + map.info().name(), result);
      if (seen.add(ByteBuffer.wrap(next))) {
        each.accept(next);
      }
      key = next;
    }
  }
}
