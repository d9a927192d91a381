package io.sekisho.testkit.dataplane;

import io.sekisho.libbpf.BpfMap;
import io.sekisho.libbpf.BpfProgram;
import io.sekisho.libbpf.Codec;
import io.sekisho.testkit.packet.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Both tables of connections: {@code struct conntrack_table}, and then buckets of slots ({@code
 * struct conntrack_bucket} of bpf/types.h). Where a key belongs only programs know.
 */
final class ConnectionTables {
  static final String TCP = "conntrack_tcp";
  static final String ANY = "conntrack_any";

  /** CONNTRACK_WAYS. */
  static final int WAYS = 16;

  /** ASKED_FROM: bytes before the first record that a program is asked about. */
  static final int ASKED_FROM = 16;

  private static final int TAGS = WAYS * Integer.BYTES;
  private static final int KEY = 40;
  private static final int SLOT = 128;
  private static final int BUCKET = TAGS + WAYS * SLOT;
  private static final int SECRET = 40;

  /** Bytes of a key that a {@link Tuple} says; the type of ICMP it does not. */
  private static final int TOLD = 38;

  /** TAG_THERE: the lowest bit of the tag of a slot that is in use. */
  private static final int THERE = 1;

  private final BpfMap<Integer, byte[]> tcp;
  private final BpfMap<Integer, byte[]> any;
  private final BpfProgram ask;
  private final BpfProgram carry;

  /** Of maps and programs that stay the caller's. */
  ConnectionTables(
      BpfMap<byte[], byte[]> tcp, BpfMap<byte[], byte[]> any, BpfProgram ask, BpfProgram carry) {
    this.tcp = tcp.as(Codec.u32(), Codec.bytes(BUCKET));
    this.any = any.as(Codec.u32(), Codec.bytes(BUCKET));
    this.ask = ask;
    this.carry = carry;
  }

  /** Elements of a map for so many connections: it has twice as many slots. */
  static int elements(int connections) {
    return 1 + Math.ceilDiv(2 * connections, WAYS);
  }

  /** Makes both tables, without connections; what the seed gives decides where they will lie. */
  void begin(long seed) {
    byte[] secret = new byte[SECRET];
    new Random(seed).nextBytes(secret);
    begin(secret);
  }

  /** The same by a secret under which the ports of TCP do not count: five words, each two sums. */
  void beginWithoutPorts(long seed) {
    byte[] secret = new byte[SECRET];
    new Random(seed).nextBytes(secret);
    // one factor of the last word's product is the protocol and this
    begin(ByteBuffer.wrap(secret).order(ByteOrder.LITTLE_ENDIAN).putInt(36, -Protocol.TCP).array());
  }

  private void begin(byte[] secret) {
    clear();
    for (var table : List.of(tcp, any)) {
      var header = ByteBuffer.allocate(BUCKET).order(ByteOrder.nativeOrder());
      table.put(0, header.put(secret).putInt(table.info().maxEntries() - 1).array());
    }
  }

  /** All connections, by their places. */
  List<ConnectionSlot> slots() {
    var all = new ArrayList<ConnectionSlot>();
    for (var table : List.of(tcp, any)) {
      each(table, (bucket, way, slot) -> all.add(slot(bucket, way, slot)));
    }
    return all;
  }

  private static ConnectionSlot slot(int bucket, int way, ByteBuffer slot) {
    Tuple tuple = Layouts.TUPLE.read(slot.slice(0, KEY));
    Connection connection = Layouts.CONNECTION.read(slot.slice(KEY, SLOT - KEY));
    return new ConnectionSlot(bucket, way, tuple, connection);
  }

  /** Overwrites a connection where it lies; puts one that is not there where programs would. */
  void rewrite(Tuple tuple, Connection connection) {
    byte[] key = Layouts.TUPLE.encode(tuple);
    byte[] entry = Layouts.CONNECTION.encode(connection);
    var table = tuple.tcp() ? tcp : any;
    Optional<Place> found = find(table, key);
    if (found.isEmpty()) {
      if (carry(asked(List.of(record(key, entry)))) != 1) {
        throw new IllegalStateException("no place for " + tuple);
      }
      return;
    }
    Place place = found.orElseThrow();
    byte[] bucket = table.get(place.bucket()).orElseThrow();
    System.arraycopy(entry, 0, bucket, TAGS + place.way() * SLOT + KEY, entry.length);
    table.put(place.bucket(), bucket);
  }

  private record Place(int bucket, int way) {}

  private static Optional<Place> find(BpfMap<Integer, byte[]> table, byte[] key) {
    var places = new ArrayList<Place>();
    ByteBuffer told = ByteBuffer.wrap(key, 0, TOLD);
    each(
        table,
        (bucket, way, slot) -> {
          if (slot.slice(0, TOLD).equals(told)) {
            places.add(new Place(bucket, way));
          }
        });
    return places.stream().findFirst();
  }

  /** Empties all slots, those that are being written, too. */
  void clear() {
    for (var table : List.of(tcp, any)) {
      var used = new HashMap<Integer, byte[]>();
      table.scan(
          (key, bucket) -> {
            if (key.getInt(0) != 0 && !isEmpty(bucket)) {
              used.put(key.getInt(0), new byte[BUCKET]);
            }
          });
      table.putAll(used);
    }
  }

  private static boolean isEmpty(ByteBuffer bucket) {
    return bucket.slice(0, TAGS).equals(ByteBuffer.allocate(TAGS));
  }

  /** Which of the keys live, a bit for each. */
  int ask(byte[] asked) {
    return ask.testRun(asked).returnValue();
  }

  /** Puts connections where none lives; how many. */
  int carry(byte[] asked) {
    return carry.testRun(asked).returnValue();
  }

  /** What {@link #ask} and {@link #carry} take, from keys or from records of {@link #record}. */
  static byte[] asked(List<byte[]> records) {
    int length = records.stream().mapToInt(r -> r.length).sum();
    var packet = ByteBuffer.allocate(ASKED_FROM + length).position(ASKED_FROM);
    records.forEach(packet::put);
    return packet.array();
  }

  /** A struct conntrack_slot. */
  static byte[] record(byte[] key, byte[] entry) {
    byte[] record = Arrays.copyOf(key, SLOT);
    System.arraycopy(entry, 0, record, KEY, entry.length);
    return record;
  }

  private interface Slots {
    void accept(int bucket, int way, ByteBuffer slot);
  }

  private static void each(BpfMap<Integer, byte[]> table, Slots slots) {
    table.scan(
        (key, bucket) -> {
          int number = key.getInt(0);
          for (int way = 0; number != 0 && way < WAYS; way++) {
            if ((bucket.getInt(way * Integer.BYTES) & THERE) != 0) {
              slots.accept(number, way, bucket.slice(TAGS + way * SLOT, SLOT));
            }
          }
        });
  }
}
