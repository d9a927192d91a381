package io.sekisho.agent.datapath;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.MapInfo;
import io.sekisho.libbpf.MapType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Brings connections into a table of another size or with longer entries, or out of the hash that
 * held them up to layout 2. What has ended stays behind; what is there already lives as long as old
 * programs have seen it live since.
 */
final class ConnectionMigration extends Migration {
  private static final int CHUNK = 4096;

  private final ConnectionAccess access;
  private final int slot;

  /**
   * From old maps into a new one.
   *
   * @param target how the new one looks
   * @param access writes into the new one
   */
  ConnectionMigration(
      PinFolder pins,
      String name,
      List<BpfMap<byte[], byte[]>> sources,
      MapInfo target,
      ConnectionAccess access) {
    super(pins, name, sources);
    this.access = access;
    this.slot = ConnectionTable.slotSize(target);
  }

  /** Whether connections of one map can be carried over into one of the other layout. */
  static boolean isPossible(MapInfo from, MapInfo to) {
    return ConnectionTable.isTable(to)
        && (ConnectionTable.isTable(from)
            || (from.type() == MapType.LRU_HASH
                && from.keySize() == ConnectionTable.KEY
                && from.valueSize() >= HashedConnection.SIZE));
  }

  @Override
  void copy(BpfMap<byte[], byte[]> source) {
    long now = System.nanoTime();
    var some = new ArrayList<byte[]>();
    if (ConnectionTable.isTable(source.info())) {
      ConnectionTable.scan(source, now, found -> add(found, some));
    } else {
      source.scan(
          (key, value) -> {
            if (value.getLong(0) > now) {
              add(HashedConnection.slot(key, value), some);
            }
          });
    }
    access.put(some);
  }

  private void add(byte[] found, List<byte[]> some) {
    some.add(Arrays.copyOf(found, slot));
    if (some.size() == CHUNK) {
      access.put(some);
      some.clear();
    }
  }

  /** A connection as maps of layout 2 hold it: struct tuple, and a struct of 112 bytes. */
  private static final class HashedConnection {
    static final int SIZE = 112;

    private static final int SIDES = 8;
    private static final int SIDE = 40;
    private static final int ENDPOINT = 88;
    private static final int WORDS = 4;
    private static final int FLAGS = 106;
    private static final int TCP_FLAGS = 108;

    private HashedConnection() {}

    static byte[] slot(ByteBuffer key, ByteBuffer old) {
      byte[] tuple = new byte[ConnectionTable.KEY];
      key.get(0, tuple);
      var to = ByteBuffer.allocate(ConnectionTable.SLOT).order(ByteOrder.nativeOrder());
      to.put(tuple).putLong(old.getLong(0));
      for (int word = 0; word < WORDS; word++) {
        to.putInt(old.getInt(ENDPOINT + word * Integer.BYTES));
      }
      to.putShort(old.getShort(FLAGS)).putShort(old.getShort(TCP_FLAGS)).putInt(0);
      for (int side = 0; side < 2; side++) {
        long reportedAt = old.getLong(SIDES + side * SIDE + 32);
        to.putInt((int) (reportedAt >> ConnectionTable.REPORT_SHIFT));
      }
      for (int side = 0; side < 2; side++) {
        int from = SIDES + side * SIDE;
        to.putLong(old.getLong(from + 8)).putLong(old.getLong(from + 24));
        to.putInt((int) old.getLong(from)).putInt((int) old.getLong(from + 16));
      }
      return to.array();
    }
  }
}
