package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.MapFill;
import io.sekisho.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongPredicate;

/**
 * One pass over the tables of connections: takes away what has ended, and counts what lives. The
 * tables forget by themselves only when they are full, and then what was silent longest, be it
 * alive.
 *
 * <p>A packet may come for an entry while it is taken away. Programs write into the entry of a
 * connection that ended only for {@code CONNTRACK_REUSE} after that (lib/conntrack.h), which is
 * less than {@link #ENDED}: later ones make a new entry. If that is what was taken, the kernel says
 * so, and it is put back.
 */
final class ConnectionSweep {
  /** How long after its end an entry is taken away, ns; twice what programs use it again for. */
  static final long ENDED = 4_000_000_000L;

  /** How long nobody used a mapping without connection, ns: NAT_QUIET, and a little. */
  static final long QUIET = 65_000_000_000L;

  /** struct conntrack_entry: expires. */
  private static final int EXPIRES = 0;

  /** struct tuple: destination, the ports, protocol and direction, of which 1 is EGRESS. */
  private static final int DESTINATION = 16;

  private static final int SOURCE_PORT = 32;
  private static final int DESTINATION_PORT = 34;
  private static final int PROTOCOL = 36;
  private static final int DIRECTION = 37;
  private static final byte EGRESS = 1;

  private static final byte TCP = 6;

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

  private final Function<String, BpfMap<byte[], byte[]>> maps;
  private final long now;
  private final List<MapFill> fill = new ArrayList<>();
  private long living;

  private ConnectionSweep(Function<String, BpfMap<byte[], byte[]>> maps, long now) {
    this.maps = maps;
    this.now = now;
  }

  /**
   * Sweeps; some ten ms for a table of 100,000 entries.
   *
   * @param maps by name
   * @param now CLOCK_MONOTONIC, ns, as the programs read it; {@link System#nanoTime} on Linux
   * @return what lives, by table
   */
  static List<MapFill> run(Function<String, BpfMap<byte[], byte[]>> maps, long now) {
    var sweep = new ConnectionSweep(maps, now);
    sweep.connections("conntrack_tcp");
    sweep.connections("conntrack_any");
    sweep.mappings();
    sweep.fragments();
    return List.copyOf(sweep.fill);
  }

  private void connections(String name) {
    var map = maps.apply(name);
    LongPredicate ended = expires -> expires + ENDED <= now;
    living = 0;
    map.scan(
        (key, value) -> {
          long expires = value.getLong(EXPIRES);
          if (expires > now) {
            living++;
          } else if (ended.test(expires)) {
            take(map, bytes(key), EXPIRES, ended);
          }
        });
    add(name, map);
  }

  /** Each half of a mapping goes for itself: programs put back the one that they miss. */
  private void mappings() {
    var map = maps.apply("nat");
    LongPredicate quiet = used -> used + QUIET <= now;
    living = 0;
    map.scan(
        (key, value) -> {
          if (!quiet.test(value.getLong(USED)) || connected(sent(key, value))) {
            living++;
          } else {
            take(map, bytes(key), USED, quiet);
          }
        });
    add("nat", map);
  }

  private boolean connected(byte[] sent) {
    String table = sent[PROTOCOL] == TCP ? "conntrack_tcp" : "conntrack_any";
    return maps.apply(table).get(sent).filter(value -> number(value, EXPIRES) > now).isPresent();
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

  private static void take(BpfMap<byte[], byte[]> map, byte[] key, int time, LongPredicate mayGo) {
    map.getAndRemove(key)
        .filter(value -> !mayGo.test(number(value, time)))
        .ifPresent(value -> map.putIfAbsent(key, value));
  }

  private void add(String name, BpfMap<byte[], byte[]> map) {
    fill.add(new MapFill(name, living, map.info().maxEntries()));
  }

  private static long number(byte[] value, int offset) {
    return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong(offset);
  }

  private static byte[] bytes(ByteBuffer of) {
    byte[] bytes = new byte[of.remaining()];
    of.get(of.position(), bytes);
    return bytes;
  }
}
