package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.MapInfo;
import io.sekisho.libbpf.MapType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a table of connections lies in its map: {@code struct conntrack_table}, and then buckets of
 * {@link #WAYS} slots ({@code struct conntrack_bucket} of bpf/types.h). It has twice as many slots
 * as it is meant to hold connections, for a bucket may be full while others are not.
 */
final class ConnectionTable {
  /** The maps that are such tables. */
  static final List<String> NAMES = List.of("conntrack_tcp", "conntrack_any");

  /** CONNTRACK_WAYS. */
  static final int WAYS = 16;

  /** Slots for each connection that a table is meant for. */
  private static final int SLOTS_EACH = 2;

  /** sizeof(struct tuple), with which a slot begins. */
  static final int KEY = 40;

  /** sizeof(struct conntrack_slot); later versions only grow at the end. */
  static final int SLOT = 128;

  /** REPORT_SHIFT: units of reported_at are so many bits of ns. */
  static final int REPORT_SHIFT = 20;

  private static final int TAGS = WAYS * Integer.BYTES;
  private static final int SECRET = 40;

  /** TAG_THERE: the lowest bit of the tag of a slot that is in use. */
  private static final int THERE = 1;

  private static final SecureRandom RANDOM = new SecureRandom();

  private ConnectionTable() {}

  /** Whether a map has the layout of a table. */
  static boolean isTable(MapInfo map) {
    return map.type() == MapType.ARRAY
        && map.keySize() == Integer.BYTES
        && map.valueSize() >= TAGS + WAYS * SLOT
        && (map.valueSize() - TAGS) % WAYS == 0;
  }

  /** Bytes of a slot of a table. */
  static int slotSize(MapInfo table) {
    return (table.valueSize() - TAGS) / WAYS;
  }

  /** Elements of a map for so many connections. */
  static int elements(int connections) {
    return 1 + Math.ceilDiv(connections, WAYS / SLOTS_EACH);
  }

  /** Connections that a map of so many elements is meant for. */
  static int capacity(int elements) {
    return (elements - 1) * (WAYS / SLOTS_EACH);
  }

  /** Makes a new map a table: before this no connection is found in it. */
  static void begin(BpfMap<byte[], byte[]> map) {
    var info = map.info();
    byte[] secret = new byte[SECRET];
    RANDOM.nextBytes(secret);
    var header = ByteBuffer.allocate(info.valueSize()).order(ByteOrder.nativeOrder());
    header.put(secret).putInt(info.maxEntries() - 1);
    map.put(new byte[Integer.BYTES], header.array());
  }

  /** How many connections live at a time, ns of CLOCK_MONOTONIC; some ten ms for 100,000. */
  static long living(BpfMap<byte[], byte[]> table, long now) {
    long[] count = {0};
    each(table, now, (bucket, at) -> count[0]++);
    return count[0];
  }

  /** Hands over the slots of connections that live at a time, ns of CLOCK_MONOTONIC. */
  static void scan(BpfMap<byte[], byte[]> table, long now, Consumer<byte[]> each) {
    int size = slotSize(table.info());
    each(
        table,
        now,
        (bucket, at) -> {
          byte[] slot = new byte[size];
          bucket.get(at, slot);
          each.accept(slot);
        });
  }

  private interface Slots {
    void accept(ByteBuffer bucket, int at);
  }

  private static void each(BpfMap<byte[], byte[]> table, long now, Slots slots) {
    int size = slotSize(table.info());
    table.scan(
        (key, bucket) -> {
          if (key.getInt(0) == 0) {
            return;
          }
          for (int way = 0; way < WAYS; way++) {
            int at = TAGS + way * size;
            if ((bucket.getInt(way * Integer.BYTES) & THERE) != 0
                && bucket.getLong(at + KEY) > now) {
              slots.accept(bucket, at);
            }
          }
        });
  }
}
