package io.sekisho.agent.cluster;

import io.sekisho.agent.cluster.ClusterStore.Entry;
import io.sekisho.agent.cluster.ClusterStoreException.Code;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of the embedded store's file: {@code long reserved, int count}, then for each entry
 * {@code int keyBytes, key, long version, int valueBytes, value}, big-endian.
 *
 * @param reserved first version that no write has used
 * @param entries what is persistent
 */
record FileSnapshot(long reserved, List<Entry> entries) {

  byte[] encode() {
    var keys = entries.stream().map(e -> e.key().getBytes(StandardCharsets.UTF_8)).toList();
    int size = Long.BYTES + Integer.BYTES;
    for (int i = 0; i < keys.size(); i++) {
      size += 2 * Integer.BYTES + Long.BYTES + keys.get(i).length + entries.get(i).value().length;
    }
    var out = ByteBuffer.allocate(size);
    out.putLong(reserved).putInt(entries.size());
    for (int i = 0; i < keys.size(); i++) {
      out.putInt(keys.get(i).length).put(keys.get(i));
      out.putLong(entries.get(i).version());
      out.putInt(entries.get(i).value().length).put(entries.get(i).value());
    }
    return out.array();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws ClusterStoreException CORRUPT if lengths do not fit
   */
  static FileSnapshot decode(byte[] content) {
    var in = ByteBuffer.wrap(content);
    try {
      long reserved = in.getLong();
      int count = in.getInt();
      var entries = new ArrayList<Entry>();
      for (int i = 0; i < count; i++) {
        String key = new String(bytes(in), StandardCharsets.UTF_8);
        long version = in.getLong();
        entries.add(new Entry(key, bytes(in), version));
      }
      return new FileSnapshot(reserved, entries);
    } catch (BufferUnderflowException e) {
      throw new ClusterStoreException(Code.CORRUPT, "a length in the store's file is wrong", e);
    }
  }

  private static byte[] bytes(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    var bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
