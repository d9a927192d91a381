package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.MapFill;
import io.sekisho.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One pass over the tables of connections: counts what lives, and takes away mappings that nobody
 * needs. The kernel forgets those only when their table is full, and then what was silent longest,
 * be it in use. (Tables of connections use the slot of one that has ended again by themselves.)
 *
 * <p>A packet may come for a mapping while it is taken away. If it was used meanwhile, the kernel
 * says so, and it is put back.
 */
final class ConnectionSweep {
  /** How long nobody used a mapping without connection, ns: NAT_QUIET, and a little. */
  static final long QUIET = 65_000_000_000L;

  /** struct tuple: destination, the ports, protocol and direction, of which 1 is EGRESS. */
  private static final int DESTINATION = 16;

  private static final int SOURCE_PORT = 32;
  private static final int DESTINATION_PORT = 34;
  private static final int PROTOCOL = 36;
  private static final int DIRECTION = 37;
  private static final byte EGRESS = 1;

  /** struct nat_entry: used, address and port. */
  private static final int USED = 0;

  private static final int ADDRESS = 8;
  private static final int PORT = 24;

  private static final int ADDRESS_BYTES = 16;
  private static final int PORT_BYTES = 2;

  /** struct fragment_entry: seen. */
  private static final int SEEN = 0;

  /** The longest that fragments wait for each other, ns (RFC 8200, 4.5). */
  private static final long FRAGMENT_LIFE = 60_000_000_000L;

  /** Unused mappings that are looked up together: all of them would not fit into a small heap. */
  private static final int TOGETHER = 1024;

  private final Function<String, BpfMap<byte[], byte[]>> maps;
  private final ConnectionAccess access;
  private final long now;
  private final List<MapFill> fill = new ArrayList<>();
  private long living;

  private ConnectionSweep(
      Function<String, BpfMap<byte[], byte[]>> maps, ConnectionAccess access, long now) {
    this.maps = maps;
    this.access = access;
    this.now = now;
  }

  /**
   * Sweeps; some ten ms for a table of 100,000 entries.
   *
   * @param maps by name
   * @param access to connections by key
   * @param now CLOCK_MONOTONIC, ns, as the programs read it; {@link System#nanoTime} on Linux
   * @return what lives, by table
   */
  static List<MapFill> run(
      Function<String, BpfMap<byte[], byte[]>> maps, ConnectionAccess access, long now) {
    var sweep = new ConnectionSweep(maps, access, now);
    ConnectionTable.NAMES.forEach(sweep::connections);
    sweep.mappings();
    sweep.fragments();
    return List.copyOf(sweep.fill);
  }

  private void connections(String name) {
    var map = maps.apply(name);
    fill.add(
        new MapFill(
            name,
            ConnectionTable.living(map, now),
            ConnectionTable.capacity(map.info().maxEntries())));
  }

  /** Each half of a mapping goes for itself: programs put back the one that they miss. */
  private void mappings() {
    var map = maps.apply("nat");
    var unused = new ArrayList<byte[]>();
    var sent = new ArrayList<byte[]>();
    living = 0;
    map.scan(
        (key, value) -> {
          if (isUsed(value)) {
            living++;
            return;
          }
          unused.add(bytes(key));
          sent.add(sent(key, value));
          if (unused.size() == TOGETHER) {
            takeWithoutConnection(map, unused, sent);
            unused.clear();
            sent.clear();
          }
        });
    takeWithoutConnection(map, unused, sent);
    add("nat", map);
  }

  private boolean isUsed(ByteBuffer mapping) {
    return mapping.getLong(USED) + QUIET > now;
  }

  private void takeWithoutConnection(
      BpfMap<byte[], byte[]> map, List<byte[]> unused, List<byte[]> sent) {
    var connected = access.living(sent);
    for (int i = 0; i < unused.size(); i++) {
      if (connected.get(i)) {
        living++;
      } else {
        take(map, unused.get(i));
      }
    }
  }

  /** What the pod sends, from either half of a mapping: nat_way_out() of lib/nat_port.h. */
  private static byte[] sent(ByteBuffer key, ByteBuffer value) {
    if (key.get(DIRECTION) == EGRESS) {
      return bytes(key);
    }
    byte[] sent = new byte[key.remaining()];
    value.get(ADDRESS, sent, 0, ADDRESS_BYTES);
    key.get(0, sent, DESTINATION, ADDRESS_BYTES);
    value.get(PORT, sent, SOURCE_PORT, PORT_BYTES);
    key.get(SOURCE_PORT, sent, DESTINATION_PORT, PORT_BYTES);
    sent[PROTOCOL] = key.get(PROTOCOL);
    sent[DIRECTION] = EGRESS;
    return sent;
  }

  private void fragments() {
    var map = maps.apply("fragments");
    living = 0;
    map.scan(
        (key, value) -> {
          if (value.getLong(SEEN) + FRAGMENT_LIFE > now) {
            living++;
          }
        });
    add("fragments", map);
  }

  private void take(BpfMap<byte[], byte[]> map, byte[] key) {
    map.getAndRemove(key)
        .filter(value -> isUsed(ByteBuffer.wrap(value).order(ByteOrder.nativeOrder())))
        .ifPresent(value -> map.putIfAbsent(key, value));
  }

  private void add(String name, BpfMap<byte[], byte[]> map) {
    fill.add(new MapFill(name, living, map.info().maxEntries()));
  }

  private static byte[] bytes(ByteBuffer of) {
    byte[] bytes = new byte[of.remaining()];
    of.get(of.position(), bytes);
    return bytes;
  }
}
