package io.sekisho.libbpf;

import io.sekisho.libbpf.system.Errno;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks over a map key by key: works for every type of map, also those without batch lookup. */
final class MapScan {
  private MapScan() {}

  static <K, V> Map<K, V> entries(BpfMap<K, V> map) {
    var entries = new LinkedHashMap<K, V>();
    keys(
        map,
        raw -> {
          K key = map.keyCodec().decode(raw);
          Optional<V> value = map.get(key);
          value.ifPresent(v -> entries.put(key, v));
        });
    return entries;
  }

  static long count(BpfMap<?, ?> map) {
    long[] count = {0};
    keys(map, key -> count[0]++);
    return count[0];
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
